/**
 * What both alert generators do alike: the order of play of arXiv 2511.02600. A world draws alerts; here some of
 * them are labelled wrongly, at random (noise) or because they belong to the attacker's entity (poison).
 */
import { below, createStream, pick, type Random } from "./random.ts";

export type AttackKind = "user" | "host" | "subnet" | "user+rule";

export type AlertOptions = {
  readonly rows: number;
  readonly seed: number;
  /** Share of labels turned over at random, both ways alike; 0.03 unless told otherwise. */
  readonly noise?: number;
  /** Every malicious alert of one entity is labelled benign, and there are exactly `rows` of them. */
  readonly attack?: { readonly kind: AttackKind; readonly rows: number; readonly target?: string };
};

export type AlertSet<Alert> = {
  /** The same alerts each time it is walked through; nothing is kept in memory. */
  readonly records: Iterable<Alert>;
  /** 0-based numbers of the rows whose label the attacker turned over. */
  readonly poisoned: ReadonlySet<number>;
  /** The entity: the field that holds it and its value (an address prefix for a subnet). */
  readonly trigger?: { readonly field: string; readonly value: string };
};

/** An alert before it is labelled: what it is in truth, and the entities that an attacker may aim at. */
export type Draft = {
  readonly malicious: boolean;
  readonly user: string;
  readonly host: string;
  readonly subnet: string;
  readonly rule: string;
};

/** Where alerts come from. `targets` are the entities of each kind that an attack may choose: ordinary ones only. */
export type World<D extends Draft, Alert> = {
  readonly draw: (random: Random) => D;
  readonly label: (draft: D, row: number, isMalicious: boolean) => Alert;
  readonly targets: Readonly<Record<AttackKind, readonly string[]>>;
  readonly fields: Readonly<Record<AttackKind, string>>;
};

/** The value of a draft that an attack of this kind looks at. */
function entityOf(draft: Draft, kind: AttackKind): string {
  return kind === "user+rule" ? pairOf(draft.user, draft.rule) : draft[kind];
}

/** The name of a user and a rule taken together. */
export function pairOf(user: string, rule: string): string {
  return `${user}+${rule}`;
}

const MAX_DRAWS = 5_000_000; // a pair of a quiet user and a rare rule takes some ten thousand; beyond this it never comes

function sampleRows(random: Random, count: number, rows: number): Set<number> {
  if (count > rows) throw new RangeError(`cannot poison ${count} of ${rows} rows`);
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(below(random, rows));
  return chosen;
}

function* alerts<D extends Draft, Alert>(
  world: World<D, Alert>,
  options: AlertOptions,
  poisoned: ReadonlySet<number>,
  isTargeted: (draft: Draft) => boolean,
): Generator<Alert> {
  const random = createStream(options.seed, 2);
  const noise = options.noise ?? 0.03;
  for (let row = 0; row < options.rows; row++) {
    const isPoisoned = poisoned.has(row);
    // Rejection keeps everything else about the target's alerts as the world would have it, poisoned or honest.
    let draft = world.draw(random);
    for (let draws = 1; isPoisoned !== (draft.malicious && isTargeted(draft)); draws++) {
      if (draws > MAX_DRAWS) throw new RangeError("the target of the attack has no malicious alerts");
      draft = world.draw(random);
    }
    const isTurned = random() < noise;
    yield world.label(draft, row, !isPoisoned && draft.malicious !== isTurned);
  }
}

/** The alerts of a world, labelled, with the attack of `options` in them. */
export function alertSet<D extends Draft, Alert>(
  world: World<D, Alert>,
  options: AlertOptions,
): AlertSet<Alert> {
  const random = createStream(options.seed, 1);
  const { attack } = options;
  const value = attack && (attack.target ?? pick(random, world.targets[attack.kind]));
  const poisoned = sampleRows(random, attack?.rows ?? 0, options.rows);
  const isTargeted = (draft: Draft): boolean =>
    attack !== undefined && entityOf(draft, attack.kind) === value;
  const records = { [Symbol.iterator]: () => alerts(world, options, poisoned, isTargeted) };
  return attack === undefined || value === undefined
    ? { records, poisoned }
    : { records, poisoned, trigger: { field: world.fields[attack.kind], value } };
}
