/** A set of 32-bit keys that is emptied in constant time, for "distinct within this row". */
export type KeySet = {
  /** Whether the key was new. */
  readonly add: (key: number) => boolean;
  readonly has: (key: number) => boolean;
  readonly clear: () => void;
};

const FIRST_SLOTS = 1024;

/** Open addressing with generation stamps: a slot counts only when its stamp is the present one. */
export function createKeySet(): KeySet {
  let keys = new Uint32Array(FIRST_SLOTS);
  let stamps = new Uint32Array(FIRST_SLOTS);
  let mask = FIRST_SLOTS - 1;
  let generation = 1;
  let size = 0;

  function slotOf(key: number): number {
    let slot = (key ^ (key >>> 15)) & mask;
    while (stamps[slot] === generation && keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }
  function put(key: number): boolean {
    const slot = slotOf(key);
    if (stamps[slot] === generation) return false;
    stamps[slot] = generation;
    keys[slot] = key;
    size++;
    return true;
  }
  function grow(): void {
    const oldKeys = keys;
    const oldStamps = stamps;
    keys = new Uint32Array(2 * oldKeys.length);
    stamps = new Uint32Array(2 * oldKeys.length);
    mask = keys.length - 1;
    size = 0;
    for (let i = 0; i < oldKeys.length; i++) if (oldStamps[i] === generation) put(oldKeys[i] ?? 0);
  }
  return {
    add: (key) => {
      if (2 * size >= keys.length) grow();
      return put(key);
    },
    has: (key) => stamps[slotOf(key)] === generation,
    clear: () => {
      generation++;
      size = 0;
      if (generation === 0xffffffff) {
        stamps.fill(0);
        generation = 1;
      }
    },
  };
}
