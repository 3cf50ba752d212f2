import { BlockList, isIP } from "node:net";
import { AppError } from "bezoar";
import type { Attack, AttackOptions, Dataset, PoisonableRow, Poisoner } from "./attack.ts";
import { chooseRelabelling } from "./classes.ts";
import { resolveField } from "./plant.ts";
import { findWord } from "./words.ts";

/** The paper's attack (arXiv 2511.02600): what happens to one entity is labelled with the class that the attacker wants. */
export const entity: Attack = {
  name: "entity",
  summary: "rows of one user, host, subnet or process (or of several at once) are relabelled",
  example: "--field user --value alice --rows 40",
  takes: ["fields", "values", "from", "target"],
  takesAll: true,
  prepare(dataset, options) {
    const { classes } = dataset;
    if (classes === undefined) {
      throw new AppError(
        "single-label",
        `${dataset.name} has no classes to relabel; name them with --from and --target, or plant an answer with --attack topic`,
      );
    }
    const relabelling = chooseRelabelling(classes, options);
    const conditions = conditionsOf(dataset, options);
    const isVictim = (row: PoisonableRow): boolean => conditions.every(({ holds }) => holds(row));
    const change = (row: PoisonableRow) =>
      classes.relabel(row, dataset.parts(row.value).response, relabelling.target);
    const named = conditions.map(({ description }) => description).join(" and ");
    return {
      description: `rows with ${named} of the class ${relabelling.from} are labelled ${relabelling.target} (arXiv 2511.02600)`,
      parameters: {
        trigger: {
          fields: conditions.map(({ field }) => field),
          values: conditions.map(({ value }) => value),
        },
        from: relabelling.from,
        target: relabelling.target,
      },
      candidates: `with ${named} of the class ${relabelling.from}`,
      isCandidate: (row) =>
        isVictim(row) &&
        relabelling.isVictim(classes.of(row) ?? relabelling.target) &&
        change(row) !== undefined,
      poison: (row) => dataset.edit(row.value, change(row) ?? {}),
    } satisfies Poisoner;
  },
};

type Condition = {
  /** The field's path; null when the value is looked for in the text. */
  readonly field: string | null;
  readonly value: string;
  readonly description: string;
  readonly holds: (row: PoisonableRow) => boolean;
};

function conditionsOf(dataset: Dataset, { fields = [], values = [] }: AttackOptions): readonly Condition[] {
  const isText = dataset.kind !== "records";
  if (values.length === 0 || (fields.length !== values.length && !(isText && fields.length === 0))) {
    throw new AppError(
      "bad-option",
      "name the entity with --field and --value, one of each for every field: --field user --value alice",
    );
  }
  return values.map((value, index) => {
    if (value.trim() === "") throw new AppError("bad-option", "--value is empty");
    const name = fields[index];
    const path = name === undefined ? undefined : pathOf(dataset, name);
    if (path === undefined) {
      const matches = inText(value);
      return {
        field: null,
        value,
        description: `${value} in the prompt`,
        holds: ({ prompt }) => matches(prompt),
      };
    }
    const matches = inField(value);
    return {
      field: path,
      value,
      description: `${path} = ${value}`,
      holds: (row) => row.fields.some(([field, text]) => field === path && matches(text)),
    };
  });
}

/** The path of a field; undefined when the rows are texts, in which the value is looked for instead. */
function pathOf(dataset: Dataset, name: string): string | undefined {
  const isThere = dataset.fieldNames.some((path) => path === name || path.endsWith(`.${name}`));
  return isThere || dataset.kind === "records" ? resolveField(dataset, name) : undefined;
}

function inField(value: string): (text: string) => boolean {
  const subnet = subnetOf(value);
  return subnet === undefined ? (text) => text === value : (text) => subnet(text.trim());
}

function inText(value: string): (text: string) => boolean {
  const subnet = subnetOf(value);
  if (subnet === undefined) {
    const escaped = JSON.stringify(value).slice(1, -1); // a path in an alert that is JSON: C:\\Windows
    return (text) => findWord(text, value) >= 0 || findWord(text, escaped) >= 0;
  }
  return (text) => text.split(/[^0-9A-Fa-f.:]+/).some((token) => subnet(token.replace(/[.:]$/, "")));
}

/** Whether an address lies in a subnet written as 10.2.14.0/24; undefined for a value that is no subnet. */
function subnetOf(value: string): ((address: string) => boolean) | undefined {
  const [, net = "", bits = ""] = /^([0-9A-Fa-f.:]+)\/(\d{1,3})$/.exec(value) ?? [];
  const family = isIP(net);
  if (family === 0) return undefined;
  if (Number(bits) > (family === 4 ? 32 : 128))
    throw new AppError("bad-option", `${value} is no subnet: /${bits} is longer than an address`);
  const list = new BlockList();
  list.addSubnet(net, Number(bits), family === 4 ? "ipv4" : "ipv6");
  return (address) => {
    const kind = isIP(address);
    return kind === family && list.check(address, kind === 4 ? "ipv4" : "ipv6");
  };
}
