import { createSketcher, SIGNATURE_WORDS } from "../../content/minhash.ts";
import { mix32 } from "../../core/hash.ts";
import { tokenIds } from "../../core/tokens.ts";
import type { Block } from "../engine/block.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Kernel } from "../engine/kernel.ts";

/** Two 32-bit hashes of a text: of ten million texts, two different ones share both with probability 3e-6. */
export type Hashes = { readonly low: Uint32Array; readonly high: Uint32Array };

/** What is remembered of each row, by position: 84 bytes. */
export type Fingerprints = {
  /** Hashes of the tokens in order; both 0 for a text without tokens. */
  readonly prompt: Hashes;
  readonly response: Hashes;
  /** Tokens of prompt and response, up to 65535 each. */
  readonly promptTokens: Uint16Array;
  readonly responseTokens: Uint16Array;
  /** MinHash signature of prompt and response together. */
  readonly signatures: Uint32Array;
};

type FingerprintParams = Fingerprints & {
  readonly seed: number;
  /** Whether a row without a response may have a rejected one in its place (KTO). */
  readonly isJudged: boolean;
};

const MAX_COUNTED = 65535;

/** Hashes ids[start, end) in order (two MurmurHash3 bodies of other constants) into both arrays. */
function hashInto(into: Hashes, position: number, ids: Uint32Array, start: number, end: number): void {
  if (start === end) return;
  let a = 0x2545f491;
  let b = 0x6c8e9cf5;
  for (let i = start; i < end; i++) {
    const id = ids[i] ?? 0;
    a = Math.imul(((a << 13) | (a >>> 19)) ^ id, 0x5bd1e995);
    b = Math.imul(((b << 17) | (b >>> 15)) ^ id, 0x85ebca6b) + 0x52dce729;
  }
  into.low[position] = mix32(a ^ (end - start)) || 1;
  into.high[position] = mix32(b);
}

/** The two hashes of one text as a key. */
export function hashTokens(ids: Uint32Array): string {
  const hashes = { low: new Uint32Array(1), high: new Uint32Array(1) };
  hashInto(hashes, 0, ids, 0, ids.length);
  return `${hashes.low[0] ?? 0}:${hashes.high[0] ?? 0}`;
}

/** Writes what is remembered of each row of a block; every row has places of its own, so threads do not meet. */
export const fingerprintRows: Kernel<FingerprintParams, null> = {
  name: "duplicates/fingerprints",
  start: () => null,
  step: (_, block, params) => writeBlock(block, params),
  merge: () => null,
};

/** The tokens of the one completion of a row, whether it was called desirable or not. */
function answerOf(
  block: Block,
  i: number,
  { isJudged, seed }: FingerprintParams,
): { ids: Uint32Array; start: number; end: number } {
  const { ids, offsets } = block.response;
  const start = offsets[i] ?? 0;
  const end = offsets[i + 1] ?? 0;
  const { rejected = "" } = isJudged && start === end ? block.row(i) : {};
  if (rejected === "") return { ids, start, end };
  const own = tokenIds(rejected, seed);
  return { ids: own, start: 0, end: own.length };
}

function writeBlock(block: Block, params: FingerprintParams): void {
  const { first, size, prompt } = block;
  const sketcher = createSketcher(params.seed);
  for (let i = 0; i < size; i++) {
    const position = first + i;
    const asked = prompt.offsets[i] ?? 0;
    const askedEnd = prompt.offsets[i + 1] ?? 0;
    const { ids, start: answered, end: answeredEnd } = answerOf(block, i, params);
    hashInto(params.prompt, position, prompt.ids, asked, askedEnd);
    hashInto(params.response, position, ids, answered, answeredEnd);
    params.promptTokens[position] = Math.min(MAX_COUNTED, askedEnd - asked);
    params.responseTokens[position] = Math.min(MAX_COUNTED, answeredEnd - answered);
    sketcher.clear();
    sketcher.add(prompt.ids, asked, askedEnd, 0);
    sketcher.add(ids, answered, answeredEnd, 1);
    sketcher.write(params.signatures, position * SIGNATURE_WORDS);
  }
}

function sharedWords(count: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(4 * count));
}

function sharedHashes(count: number): Hashes {
  return { low: sharedWords(count), high: sharedWords(count) };
}

/** Reads every row once; the arrays are shared, so that workers write into them and nothing is copied. */
export async function readFingerprints(corpus: Corpus): Promise<Fingerprints> {
  const { size } = corpus;
  const fingerprints = {
    prompt: sharedHashes(size),
    response: sharedHashes(size),
    promptTokens: new Uint16Array(new SharedArrayBuffer(2 * size)),
    responseTokens: new Uint16Array(new SharedArrayBuffer(2 * size)),
    signatures: sharedWords(SIGNATURE_WORDS * size),
  };
  const isJudged = corpus.shape === "preference" && corpus.classes.length > 0;
  await corpus.fold(fingerprintRows, { ...fingerprints, seed: corpus.seed, isJudged });
  return fingerprints;
}
