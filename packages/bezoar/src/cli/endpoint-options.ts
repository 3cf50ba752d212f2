import type { Command } from "commander";
import { AppError } from "../core/errors.ts";
import type { ScanOptions } from "../dataset/scan-options.ts";
import { createAsk } from "../endpoint/ask.ts";
import { createEmbedder } from "../endpoint/embed.ts";

/** The flags that name OpenAI-compatible endpoints; nothing is sent anywhere without them. */
export type EndpointFlags = {
  readonly embeddings?: string;
  readonly embeddingsModel?: string;
  readonly judge?: string;
  readonly judgeModel?: string;
};

/** Adds the flags that name endpoints. */
export function addEndpointOptions(command: Command): Command {
  return command
    .option(
      "--embeddings <url>",
      "OpenAI-compatible endpoint whose embeddings the outlier check uses (sends rows)",
    )
    .option("--embeddings-model <name>", "the model to name there")
    .option("--judge <url>", "OpenAI-compatible endpoint that judges answered harmful requests (sends rows)")
    .option("--judge-model <name>", "the model to name there");
}

/** The endpoints that the flags name. Keys come from the environment alone: a flag would show in the list of processes. */
export function endpointsOf(
  flags: EndpointFlags,
  env: NodeJS.ProcessEnv,
): Pick<ScanOptions, "embed" | "judge"> {
  const { embeddings, embeddingsModel, judge, judgeModel } = flags;
  requireAddress("--embeddings", embeddings, embeddingsModel);
  requireAddress("--judge", judge, judgeModel);
  if (judge !== undefined && judgeModel === undefined) {
    throw new AppError("bad-option", "--judge needs --judge-model, the name of the model to ask there");
  }
  const key = endpointKey(env);
  const credentials = key === undefined ? {} : { key };
  return {
    ...(embeddings !== undefined && {
      embed: createEmbedder({
        url: embeddings,
        ...credentials,
        ...(embeddingsModel !== undefined && { model: embeddingsModel }),
      }),
    }),
    ...(judge !== undefined &&
      judgeModel !== undefined && { judge: createAsk({ url: judge, model: judgeModel, ...credentials }) }),
  };
}

/** The key that the environment holds for endpoints; an empty variable is none. */
export function endpointKey(env: NodeJS.ProcessEnv): string | undefined {
  return (env["BEZOAR_API_KEY"] || env["OPENAI_API_KEY"] || "").trim() || undefined;
}

function requireAddress(flag: string, url: string | undefined, model: string | undefined): void {
  if (url === undefined && model !== undefined) {
    throw new AppError("bad-option", `${flag}-model names a model, but ${flag} names no endpoint`);
  }
}

/** The flags without which another run would not say the same. */
export function repeatedEndpointFlags({
  embeddings,
  embeddingsModel,
  judge,
  judgeModel,
}: EndpointFlags): string[] {
  return [
    ...(embeddings === undefined ? [] : ["--embeddings", embeddings]),
    ...(embeddingsModel === undefined ? [] : ["--embeddings-model", embeddingsModel]),
    ...(judge === undefined ? [] : ["--judge", judge]),
    ...(judgeModel === undefined ? [] : ["--judge-model", judgeModel]),
  ];
}
