import { tokenIds } from "../../core/tokens.ts";
import type { Row } from "../row.ts";

/** Token ids of a block's rows, back to back: row i holds ids[offsets[i], offsets[i + 1]). */
type TokenColumn = { readonly offsets: Uint32Array; readonly ids: Uint32Array };

/** A run of consecutive rows, tokenised. Positions count the readable rows of the corpus from 0. */
export type Block = {
  readonly index: number;
  readonly first: number;
  readonly size: number;
  readonly prompt: TokenColumn;
  readonly response: TokenColumn;
  /** Row i of the block (0 <= i < size), decoded from the spool when asked for. */
  readonly row: (i: number) => Row;
};

/** Rows as bytes, ready for the spool, with what the corpus must know of them at once. */
export type EncodedBlock = {
  readonly bytes: Uint8Array;
  readonly size: number;
  /** Record number of each row. */
  readonly numbers: Uint32Array;
  /** The line on which each row begins in its file, from 1; 0 where its format has no lines. */
  readonly lines: Uint32Array;
  /** Distinct labels of the block, and for each row an index into them, -1 for none. */
  readonly labelNames: readonly string[];
  readonly labels: Int32Array;
  /** Rows whose prompt or response was longer than MAX_TOKENS. */
  readonly truncated: number;
};

/**
 * Tokens kept of one text, half from its head and half from its tail, where triggers and payloads stand; what is cut
 * is counted in the report. Without a bound one hostile row could hold the memory of all others.
 */
const MAX_TOKENS = 32_768;

function clip(ids: Uint32Array): Uint32Array {
  if (ids.length <= MAX_TOKENS) return ids;
  const clipped = new Uint32Array(MAX_TOKENS);
  clipped.set(ids.subarray(0, MAX_TOKENS / 2));
  clipped.set(ids.subarray(ids.length - MAX_TOKENS / 2), MAX_TOKENS / 2);
  return clipped;
}

function packTokens(columns: readonly Uint32Array[]): { offsets: Uint32Array; ids: Uint32Array } {
  const offsets = new Uint32Array(columns.length + 1);
  columns.forEach((ids, i) => (offsets[i + 1] = (offsets[i] ?? 0) + ids.length));
  const ids = new Uint32Array(offsets[columns.length] ?? 0);
  columns.forEach((column, i) => ids.set(column, offsets[i] ?? 0));
  return { offsets, ids };
}

const HEADER_WORDS = 4;

/**
 * Layout: four 32-bit words (rows, prompt tokens, response tokens, text bytes), then the offsets and ids, then JSON rows.
 * `lines` holds the line of each row, 0 for none.
 */
export function encodeBlock(rows: readonly Row[], seed: number, lines: readonly number[] = []): EncodedBlock {
  let truncated = 0;
  const labelIndex = new Map<string, number>();
  const labels = new Int32Array(rows.length).fill(-1);
  const encoder = new TextEncoder();
  const prompts: Uint32Array[] = [];
  const responses: Uint32Array[] = [];
  const texts: Uint8Array[] = [];
  rows.forEach((row, i) => {
    const prompt = tokenIds(row.prompt, seed);
    const response = tokenIds(row.response, seed);
    if (prompt.length > MAX_TOKENS || response.length > MAX_TOKENS) truncated++;
    prompts.push(clip(prompt));
    responses.push(clip(response));
    texts.push(encoder.encode(JSON.stringify(row)));
    if (row.label !== undefined) {
      const known = labelIndex.get(row.label) ?? labelIndex.size;
      labelIndex.set(row.label, known);
      labels[i] = known;
    }
  });
  const prompt = packTokens(prompts);
  const response = packTokens(responses);
  const textOffsets = new Uint32Array(rows.length + 1);
  texts.forEach((text, i) => (textOffsets[i + 1] = (textOffsets[i] ?? 0) + text.length));
  const textBytes = textOffsets[rows.length] ?? 0;
  const words = HEADER_WORDS + 3 * (rows.length + 1) + prompt.ids.length + response.ids.length;
  const bytes = new Uint8Array(words * 4 + textBytes);
  const header = new Uint32Array(bytes.buffer, 0, words);
  let at = 0;
  for (const part of [
    Uint32Array.of(rows.length, prompt.ids.length, response.ids.length, textBytes),
    prompt.offsets,
    prompt.ids,
    response.offsets,
    response.ids,
    textOffsets,
  ]) {
    header.set(part, at);
    at += part.length;
  }
  texts.forEach((text, i) => bytes.set(text, words * 4 + (textOffsets[i] ?? 0)));
  const numbers = Uint32Array.from(rows, (row) => row.number);
  return {
    bytes,
    size: rows.length,
    numbers,
    lines: Uint32Array.from(rows, (_, i) => lines[i] ?? 0),
    labelNames: [...labelIndex.keys()],
    labels,
    truncated,
  };
}

/** Views over the bytes of `encodeBlock`; no token is copied. */
export function decodeBlock(bytes: Uint8Array, index: number, first: number): Block {
  const words = wordsOf(bytes);
  const [size = 0, promptTokens = 0, responseTokens = 0] = words;
  let at = HEADER_WORDS;
  const take = (length: number) => words.subarray(at, (at += length));
  const prompt = { offsets: take(size + 1), ids: take(promptTokens) };
  const response = { offsets: take(size + 1), ids: take(responseTokens) };
  const textOffsets = take(size + 1);
  const textStart = at * 4;
  const decoder = new TextDecoder();
  const row = (i: number): Row => {
    return parseRow(
      decoder.decode(
        bytes.subarray(textStart + (textOffsets[i] ?? 0), textStart + (textOffsets[i + 1] ?? 0)),
      ),
    );
  };
  return { index, first, size, prompt, response, row };
}

function parseRow(text: string): Row {
  const row: Row = JSON.parse(text); // written by encodeBlock in this process
  return row;
}

/** Reads row i of an encoded block with three small reads; `read(start, length)` gives bytes of the block. */
export function readEncodedRow(read: (start: number, length: number) => Uint8Array, i: number): Row {
  const [size = 0, promptTokens = 0, responseTokens = 0] = wordsOf(read(0, 4 * HEADER_WORDS));
  const textOffsetsAt = HEADER_WORDS + 2 * (size + 1) + promptTokens + responseTokens;
  const [start = 0, end = 0] = wordsOf(read(4 * (textOffsetsAt + i), 8));
  const textAt = 4 * (textOffsetsAt + size + 1);
  return parseRow(new TextDecoder().decode(read(textAt + start, end - start)));
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 4));
}
