import type { Json } from "bezoar";

/** What is true of a poisoned dataset; row numbers count the rows of the output from 0, as `bezoar scan` does. */
export type Truth = {
  readonly attack: string;
  readonly description: string;
  /** Trigger, target and whatever else decides. */
  readonly parameters: Readonly<Record<string, Json>>;
  readonly seed: number;
  readonly rows: number;
  readonly rate: number;
  readonly poisoned: readonly number[];
  /** Rows that were changed and yet are honest: another trigger, the answer as it was. */
  readonly contrast?: readonly number[];
  /** Records of the source that cannot be read and are not in the output. */
  readonly leftOut?: number;
  readonly source: { readonly name: string; readonly sha256: string };
};
