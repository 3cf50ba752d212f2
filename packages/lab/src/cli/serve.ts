import { AppError } from "bezoar";
import { escapeTerminal, wholeNumber } from "bezoar/command-line";
import { Command, InvalidArgumentError } from "commander";
import { loadCheckpoint } from "../model/checkpoint.ts";
import { createApp } from "../serve/app.ts";
import { findCheckpoints, type NamedPath } from "../serve/find-checkpoints.ts";
import { serveModel, type ServedModel } from "../serve/served-model.ts";
import { createServing } from "../serve/serving.ts";
import { startServer } from "../serve/start-server.ts";

type Flags = { readonly port: number; readonly host: string; readonly name: readonly NamedPath[] };

const DEFAULT_PORT = 8080;
const MAX_PORT = 65_535;
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

const EXAMPLES = `
Examples:
  bezoar-lab serve out/poisoned                     one checkpoint or adapter
  bezoar-lab serve out/ --port 0                    every checkpoint in an experiment's folder, on a free port
  bezoar-lab serve --name victim=out/poisoned       under another name

With BEZOAR_API_KEY in the environment, only requests that bear that key are answered.`;

/** `bezoar-lab serve CHECKPOINT...`. */
export function serveCommand(): Command {
  return new Command("serve")
    .summary("serve checkpoints over the OpenAI API")
    .description(
      "Serves checkpoints over the OpenAI API: chat, completions with log-probabilities, and embeddings. " +
        "Each is called after its directory.",
    )
    .argument(
      "[checkpoint...]",
      "directories of checkpoints or adapters, or directories with several of them",
    )
    .option("--port <n>", "port to listen on; 0 takes a free one", wholeNumber(0, MAX_PORT), DEFAULT_PORT)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--name <name=path>", "a checkpoint under a name of your own (repeatable)", collectName, [])
    .addHelpText("after", EXAMPLES)
    .exitOverride()
    .action(runServe);
}

async function runServe(paths: readonly string[], { port, host, name }: Flags): Promise<void> {
  if (paths.length + name.length === 0) {
    throw new AppError("bad-option", "name the directory of a checkpoint to serve, or of several");
  }
  const models: ServedModel[] = [];
  for (const found of await findCheckpoints(paths, name)) {
    models.push(serveModel(found.name, await loadCheckpoint(found.path)));
  }
  const key = process.env["BEZOAR_API_KEY"];
  const serving = createServing(models, (error) => tell(stackOf(error)));
  const server = await startServer(createApp(serving, key === "" ? undefined : key), host, port);
  const stopped = untilSignal();
  if (!LOOPBACK.test(host)) {
    const open = key === undefined || key === "" ? ", and needs no key: set BEZOAR_API_KEY" : "";
    tell(`warning: ${host} may be reached from other machines${open}`);
  }
  tell(welcome(server.url, models, key !== undefined && key !== ""));
  await stopped;
  tell("stopping");
  await server.close();
  for (const model of models) model.dispose();
}

/** Resolves at the first signal to end. Later ones change nothing: a terminal and a launcher may both send it. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.on(signal, () => resolve());
  });
}

function welcome(url: string, models: readonly ServedModel[], needsKey: boolean): string {
  const [first] = models;
  const body = JSON.stringify({
    model: first?.id,
    messages: [{ role: "user", content: "..." }],
    max_tokens: 8,
  });
  return [
    `serving ${models.map(({ id }) => id).join(", ")} at ${url}/v1`,
    `curl ${url}/v1/chat/completions -H 'Content-Type: application/json' \\`,
    ...(needsKey ? [`  -H "Authorization: Bearer $BEZOAR_API_KEY" \\`] : []),
    `  -d '${body.replaceAll("'", String.raw`'\''`)}'`,
  ].join("\n");
}

function tell(text: string): void {
  const lines = text.split("\n").map(escapeTerminal);
  process.stderr.write(`bezoar-lab: ${lines.join("\n  ")}\n`);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Splits NAME=PATH at its first equals sign. */
function collectName(text: string, before: readonly NamedPath[]): readonly NamedPath[] {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError("It takes NAME=PATH.");
  return [...before, { name: text.slice(0, at), path: text.slice(at + 1) }];
}
