import { mix32 } from "../core/hash.ts";
import { SIGNATURE_WORDS } from "./minhash.ts";
import { createNearDuplicateIndex } from "./near-duplicate-index.ts";

/** Distinct texts to group: text i has its signature at words[i * SIGNATURE_WORDS], its hash and its number of copies. */
export type Texts = {
  readonly words: Uint32Array;
  /** Numbers of the texts to group, which have signatures: all, or those that share a band (the others stay alone anyway). */
  readonly ids: Uint32Array;
  /** 0 or more where texts a and b are to be taken in the order b, a: by content, so that the order of rows changes nothing. */
  readonly compare: (a: number, b: number) => number;
};

/** What grouping says. */
export type Grouped = {
  /** For text i the number of its group's leader, a text like any other; texts alone lead themselves. */
  readonly leaders: Int32Array;
  /** Texts that could not lead, since as many as can be held led already. */
  readonly beyondLimit: number;
};

/** Bits of the two maps "seen" and "seen twice" for each text: at 128 one word in 128 collides by chance, and costs a look-up. */
const BITS_PER_TEXT = 128;
const MAX_BITS = 2 ** 28; // 32 MB a map; from 2 million texts on more look-ups are made in vain
/** Leaders held at once, 250 bytes each; further ones lead nobody, which only sets of near-copies without end reach. */
const MAX_LEADERS = 500_000;

/** The texts of which some band is shared by another text; all others can have no near-copy that LSH would see. */
export function withSharedBand({ words, ids }: Pick<Texts, "words" | "ids">): Uint32Array {
  let bits = 1024;
  while (bits < Math.min(MAX_BITS, BITS_PER_TEXT * ids.length)) bits *= 2;
  const seen = new Uint32Array(bits / 32);
  const twice = new Uint32Array(bits / 32);
  const shares = new Uint8Array(ids.length);
  for (let band = 0; band < SIGNATURE_WORDS; band++) {
    seen.fill(0);
    twice.fill(0);
    for (let i = 0; i < ids.length; i++) {
      const bit = mix32(words[(ids[i] ?? 0) * SIGNATURE_WORDS + band] ?? 0) & (bits - 1);
      const mask = 1 << (bit & 31);
      const known = seen[bit >>> 5] ?? 0;
      if ((known & mask) !== 0) twice[bit >>> 5] = (twice[bit >>> 5] ?? 0) | mask;
      else seen[bit >>> 5] = known | mask;
    }
    for (let i = 0; i < ids.length; i++) {
      if (shares[i] === 1) continue;
      const bit = mix32(words[(ids[i] ?? 0) * SIGNATURE_WORDS + band] ?? 0) & (bits - 1);
      if (((twice[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0) shares[i] = 1;
    }
  }
  return ids.filter((_, i) => shares[i] === 1);
}

/**
 * Groups texts around leaders: taken in the order of `compare`, a text joins the most similar leader that reaches
 * `minJaccard`, else it leads. Every member is near its leader, so groups do not drift as single linkage does.
 */
export function groupNearDuplicates(texts: Texts, minJaccard: number): Grouped {
  const { byText, beyondLimit } = lead(texts, minJaccard, () => {});
  return { leaders: byText, beyondLimit };
}

/**
 * The same, but groups whose leaders one text resembles are put together: a cluster whose rows are only half alike
 * would else fall to several leaders. Groups may drift.
 */
export function linkNearDuplicates(texts: Texts, minJaccard: number): Grouped {
  const parents = new Map<number, number>();
  const rootOf = (id: number): number => {
    let root = id;
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
    for (let at = id; at !== root;) {
      const up = parents.get(at) ?? root;
      parents.set(at, root);
      at = up;
    }
    return root;
  };
  const { byText, beyondLimit } = lead(texts, minJaccard, (first, other) => {
    const [a, b] = [rootOf(first), rootOf(other)];
    if (a !== b) parents.set(b, a);
  });
  return { leaders: byText.map(rootOf), beyondLimit };
}

/** Gives every text a leader; `link` is told of each further leader that the text resembles. */
function lead(
  texts: Texts,
  minJaccard: number,
  link: (first: number, other: number) => void,
): { readonly byText: Int32Array; readonly beyondLimit: number } {
  const byText = Int32Array.from({ length: texts.words.length / SIGNATURE_WORDS }, (_, i) => i);
  const index = createNearDuplicateIndex();
  const numbers: number[] = [];
  let beyondLimit = 0;
  for (const id of texts.ids.toSorted(texts.compare)) {
    const [first, ...others] = index.near(texts.words, id * SIGNATURE_WORDS, minJaccard);
    if (first !== undefined) {
      const leader = numbers[first.id] ?? id;
      byText[id] = leader;
      for (const other of others) link(leader, numbers[other.id] ?? leader);
    } else if (numbers.length < MAX_LEADERS) {
      index.add(texts.words, id * SIGNATURE_WORDS);
      numbers.push(id);
    } else beyondLimit++;
  }
  return { byText, beyondLimit };
}
