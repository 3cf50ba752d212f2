import { combine32, mix32 } from "../../core/hash.ts";
import type { Hashes } from "./fingerprints.ts";

/** A partition of positions: `leader[p]` is the position that stands for p's group, -1 for rows that are not grouped. */
export type Groups = {
  readonly leader: Int32Array;
  /** Rows of the group, at its leader's position; 0 elsewhere. */
  readonly size: Uint32Array;
};

/** Groups positions whose hashes are equal; the first of each group stands for it. Texts without tokens are not grouped. */
export function groupEqual({ low, high }: Hashes): Groups {
  const leader = new Int32Array(low.length).fill(-1);
  const size = new Uint32Array(low.length);
  let slots = 16;
  while (slots < 2 * low.length) slots *= 2;
  const table = new Int32Array(slots).fill(-1);
  for (let position = 0; position < low.length; position++) {
    const a = low[position] ?? 0;
    const b = high[position] ?? 0;
    if (a === 0) continue;
    let slot = mix32(a ^ b) & (slots - 1);
    for (;;) {
      const held = table[slot] ?? -1;
      if (held < 0) {
        table[slot] = position;
        leader[position] = position;
        size[position] = 1;
        break;
      }
      if (low[held] === a && high[held] === b) {
        leader[position] = held;
        size[held] = (size[held] ?? 0) + 1;
        break;
      }
      slot = (slot + 1) & (slots - 1);
    }
  }
  return { leader, size };
}

/** Hashes of pairs of texts; 0 only where both have no tokens. */
export function pairHashes(a: Hashes, b: Hashes): Hashes {
  const low = new Uint32Array(a.low.length);
  const high = new Uint32Array(a.low.length);
  for (let i = 0; i < low.length; i++) {
    if ((a.low[i] ?? 0) === 0 && (b.low[i] ?? 0) === 0) continue;
    low[i] = combine32(a.low[i] ?? 0, b.low[i] ?? 0) || 1;
    high[i] = combine32(a.high[i] ?? 0, b.high[i] ?? 0);
  }
  return { low, high };
}

/** The groups of `exact` put together where their leaders have one leader. */
export function mergeGroups(exact: Groups, leaderOf: Int32Array): Groups {
  const leader = exact.leader.map((held) => (held < 0 ? -1 : (leaderOf[held] ?? held)));
  const size = new Uint32Array(leader.length);
  for (const held of leader) if (held >= 0) size[held] = (size[held] ?? 0) + 1;
  return { leader, size };
}

/** The leaders of groups of at least `least` rows, the largest group first, ties by position. */
export function largestGroups({ size }: Groups, least: number): number[] {
  const found: number[] = [];
  size.forEach((count, position) => count >= least && found.push(position));
  return found.toSorted((a, b) => (size[b] ?? 0) - (size[a] ?? 0) || a - b);
}

/** The positions of the groups with these leaders, ascending, by leader. */
export function membersOf({ leader }: Groups, leaders: readonly number[]): ReadonlyMap<number, number[]> {
  const members = new Map<number, number[]>(leaders.map((held) => [held, []]));
  if (leaders.length > 0) leader.forEach((held, position) => members.get(held)?.push(position));
  return members;
}
