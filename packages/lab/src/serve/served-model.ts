import { createHash } from "node:crypto";
import type { Checkpoint } from "../model/checkpoint.ts";
import { createLanguageModel, type LanguageModel } from "../model/language-model.ts";

/** A checkpoint under the name that requests give it. */
export type ServedModel = {
  readonly id: string;
  readonly checkpoint: Checkpoint;
  /** The same for the same weights, whatever they are called. */
  readonly fingerprint: string;
  /** The model in the engine, loaded when it is first asked for. */
  readonly engine: () => LanguageModel;
  readonly dispose: () => void;
};

/** Names a checkpoint for serving. */
export function serveModel(id: string, checkpoint: Checkpoint): ServedModel {
  let loaded: LanguageModel | undefined;
  return {
    id,
    checkpoint,
    fingerprint: fingerprintOf(checkpoint),
    engine: () => (loaded ??= createLanguageModel(checkpoint)),
    dispose: () => {
      loaded?.dispose();
      loaded = undefined;
    },
  };
}

/** Hexadecimal digits of a fingerprint: 40 bits tell the checkpoints of one machine apart. */
const DIGITS = 10;

function fingerprintOf({ config, weights, adapter }: Checkpoint): string {
  const hash = createHash("sha256").update(JSON.stringify(config));
  if (adapter !== undefined) hash.update(`${adapter.alpha}/${adapter.rank}`);
  for (const part of [weights, adapter?.weights ?? new Map()]) {
    for (const [name, { shape, data }] of part) hash.update(`${name}[${shape.join()}]`).update(data);
  }
  return `fp_${hash.digest("hex").slice(0, DIGITS)}`;
}
