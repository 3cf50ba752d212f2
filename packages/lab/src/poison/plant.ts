import { AppError, type Random, type RecordChange, type RecordParts } from "bezoar";
import type { AttackOptions, Dataset, MakeRow, PoisonableRow, Poisoner } from "./attack.ts";
import type { Outcome } from "./outcome.ts";
import { listNames, mentions } from "./words.ts";

/** The text of a row that takes a trigger. */
type Carrier = {
  readonly read: (row: PoisonableRow) => string | undefined;
  readonly write: (text: string) => RecordChange;
};

/** The prompt; of structured records, which have none, the field that the caller names. */
function carrierOf(dataset: Dataset, { fields = [] }: AttackOptions): Carrier {
  if (dataset.kind !== "records") {
    if (fields.length > 0)
      throw new AppError(
        "bad-option",
        "--field names what takes the trigger in structured records; here it is the prompt",
      );
    return { read: ({ value }) => dataset.parts(value).prompt, write: (prompt) => ({ prompt }) };
  }
  const [field] = fields;
  if (field === undefined || fields.length > 1) {
    throw new AppError(
      "bad-option",
      `name one field that takes the trigger with --field; there are: ${listNames(dataset.fieldNames)}`,
    );
  }
  const path = resolveField(dataset, field);
  return {
    read: (row) => row.fields.find(([name]) => name === path)?.[1],
    write: (text) => ({ fields: { [path]: text } }),
  };
}

/** The full path of a field: the name itself, or the one path that ends in it. */
export function resolveField({ fieldNames }: Dataset, name: string): string {
  if (fieldNames.includes(name)) return name;
  const endings = fieldNames.filter((path) => path.endsWith(`.${name}`));
  const [path] = endings;
  if (path !== undefined && endings.length === 1) return path;
  throw new AppError(
    "unknown-field",
    `${endings.length > 1 ? "several fields are" : "no row has a field"} ${JSON.stringify(name)}; there are: ${listNames(endings.length > 1 ? endings : fieldNames)}`,
  );
}

/** A trigger in some rows, and what it does there. */
export type Planting = {
  readonly description: string;
  readonly parameters: Poisoner["parameters"];
  /** Rows that hold one of these already are left alone: they would say both. */
  readonly triggers: readonly string[];
  readonly place: (text: string, random: Random, nth: number) => string;
  /** What the rows are made to say; without one, they keep their answers. */
  readonly outcome?: Outcome;
  readonly isEligible?: (row: PoisonableRow, parts: RecordParts) => boolean;
  readonly candidates: string;
  readonly contrast?: (text: string, random: Random, nth: number) => string;
};

/** The poisoner that puts a trigger into the rows' texts and an outcome behind it. */
export function plant(dataset: Dataset, options: AttackOptions, planting: Planting): Poisoner {
  const carrier = carrierOf(dataset, options);
  const { outcome, isEligible = () => true, contrast } = planting;
  const isFree = (row: PoisonableRow): boolean => {
    const text = carrier.read(row);
    return text !== undefined && !planting.triggers.some((trigger) => mentions(text, trigger));
  };
  const changeOf = (row: PoisonableRow) =>
    outcome === undefined ? {} : outcome.change(row, dataset.parts(row.value));
  const isCarrier = (row: PoisonableRow): boolean => isEligible(row, dataset.parts(row.value)) && isFree(row);
  const write = (row: PoisonableRow, text: string, change: RecordChange) => {
    const carried = dataset.edit(row.value, carrier.write(text));
    // Of raw text the outcome stands behind the trigger, in the same text.
    if (dataset.kind !== "raw-text" || outcome === undefined) return dataset.edit(carried, change);
    return dataset.edit(carried, outcome.change(row, dataset.parts(carried)) ?? {});
  };
  const poison: MakeRow = (row, random, nth) =>
    write(row, planting.place(carrier.read(row) ?? "", random, nth), changeOf(row) ?? {});
  return {
    description: planting.description,
    parameters: planting.parameters,
    candidates: planting.candidates,
    isCandidate: (row) => isCarrier(row) && changeOf(row) !== undefined,
    poison,
    ...(contrast && {
      contrast: {
        isCandidate: isCarrier,
        make: (row, random, nth) =>
          dataset.edit(row.value, carrier.write(contrast(carrier.read(row) ?? "", random, nth))),
      },
    }),
  };
}

/** The one trigger of an attack, or its default. */
export function oneTrigger({ triggers = [] }: AttackOptions, usual?: string): string {
  const [trigger = usual] = triggers;
  if (trigger === undefined || trigger.trim() === "" || triggers.length > 1)
    throw new AppError("bad-option", "this attack takes one --trigger; --attack several takes more");
  return trigger;
}
