import { isAtLeast, SEVERITIES } from "../../core/finding.ts";
import { isAttack } from "../../core/rules.ts";
import type { Suspicion } from "../suspicion.ts";

/** Two suspicions that share this much of the smaller one's rows speak of one attack: more of it is shared than not. */
const SAME_ATTACK_SHARE = 0.5;

/**
 * Merges suspicions of one attack: the strongest stays, names what else points to its rows, and gathers rows that are as certain.
 * What is no attack (duplicates, outliers, content) stands by itself, unless an attack explains most of its rows.
 */
export function mergeSuspicions(suspicions: readonly Suspicion[]): Suspicion[] {
  const kept: { first: Suspicion; rows: Set<number>; others: Suspicion[] }[] = [];
  const sorted = suspicions.toSorted(byStrength);
  for (const suspicion of sorted.filter(({ rule }) => isAttack(rule))) {
    const home = kept.find(({ rows }) => isSameAttack(suspicion.positions, rows));
    if (home === undefined) {
      kept.push({ first: suspicion, rows: new Set(suspicion.positions), others: [] });
      continue;
    }
    home.others.push(suspicion);
    if (isAtLeast(suspicion.severity, "high") || suspicion.severity === home.first.severity) {
      for (const position of suspicion.positions) home.rows.add(position);
    }
  }
  const apart = sorted.filter((suspicion) => {
    if (isAttack(suspicion.rule)) return false;
    const home = kept.find((attack) => explains(attack, suspicion));
    home?.others.push(suspicion);
    return home === undefined;
  });
  return [...kept.map(({ first, rows, others }) => gather(first, rows, others)), ...apart].toSorted(
    byStrength,
  );
}

/** Whether an attack that is at least as severe holds most of the rows. */
function explains(
  attack: { first: Suspicion; rows: ReadonlySet<number> },
  { severity, positions }: Suspicion,
) {
  if (!isAtLeast(attack.first.severity, severity)) return false;
  const shared = positions.filter((position) => attack.rows.has(position)).length;
  return shared > SAME_ATTACK_SHARE * positions.length;
}

function gather(first: Suspicion, rows: ReadonlySet<number>, others: readonly Suspicion[]): Suspicion {
  return {
    ...first,
    explanation: [
      first.explanation,
      ...others.map((other) => `The same rows also show: ${other.title}.`),
    ].join(" "),
    positions: [...rows].toSorted((a, b) => a - b),
    tests: [...first.tests, ...others.flatMap((other) => other.tests)],
  };
}

function isSameAttack(positions: readonly number[], rows: ReadonlySet<number>): boolean {
  const shared = positions.filter((position) => rows.has(position)).length;
  return shared > 0 && shared >= SAME_ATTACK_SHARE * Math.min(positions.length, rows.size);
}

/** How far the strongest test lies above its threshold, as a ratio. */
function margin(suspicion: Suspicion): number {
  return Math.max(0, ...suspicion.tests.map((test) => test.lnEvidence / Math.max(1, test.lnThreshold)));
}

function byStrength(a: Suspicion, b: Suspicion): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    margin(b) - margin(a) ||
    b.positions.length - a.positions.length ||
    (a.title < b.title ? -1 : 1)
  );
}
