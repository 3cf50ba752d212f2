import { hashString } from "../../core/hash.ts";
import type { Field } from "../row.ts";
import { coarseValue } from "./row-features.ts";
import { profileFields, type FieldProfile, type FieldRole } from "./field-roles.ts";

/** A value that may turn out to be what was targeted: a field's value, or the network that it lies in. */
export type Column = {
  readonly path: string;
  readonly derive: "value" | "network";
  /** `entity`: acts or is acted upon (user, host, network); `place`: a process or file path. */
  readonly kind: "entity" | "place";
};

/** How one field becomes features; plain data, so that it can be sent to workers. */
export type FieldPlan = {
  readonly path: string;
  readonly role: FieldRole;
  readonly salt: number;
  readonly cuts: readonly number[];
  /** Indices into `Plan.columns` that this field feeds. */
  readonly columns: readonly number[];
  /** Index into the context values of a row, -1 when it is none. */
  readonly context: number;
};

/** A field that tells what happened; `bits` is what it says of the label. */
type Context = {
  readonly path: string;
  readonly bits: number;
  /** Whether it makes pairs with a suspect: `user = alice and rule = Port Scan`. */
  readonly isNamed: boolean;
  /** Whether its pairs with other such contexts are features. */
  readonly isCrossed: boolean;
};

/** How rows become features, columns of suspects, and contexts. */
export type Plan = {
  readonly seed: number;
  readonly size: number;
  readonly fields: readonly FieldPlan[];
  readonly columns: readonly Column[];
  /** Fields whose values tell apart what happened: their pairs are features, and a suspect's rows must span them. */
  readonly contexts: readonly Context[];
};

/** Columns tested: each costs a set of models; records of alerts have about ten fields that could be targeted. */
const MAX_COLUMNS = 12;
/** Fields crossed in pairs: 8 give 28 features a row, which doubles its cost. */
const MAX_CROSSED = 8;
/** Values that a crossed field may have: pairs of larger ones hold too few rows to learn from. */
const MAX_CROSSED_VALUES = 64;
/** Fields in which the span of a suspect is measured, each four bytes a row; and the values one may have. */
const MAX_CONTEXTS = 16;
const MAX_CONTEXT_VALUES = 256;
/** Fewer distinct values than this are no population of users or hosts that one could stand out from. */
const MIN_COLUMN_VALUES = 8;
/** From here on a field of short values is taken for things that act, unless its name or its values speak against it. */
const MIN_ENTITY_VALUES = 20;

const ENTITY_WORDS = new Set(
  "user username account acct actor principal identity employee owner host hostname computer device endpoint machine workstation asset sender recipient customer client member ip addr address subnet tenant".split(
    " ",
  ),
);
const ACTION_WORDS = new Set(
  "rule signature alert technique tactic detection category type severity level action event name process image exe command cmd parent merchant title status state protocol port country region agent reason".split(
    " ",
  ),
);

function nameHint(path: string): "entity" | "action" | undefined {
  const words = path
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  if (
    words.some((word) => ENTITY_WORDS.has(word)) &&
    !words.some((word) => word === "agent" || word === "type")
  )
    return "entity";
  return words.some((word) => ACTION_WORDS.has(word)) ? "action" : undefined;
}

function columnKind(profile: FieldProfile): Column["kind"] | undefined {
  if (profile.role === "address" || profile.mail > 0.5) return "entity";
  if (profile.role === "path") return "place";
  const hint = nameHint(profile.path);
  if (hint === "entity") return "entity";
  if (profile.programs > 0.5) return undefined; // what was run, not who ran it
  return hint === undefined && profile.distinct >= MIN_ENTITY_VALUES && profile.spaced < 0.5
    ? "entity"
    : undefined;
}

function columnsOf(profiles: readonly FieldProfile[], named: readonly string[]): Column[] {
  const columns: Column[] = [];
  for (const profile of profiles) {
    const { path, role } = profile;
    if (named.includes(path)) {
      columns.push({ path, derive: "value", kind: "entity" });
      if (role === "address") columns.push({ path, derive: "network", kind: "entity" });
      continue;
    }
    if (role === "number" || role === "time" || role === "text" || profile.distinct < MIN_COLUMN_VALUES)
      continue;
    const kind = columnKind(profile);
    if (kind === undefined) continue;
    columns.push({ path, derive: "value", kind });
    if (role === "address") columns.push({ path, derive: "network", kind });
  }
  const rank = (column: Column) => (named.includes(column.path) ? 0 : column.kind === "entity" ? 1 : 2);
  return columns.toSorted((a, b) => rank(a) - rank(b)).slice(0, MAX_COLUMNS);
}

/** Mutual information in bits between a coarse field and the label, less what chance gives (Miller 1955). */
function informationBits(values: readonly number[], labels: readonly number[]): number {
  const joint = new Map<string, number>();
  const ofValue = new Map<number, number>();
  const ofLabel = new Map<number, number>();
  values.forEach((value, i) => {
    const label = labels[i] ?? -1;
    const key = `${value} ${label}`;
    joint.set(key, (joint.get(key) ?? 0) + 1);
    ofValue.set(value, (ofValue.get(value) ?? 0) + 1);
    ofLabel.set(label, (ofLabel.get(label) ?? 0) + 1);
  });
  const total = values.length;
  const entropy = (counts: Map<unknown, number>) => {
    let sum = 0;
    for (const count of counts.values()) sum -= (count / total) * Math.log2(count / total);
    return sum;
  };
  const chance = ((ofValue.size - 1) * (ofLabel.size - 1)) / (2 * total * Math.LN2);
  return entropy(ofValue) + entropy(ofLabel) - entropy(joint) - chance;
}

type Sample = readonly { readonly fields: readonly Field[]; readonly label: number }[];

function chooseContexts(
  profiles: readonly FieldProfile[],
  sample: Sample,
  seed: number,
  isEntity: (path: string) => boolean,
): Context[] {
  const labels = sample.map((row) => row.label);
  const scored = profiles.flatMap(({ path, role, cuts, distinct }) => {
    if (role === "unique" || role === "text" || role === "address" || distinct < 2) return [];
    const plan = { path, role, salt: 0, cuts, columns: [], context: 0 };
    const values = sample.map((row) => {
      const value = row.fields.find(([name]) => name === path)?.[1];
      return value === undefined ? 0 : coarseValue(plan, value, seed);
    });
    const valueCount = new Set(values).size;
    if (valueCount > MAX_CONTEXT_VALUES) return [];
    const isActor = role === "category" && isEntity(path);
    const isNamed = !isActor && (role === "category" || role === "path");
    return [{ path, bits: informationBits(values, labels), isNamed, valueCount, isActor }];
  });
  const ranked = scored.toSorted((a, b) => b.bits - a.bits);
  const crossed = new Set(
    ranked
      .filter((field) => field.bits > 0 && !field.isActor && field.valueCount <= MAX_CROSSED_VALUES)
      .slice(0, MAX_CROSSED),
  );
  return ranked
    .toSorted((a, b) => Number(crossed.has(b)) - Number(crossed.has(a)) || b.bits - a.bits)
    .slice(0, MAX_CONTEXTS)
    .map((field) => ({
      path: field.path,
      bits: field.bits,
      isNamed: field.isNamed,
      isCrossed: crossed.has(field),
    }));
}

/**
 * Decides from a labelled sample how rows become features. Copies of the label (few values, each with one label only)
 * are left out: they would hide every contradiction.
 */
export function planRecords(
  sample: Sample,
  options: { readonly seed: number; readonly size: number; readonly entityFields: readonly string[] },
): Plan {
  const { seed, size } = options;
  const all = profileFields(sample.map((row) => row.fields));
  const profiles = all.filter((profile) => !isLabelCopy(profile, sample));
  const columns = columnsOf(profiles, options.entityFields);
  const isEntity = (path: string) =>
    columns.some((column) => column.path === path && column.kind === "entity");
  const contexts = chooseContexts(profiles, sample, seed, isEntity);
  const fields = profiles.map((profile): FieldPlan => ({
    path: profile.path,
    role: profile.role,
    salt: hashString(profile.path, seed),
    cuts: profile.cuts,
    columns: columns.flatMap((column, i) => (column.path === profile.path ? [i] : [])),
    context: contexts.findIndex((context) => context.path === profile.path),
  }));
  return { seed, size, fields, columns, contexts };
}

function isLabelCopy(profile: FieldProfile, sample: Sample): boolean {
  const labels = new Set(sample.map((row) => row.label));
  if (profile.distinct < 2 || profile.distinct > 2 * labels.size || profile.present < 0.9 * sample.length)
    return false;
  const labelOf = new Map<string, number>();
  for (const row of sample) {
    const value = row.fields.find(([path]) => path === profile.path)?.[1];
    if (value === undefined) continue;
    const known = labelOf.get(value);
    if (known !== undefined && known !== row.label) return false;
    labelOf.set(value, row.label);
  }
  return new Set(labelOf.values()).size === labels.size;
}
