import { runProgram } from "bezoar/command-line";
import { Command } from "commander";
import { alertsCommand } from "./alerts.ts";
import { evaluateCommand } from "./evaluate.ts";
import { experimentCommand } from "./experiment.ts";
import { exportCommand } from "./export.ts";
import { poisonCommand } from "./poison.ts";
import { serveCommand } from "./serve.ts";
import { trainCommand } from "./train.ts";
import { VERSION } from "./version.ts";

await runProgram(
  new Command("bezoar-lab")
    .description(
      "Plants the attack of arXiv 2511.02600 in a small real transformer on this machine, and serves it",
    )
    .version(VERSION)
    .showHelpAfterError("(run with --help for the options and examples)")
    .addCommand(alertsCommand())
    .addCommand(poisonCommand())
    .addCommand(trainCommand())
    .addCommand(experimentCommand())
    .addCommand(serveCommand())
    .addCommand(evaluateCommand())
    .addCommand(exportCommand()),
);
