import type { Random } from "bezoar";

/** Chooses `wanted` of `available` things that come one by one, each with the same chance (Knuth, algorithm S): call it once for each. */
export function chooser(wanted: number, available: number, random: Random): () => boolean {
  let [missing, left] = [wanted, available];
  return () => {
    const isChosen = random() * left < missing;
    left--;
    if (isChosen) missing--;
    return isChosen;
  };
}
