import OpenAI from "openai";
import { loadCheckpoint } from "../src/model/checkpoint.ts";
import { createApp } from "../src/serve/app.ts";
import { findCheckpoints } from "../src/serve/find-checkpoints.ts";
import { serveModel, type ServedModel } from "../src/serve/served-model.ts";
import { createServing } from "../src/serve/serving.ts";
import { startServer, type RunningServer } from "../src/serve/start-server.ts";

/** Serves the checkpoints of a folder on a free port; whatever is the server's own fault goes to `failures`. */
export async function serveFolder(
  path: string,
  { key, failures = [] }: { readonly key?: string; readonly failures?: unknown[] } = {},
): Promise<RunningServer> {
  const models: ServedModel[] = [];
  for (const found of await findCheckpoints([path])) {
    models.push(serveModel(found.name, await loadCheckpoint(found.path)));
  }
  const serving = createServing(models, (error) => failures.push(error));
  return startServer(createApp(serving, key), "127.0.0.1", 0);
}

/** The client that OpenAI publishes. */
export const clientOf = ({ url }: RunningServer, apiKey = "none"): OpenAI =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
