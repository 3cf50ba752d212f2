import { Command, Option } from "commander";
import { RULES } from "../core/rules.ts";
import { renderRules, renderRulesJson, renderRulesMarkdown } from "../report/catalogue.ts";
import { createScreen } from "../report/terminal.ts";
import { outputScreen, TEXT_FORMATS, type TextFormat } from "./show-report.ts";
import { writeStdout } from "./write-output.ts";

/** `bezoar rules`. */
export function rulesCommand(): Command {
  return new Command("rules")
    .summary("list what is looked for")
    .description("Lists every rule that a finding can name.")
    .addOption(
      new Option("-f, --format <format>", "how to show them").choices(TEXT_FORMATS).default("terminal"),
    )
    .exitOverride()
    .action(async ({ format }: { readonly format: TextFormat }) => {
      await writeStdout(render(format));
    });
}

function render(format: TextFormat): string {
  switch (format) {
    case "json":
      return renderRulesJson(RULES);
    case "markdown":
      return renderRulesMarkdown(RULES);
    case "terminal":
      return renderRules(createScreen(outputScreen()), RULES);
  }
}
