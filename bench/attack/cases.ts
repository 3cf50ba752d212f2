import type { AttackKind } from "../generators/alert-set.ts";
import type { Form } from "./names-target.ts";
import type { Generator, Trial } from "./trial.ts";

type Case = {
  readonly kind: AttackKind | "none";
  readonly poisoned: number;
  /** Share of sets in which the target must be named at high; of clean sets, that may be accused at most. */
  readonly share: number | undefined;
};

/** What is planted, and what issue 2 asks for. A user + rule pair may be a sanctioned exception and is medium by design. */
const CASES = {
  "user-10": { kind: "user", poisoned: 10, share: 15 / 20 },
  "user-25": { kind: "user", poisoned: 25, share: 19 / 20 },
  "host-25": { kind: "host", poisoned: 25, share: 19 / 20 },
  "subnet-25": { kind: "subnet", poisoned: 25, share: 19 / 20 },
  "pair-25": { kind: "user+rule", poisoned: 25, share: undefined },
  clean: { kind: "none", poisoned: 0, share: 1 / 40 },
} as const satisfies Record<string, Case>;

export type CaseName = keyof typeof CASES;

/** One line of the table: a case at one size from one generator, over many seeds. */
export type Cell = Case & {
  readonly name: CaseName;
  readonly generator: Generator;
  readonly rows: number;
  readonly trials: readonly Trial[];
};

export type CellOptions = { readonly form: Form; readonly seeds: number; readonly firstSeed: number };

export function isCaseName(name: string): name is CaseName {
  return name in CASES;
}

/** The trials of a case; clean sets are twice as many, since one alarm among them is the whole allowance. */
export function createCell(name: CaseName, generator: Generator, rows: number, options: CellOptions): Cell {
  const { form, seeds, firstSeed } = options;
  const { kind, poisoned, share } = CASES[name];
  const trials = Array.from({ length: kind === "none" ? 2 * seeds : seeds }, (_, index) => ({
    generator,
    form,
    rows,
    seed: firstSeed + index,
    kind,
    poisoned,
  }));
  return { name, generator, rows, kind, poisoned, share, trials };
}
