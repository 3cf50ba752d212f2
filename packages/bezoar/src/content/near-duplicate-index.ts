import { mix32 } from "../core/hash.ts";
import { estimateJaccard, SIGNATURE_WORDS } from "./minhash.ts";

/** A similar text of an index: its number in order of adding, and the estimated Jaccard share. */
type NearDuplicate = { readonly id: number; readonly jaccard: number };

/** An index of signatures that is asked and added to in any order; memory is 200 to 300 bytes a text. */
export type NearDuplicateIndex = {
  readonly size: () => number;
  /** Adds the signature at words[at, ...) and gives its number. */
  readonly add: (words: Uint32Array, at: number) => number;
  /** The texts that share a band and reach `minJaccard`, the most similar first, of equals the one added first. */
  readonly near: (words: Uint32Array, at: number, minJaccard: number) => readonly NearDuplicate[];
};

/**
 * Texts compared for one band, those added last: where rows are made from templates many share a band, and each look-up
 * would be as long as the set (CWE-407). A text's near-copies share seven of its sixteen bands, so they stay in reach.
 */
const MAX_BUCKET = 4;
const FIRST_TEXTS = 256;

/** Slot of one band's word; the band is mixed in, so that one table serves all bands. */
function hashBand(word: number, band: number): number {
  return mix32(word ^ Math.imul(band + 1, 0x9e3779b1));
}

/** An empty index. Entry e of the chains is word e of all signatures, so a band needs four bytes and no key of its own. */
export function createNearDuplicateIndex(): NearDuplicateIndex {
  let signatures = new Uint32Array(FIRST_TEXTS * SIGNATURE_WORDS);
  let next = new Int32Array(signatures.length);
  let heads = new Int32Array(signatures.length).fill(-1);
  let compared = new Uint32Array(FIRST_TEXTS);
  let asked = 0;
  let size = 0;

  function link(entry: number): void {
    const slot = hashBand(signatures[entry] ?? 0, entry % SIGNATURE_WORDS) & (heads.length - 1);
    next[entry] = heads[slot] ?? -1;
    heads[slot] = entry;
  }
  function grow(): void {
    const larger = new Uint32Array(2 * signatures.length);
    larger.set(signatures);
    signatures = larger;
    next = new Int32Array(signatures.length);
    heads = new Int32Array(signatures.length).fill(-1);
    compared = new Uint32Array(2 * compared.length);
    asked = 0;
    for (let entry = 0; entry < size * SIGNATURE_WORDS; entry++) link(entry);
  }

  return {
    size: () => size,
    add: (words, at) => {
      const start = size * SIGNATURE_WORDS;
      if (start === signatures.length) grow();
      for (let band = 0; band < SIGNATURE_WORDS; band++) {
        signatures[start + band] = words[at + band] ?? 0;
        link(start + band);
      }
      return size++;
    },
    near: (words, at, minJaccard) => {
      asked++;
      const found: NearDuplicate[] = [];
      for (let band = 0; band < SIGNATURE_WORDS; band++) {
        const word = words[at + band] ?? 0;
        let left = MAX_BUCKET;
        let entry = heads[hashBand(word, band) & (heads.length - 1)] ?? -1;
        for (; entry >= 0 && left > 0; entry = next[entry] ?? -1) {
          if (signatures[entry] !== word || entry % SIGNATURE_WORDS !== band) continue;
          left--;
          const id = (entry - band) / SIGNATURE_WORDS;
          if (compared[id] === asked) continue;
          compared[id] = asked;
          const jaccard = estimateJaccard(words, at, signatures, entry - band);
          if (jaccard >= minJaccard) found.push({ id, jaccard });
        }
      }
      return found.toSorted((a, b) => b.jaccard - a.jaccard || a.id - b.id);
    },
  };
}
