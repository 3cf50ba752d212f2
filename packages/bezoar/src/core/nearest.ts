/** Longer words than this are not misspelt names. */
const MAX_LENGTH = 100;

/** Insertions, deletions and replacements that turn one text into the other (Levenshtein 1966). */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}

/** The candidate that the word was probably meant to be: fewer than half of the letters differ, counted also without what stands before its slash. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word === "" || word.length > MAX_LENGTH) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of candidates) {
    const distance = Math.min(
      editDistance(wanted, candidate),
      editDistance(wanted, candidate.slice(candidate.indexOf("/") + 1)),
    );
    if (distance < least) [best, least] = [candidate, distance];
  }
  return least < wanted.length / 2 ? best : undefined;
}
