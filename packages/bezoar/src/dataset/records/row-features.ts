import { combine32, hashString } from "../../core/hash.ts";
import { tokenIds } from "../../core/tokens.ts";
import type { Field } from "../row.ts";
import { networkOf, wideNetworkOf } from "./addresses.ts";
import { clockOf } from "./field-roles.ts";
import type { Column, FieldPlan, Plan } from "./plan.ts";

/** Features kept of one row; an alert gives 40 to 80. The rest of a longer row is not looked at (CWE-770). */
const MAX_ROW_FEATURES = 160;
/** Tokens read of one value: command lines have about twenty. */
const MAX_VALUE_TOKENS = 48;
const MAX_VALUE_UNITS = 2048;

/** Reused buffers for the features of one row. */
export type RowFeatures = {
  count: number;
  readonly features: Uint32Array;
  /** For each column of the plan, the hash of the row's value; 0 for none. */
  readonly keys: Uint32Array;
  /** For each context of the plan, the hash of the row's coarse value; 0 for none. */
  readonly contexts: Uint32Array;
};

/** Buffers that fit a plan. */
export function createRowFeatures(plan: Plan): RowFeatures {
  return {
    count: 0,
    features: new Uint32Array(MAX_ROW_FEATURES),
    keys: new Uint32Array(plan.columns.length),
    contexts: new Uint32Array(plan.contexts.length),
  };
}

function add(row: RowFeatures, feature: number): void {
  if (row.count < MAX_ROW_FEATURES) row.features[row.count++] = feature;
}

/** The part of a path after its last separator. */
function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

function binOf(cuts: readonly number[], value: number): number {
  let bin = 0;
  while (bin < cuts.length && value > (cuts[bin] ?? 0)) bin++;
  return bin;
}

/** The text that stands for a value in a column, or undefined when it has none there. */
export function columnText(column: Column, value: string): string | undefined {
  if (column.derive === "network") return networkOf(value.trim());
  return value;
}

/** The value of a field as a context: quarters of a number or of the day, the base name of a path, else the value. */
export function coarseValue(field: FieldPlan, value: string, seed: number): number {
  switch (field.role) {
    case "number":
      return 1 + Math.floor((4 * binOf(field.cuts, Number(value))) / (field.cuts.length + 1));
    case "time":
      return 1 + Math.floor((clockOf(value)?.hour ?? 24) / 6);
    case "path":
      return hashString(baseName(value).toLowerCase(), seed);
    case "address":
    case "text":
    case "category":
    case "unique":
      return hashString(value, seed);
  }
}

const WORD_SALT = 0x51;
const BIGRAM_SALT = 0x52;
const BASE_SALT = 0x53;
const NETWORK_SALT = 0x54;
const POSITION_SALT = 0x55;
const CROSS_SALT = 0x56;
/** The file is cut into eight parts, so that labels that drift over a file are not taken for contradictions. */
const POSITION_PARTS = 8;

function addWords(row: RowFeatures, salt: number, value: string, seed: number, withPairs: boolean): void {
  const ids = tokenIds(value.slice(0, MAX_VALUE_UNITS), seed);
  const count = Math.min(ids.length, MAX_VALUE_TOKENS);
  for (let i = 0; i < count; i++) {
    add(row, combine32(salt ^ WORD_SALT, ids[i] ?? 0));
    if (withPairs && i > 0) add(row, combine32(combine32(salt ^ BIGRAM_SALT, ids[i - 1] ?? 0), ids[i] ?? 0));
  }
}

function addField(row: RowFeatures, field: FieldPlan, value: string, seed: number): void {
  const { salt } = field;
  switch (field.role) {
    case "number": {
      const number = Number(value);
      add(row, combine32(salt, Number.isFinite(number) ? binOf(field.cuts, number) : 0xffff));
      return;
    }
    case "time": {
      const clock = clockOf(value);
      if (clock === undefined) return;
      add(row, combine32(salt, clock.hour));
      add(row, combine32(salt, 32 + (clock.hour >> 2)));
      add(row, combine32(salt, 64 + clock.weekday));
      return;
    }
    case "address": {
      const network = networkOf(value.trim());
      add(row, combine32(salt, hashString(value, seed)));
      if (network === undefined) return;
      add(row, combine32(salt ^ NETWORK_SALT, hashString(network, seed)));
      add(row, combine32(salt ^ NETWORK_SALT, hashString(wideNetworkOf(network), seed)));
      return;
    }
    case "path":
      add(row, combine32(salt, hashString(value, seed)));
      add(row, combine32(salt ^ BASE_SALT, hashString(baseName(value).toLowerCase(), seed)));
      addWords(row, salt, value, seed, false);
      return;
    case "category":
      add(row, combine32(salt, hashString(value, seed)));
      if (/[^\p{L}\p{N}]/u.test(value)) addWords(row, salt, value, seed, false);
      return;
    case "text":
      addWords(row, salt, value, seed, true);
      return;
    case "unique":
      return;
  }
}

/** Fills `row` with what a record says: hashed features, the values that may be targeted, and its contexts. */
export function readRowFeatures(
  plan: Plan,
  byPath: ReadonlyMap<string, FieldPlan>,
  fields: readonly Field[],
  position: number,
  row: RowFeatures,
): void {
  row.count = 0;
  row.keys.fill(0);
  row.contexts.fill(0);
  add(row, combine32(POSITION_SALT, Math.floor((POSITION_PARTS * position) / plan.size)));
  for (const [path, value] of fields) {
    const field = byPath.get(path);
    if (field === undefined) continue;
    addField(row, field, value, plan.seed);
    for (const index of field.columns) {
      const column = plan.columns[index];
      const text = column === undefined ? undefined : columnText(column, value);
      if (text !== undefined && text !== "") row.keys[index] = hashString(text, plan.seed) | 1;
    }
    if (field.context >= 0) row.contexts[field.context] = coarseValue(field, value, plan.seed) || 1;
  }
  const crossed = plan.contexts.findLastIndex((context) => context.isCrossed) + 1; // crossed contexts come first
  for (let a = 0; a < crossed; a++) {
    const left = row.contexts[a] ?? 0;
    if (left === 0) continue;
    for (let b = a + 1; b < crossed; b++) {
      const right = row.contexts[b] ?? 0;
      if (right !== 0) add(row, combine32(combine32(CROSS_SALT + 64 * a + b, left), right));
    }
  }
}
