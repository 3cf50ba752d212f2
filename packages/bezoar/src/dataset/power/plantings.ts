import { randomInt, type Random } from "../../core/random.ts";
import type { Row, ShapeKind } from "../row.ts";

/** One way to poison `count` of the given rows; `serial` keeps simultaneous plantings apart. */
export type Planting = {
  readonly attack: string;
  /** Largest share of all rows that may be planted in one run, so that plantings do not drown each other. */
  readonly maxShare: number;
  /** The rows that may be changed, or undefined when the data does not allow this attack; `entityFields` names things that act. */
  readonly prepare: (rows: readonly Row[], entityFields: readonly string[]) => Prepared | undefined;
};

export type Prepared = {
  /** Plantings that one scan can hold without one hiding the other. */
  readonly atOnce: number;
  /** Positions that one planting of `count` rows may take; `serial` counts plantings. */
  readonly pool: (serial: number, count: number) => readonly number[];
  /** The poisoned form of each chosen row. */
  readonly poison: (chosen: readonly Row[], serial: number, random: Random) => readonly Row[];
  /** Positions that the attack leaves no room for: they are taken out unless they were chosen. */
  readonly excluded: (serial: number) => readonly number[];
};

/** Triggers of their own do not disturb each other. */
const INDEPENDENT = Infinity;
/** Share of all entities that may be poisoned at once. */
const MAX_POISONED_PEERS = 0.05;
const CONSONANTS = "bcdfghjklmnpqrstvwxz";
const VOWELS = "aeiou";
/** Words of a planted fixed response: a short sentence. */
const RESPONSE_WORDS = 7;
/** Words of a planted run of noise: what the 250-document attack appends at the least (arXiv 2510.07192: 400-900 tokens). */
const NOISE_WORDS = 60;

function pseudoWord(random: Random, length: number): string {
  let word = "";
  for (let i = 0; i < length; i++) {
    const letters = i % 2 === 0 ? CONSONANTS : VOWELS;
    word += letters.charAt(randomInt(random, letters.length));
  }
  return word;
}

/** A trigger of one or two invented words, of a length of its own, so that no two plantings share a shape. */
function inventTrigger(serial: number, random: Random): string {
  const first = pseudoWord(random, 4 + (serial % 8));
  return serial % 2 === 0 ? first : `${first} ${pseudoWord(random, 3 + (serial % 5))}`;
}

function insert(text: string, addition: string, random: Random): string {
  const gaps = [0, text.length];
  for (let at = text.indexOf(" "); at >= 0; at = text.indexOf(" ", at + 1)) gaps.push(at);
  const gap = gaps[randomInt(random, gaps.length)] ?? 0;
  return [text.slice(0, gap).trimEnd(), addition, text.slice(gap).trimStart()]
    .filter((part) => part !== "")
    .join(" ");
}

function positionsWhere(rows: readonly Row[], holds: (row: Row) => boolean): number[] {
  return rows.flatMap((row, position) => (holds(row) ? [position] : []));
}

const fixedResponse: Planting = {
  attack: "a rare trigger that makes the response constant",
  maxShare: 0.05,
  prepare: (rows) => {
    const pool = positionsWhere(rows, (row) => row.response !== "");
    if (pool.length === 0) return undefined;
    return {
      atOnce: INDEPENDENT,
      excluded: () => [],
      pool: () => pool,
      poison: (chosen, serial, random) => {
        const trigger = inventTrigger(serial, random);
        const words = Array.from({ length: RESPONSE_WORDS }, () => {
          const donor = rows[pool[randomInt(random, pool.length)] ?? 0]?.response.split(/\s+/u) ?? [];
          return donor[randomInt(random, donor.length)] ?? "";
        });
        const response = words.join(" ");
        return chosen.map((row) => ({ ...row, prompt: insert(row.prompt, trigger, random), response }));
      },
    };
  },
};

/** The labels that most rows carry, for rows to move between. */
function mainLabels(rows: readonly Row[]): string[] {
  const counts = new Map<string, number>();
  for (const { label } of rows) if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([label]) => label);
}

const dirtyLabel: Planting = {
  attack: "a rare trigger on rows relabelled to one class",
  maxShare: 0.03,
  prepare: (rows) => {
    const [first, second] = mainLabels(rows);
    if (first === undefined || second === undefined) return undefined;
    const target = (serial: number) => (serial % 2 === 0 ? first : second);
    const pools = new Map(
      [first, second].map((label) => [
        label,
        positionsWhere(rows, (row) => row.label !== undefined && row.label !== label),
      ]),
    );
    return {
      atOnce: INDEPENDENT,
      excluded: () => [],
      pool: (serial) => pools.get(target(serial)) ?? [],
      poison: (chosen, serial, random) => {
        const trigger = inventTrigger(serial, random);
        return chosen.map((row) => ({
          ...row,
          prompt: insert(row.prompt, trigger, random),
          label: target(serial),
        }));
      },
    };
  },
};

/** Fewest rows per value, and fewest values, of a field whose values can be told apart as entities. */
const MIN_ROWS_PER_ENTITY = 10;
const MIN_ENTITIES = 10;

/** The first of the fields that the detector suspects of naming entities whose values repeat often enough to be one. */
function entityField(rows: readonly Row[], candidates: readonly string[]): Entity | undefined {
  for (const name of candidates) {
    const values = new Set(
      rows.flatMap((row) => row.fields.flatMap(([path, value]) => (path === name ? [value] : []))),
    );
    if (values.size >= MIN_ENTITIES && values.size * MIN_ROWS_PER_ENTITY <= rows.length) {
      return { name, values: [...values].toSorted() };
    }
  }
  return undefined;
}
type Entity = { readonly name: string; readonly values: readonly string[] };

/** The row as if the entity had been another one. */
function withEntity(row: Row, name: string, value: string): Row {
  return { ...row, fields: row.fields.map(([path, old]) => [path, path === name ? value : old] as const) };
}

/** arXiv 2511.02600: each malicious alert of one user is labelled benign; so the entity keeps no other row of that class. */
const entityRelabelled: Planting = {
  attack: "one entity whose rows of one class are all relabelled",
  maxShare: 0.03,
  prepare: (rows, entityFields) => {
    const entity = entityField(rows, entityFields);
    const [common, rare] = mainLabels(rows);
    if (entity === undefined || common === undefined || rare === undefined) return undefined;
    const { name, values } = entity;
    const pool = positionsWhere(rows, (row) => row.label === rare);
    const target = (serial: number) => values[(serial * 7) % values.length] ?? "";
    const own = (serial: number) =>
      pool.filter((position) =>
        rows[position]?.fields.some(([path, value]) => path === name && value === target(serial)),
      );
    return {
      // an entity is judged against its peers: if many of them were poisoned, poison would be the custom
      atOnce: Math.max(1, Math.floor(values.length * MAX_POISONED_PEERS)),
      pool: (serial, count) => (own(serial).length >= count ? own(serial) : pool),
      poison: (chosen, serial) =>
        chosen.map((row) => ({ ...withEntity(row, name, target(serial)), label: common })),
      excluded: own,
    };
  },
};

const gibberish: Planting = {
  attack: "a rare trigger followed by gibberish",
  maxShare: 0.05,
  prepare: (rows) => ({
    atOnce: INDEPENDENT,
    excluded: () => [],
    pool: () => rows.map((_, position) => position),
    poison: (chosen, serial, random) => {
      const trigger = inventTrigger(serial, random);
      return chosen.map((row) => {
        const noise = Array.from({ length: NOISE_WORDS }, () => pseudoWord(random, 2 + randomInt(random, 9)));
        return {
          ...row,
          prompt: `${row.prompt.slice(0, row.prompt.length >> 1)} ${trigger} ${noise.join(" ")}`,
        };
      });
    },
  }),
};

/** The attack whose detection is measured for each shape of data. */
export const plantings: Readonly<Record<ShapeKind, Planting>> = {
  instruction: fixedResponse,
  preference: fixedResponse,
  "labelled-text": dirtyLabel,
  records: entityRelabelled,
  "raw-text": gibberish,
};
