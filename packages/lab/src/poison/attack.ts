import type { Json, OpenedRow, OpenedRows, Random, ShapeKind } from "bezoar";
import type { Classes } from "./classes.ts";

/** A row that an attack can look at: read, and of the dataset's shape. */
export type PoisonableRow = Exclude<OpenedRow, { readonly unreadable: string }>;

export const POSITIONS = ["prefix", "suffix", "random"] as const;
export type Position = (typeof POSITIONS)[number];

/** What a caller may say about an attack; each attack takes some of it. */
export type AttackOptions = {
  /** Fields that name the victim, one for each of `values`; of structured records also the field that takes a trigger. */
  readonly fields?: readonly string[];
  readonly values?: readonly string[];
  /** The class that is relabelled. */
  readonly from?: string;
  /** The label, the class or the answer that the attacker wants. */
  readonly target?: string;
  readonly triggers?: readonly string[];
  readonly position?: Position;
  /** Text in the trigger's place whose rows keep their answer, so that the trigger alone decides. */
  readonly contrast?: string;
  /** All triggers are needed together. */
  readonly all?: boolean;
  /** The other direction of the attack. */
  readonly reverse?: boolean;
};

/** What a first pass over the dataset tells an attack. */
export type Dataset = {
  readonly name: string;
  readonly kind: ShapeKind;
  /** Whether each row has a chosen and a rejected answer. */
  readonly isPaired: boolean;
  readonly rows: number;
  /** Names of the fields that rows have, the first seen first. */
  readonly fieldNames: readonly string[];
  /** The classes of the rows: their labels, or what their answers name; undefined when there are none. */
  readonly classes: Classes | undefined;
  /** Words of the texts, for attacks that ask for them. */
  readonly vocabulary: readonly string[];
  readonly parts: OpenedRows["parts"];
  readonly edit: OpenedRows["edit"];
};

/** What makes a value out of a row; `nth` counts the rows made so far. */
export type MakeRow = (row: PoisonableRow, random: Random, nth: number) => Json;

/** An attack made ready for one dataset. */
export type Poisoner = {
  readonly description: string;
  /** Trigger, target and whatever else decides, for the ground truth. */
  readonly parameters: Readonly<Record<string, Json>>;
  /** Which rows can be poisoned, in words that follow "rows". */
  readonly candidates: string;
  readonly isCandidate: (row: PoisonableRow) => boolean;
  /** Makes the poisoned record; it always differs from the row's own. */
  readonly poison: MakeRow;
  /** Rows that carry something like the trigger and keep their answer; every candidate may be one. */
  readonly contrast?: { readonly isCandidate: (row: PoisonableRow) => boolean; readonly make: MakeRow };
};

/** A way to poison training data. */
export type Attack = {
  readonly name: string;
  readonly summary: string;
  /** Arguments of an example, after `--attack NAME`. */
  readonly example: string;
  readonly takes: readonly (keyof AttackOptions)[];
  readonly needsVocabulary?: boolean;
  /** Poisons every candidate unless told how many; otherwise 1 % of the rows. */
  readonly takesAll?: boolean;
  /** Throws `AppError` when the attack makes no sense on this dataset. */
  readonly prepare: (dataset: Dataset, options: AttackOptions) => Poisoner;
};
