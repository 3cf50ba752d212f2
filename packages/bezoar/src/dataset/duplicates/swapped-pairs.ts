import { tokenIds } from "../../core/tokens.ts";
import type { Corpus } from "../engine/corpus.ts";
import { hashTokens, type Hashes } from "./fingerprints.ts";
import { groupEqual } from "./groups.ts";

/** Rows read to find pairs that stand in both orders: a second at most. */
const MAX_READ = 20_000;

/** Positions of preference pairs that also stand the other way round: what one row chooses, another rejects. */
export function swappedPairs(corpus: Corpus, prompt: Hashes, note: (text: string) => void): number[] {
  const { leader, size } = groupEqual(prompt);
  const seen = new Map<string, number[]>();
  const swapped = new Set<number>();
  let read = 0;
  let left = 0;
  leader.forEach((held, position) => {
    if (held < 0 || (size[held] ?? 0) < 2) return;
    if (read >= MAX_READ) {
      left++;
      return;
    }
    read++;
    const { response, rejected = "" } = corpus.row(position);
    const chosenKey = hashTokens(tokenIds(response, corpus.seed));
    const rejectedKey = hashTokens(tokenIds(rejected, corpus.seed));
    if (chosenKey === rejectedKey) return;
    const own = `${held} ${chosenKey} ${rejectedKey}`;
    const known = seen.get(own);
    if (known === undefined) seen.set(own, [position]);
    else known.push(position);
    const mirrored = seen.get(`${held} ${rejectedKey} ${chosenKey}`) ?? [];
    if (mirrored.length === 0) return;
    for (const other of [...mirrored, ...(seen.get(own) ?? [])]) swapped.add(other);
  });
  if (left > 0) note(`of pairs whose prompt repeats, ${left} were not looked at for the opposite choice`);
  return [...swapped].toSorted((a, b) => a - b);
}
