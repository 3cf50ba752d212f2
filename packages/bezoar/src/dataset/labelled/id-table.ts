/** Numbers distinct 32-bit hashes from 0 in the order in which they are added (open addressing, no strings kept). */
export type IdTable = {
  readonly size: () => number;
  /** The number of a hash, or -1. */
  readonly find: (hash: number) => number;
  /** The number of a hash, a new one if need be. */
  readonly add: (hash: number) => number;
  /** The hashes by number. */
  readonly hashes: () => Uint32Array;
};

const FIRST_SLOTS = 4096;

/** An empty table; it grows so that at most half of its slots are taken. */
export function createIdTable(): IdTable {
  let slots = FIRST_SLOTS;
  let ids = new Int32Array(slots).fill(-1);
  let hashes = new Uint32Array(slots >> 1);
  let count = 0;
  function slotOf(hash: number): number {
    let slot = (Math.imul(hash, 0x9e3779b1) >>> 7) & (slots - 1);
    for (;;) {
      const id = ids[slot] ?? -1;
      if (id < 0 || hashes[id] === hash) return slot;
      slot = (slot + 1) & (slots - 1);
    }
  }
  function grow(): void {
    slots *= 2;
    const larger = new Uint32Array(slots >> 1);
    larger.set(hashes);
    hashes = larger;
    ids = new Int32Array(slots).fill(-1);
    for (let id = 0; id < count; id++) ids[slotOf(hashes[id] ?? 0)] = id;
  }
  return {
    size: () => count,
    find: (hash) => ids[slotOf(hash)] ?? -1,
    add: (hash) => {
      const slot = slotOf(hash);
      const known = ids[slot] ?? -1;
      if (known >= 0) return known;
      ids[slot] = count;
      hashes[count] = hash;
      if (++count * 2 > slots - 2) grow();
      return count - 1;
    },
    hashes: () => hashes.subarray(0, count),
  };
}
