/** Points of a space among which neighbours are looked for, grouped into cells; plain arrays in shared memory. */
export type Reference = {
  readonly rank: number;
  readonly count: number;
  /** Unit vectors, cell after cell. */
  readonly vectors: Float32Array;
  /** Where each stands in the dataset, so that a row is not its own neighbour. */
  readonly positions: Int32Array;
  /** Unit vectors of the middles of the cells. */
  readonly middles: Float32Array;
  /** Cell c holds the vectors [cells[c], cells[c + 1]). */
  readonly cells: Uint32Array;
};

/** Neighbours that a similarity is the mean over: a handful of odd rows that resemble each other cannot hide each other. */
export const NEIGHBOURS = 10;
/** Rounds of k-means: the cells only order the search, so they need not be good. */
const ROUNDS = 4;

function dotAt(a: Float32Array, aAt: number, b: Float32Array, bAt: number, rank: number): number {
  let sum = 0;
  for (let j = 0; j < rank; j++) sum += (a[aAt + j] ?? 0) * (b[bAt + j] ?? 0);
  return sum;
}

/** Makes the vector at a place a unit vector; one without any length stays 0. */
function normalizeAt(vectors: Float32Array, at: number, rank: number): void {
  const length = Math.sqrt(dotAt(vectors, at, vectors, at, rank));
  if (length > 0) for (let j = 0; j < rank; j++) vectors[at + j] = (vectors[at + j] ?? 0) / length;
}

function nearest(
  middles: Float32Array,
  count: number,
  vectors: Float32Array,
  at: number,
  rank: number,
): number {
  let best = 0;
  let most = -Infinity;
  for (let cell = 0; cell < count; cell++) {
    const similarity = dotAt(middles, cell * rank, vectors, at, rank);
    if (similarity <= most) continue;
    most = similarity;
    best = cell;
  }
  return best;
}

const sharedFloats = (length: number) => new Float32Array(new SharedArrayBuffer(4 * length));

/** Groups vectors (`rank` numbers each) by spherical k-means (Dhillon and Modha 2001). */
export function buildReference(vectors: Float32Array, positions: Int32Array, rank: number): Reference {
  const count = positions.length;
  const units = vectors.slice();
  for (let i = 0; i < count; i++) normalizeAt(units, i * rank, rank);
  const cellCount = Math.max(1, Math.round(Math.sqrt(count)));
  const middles = sharedFloats(cellCount * rank);
  for (let cell = 0; cell < cellCount; cell++) {
    const from = Math.floor((cell * count) / cellCount) * rank;
    middles.set(units.subarray(from, from + rank), cell * rank);
  }
  const cellOf = new Uint32Array(count);
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < count; i++) cellOf[i] = nearest(middles, cellCount, units, i * rank, rank);
    if (round === ROUNDS - 1) break; // the cells must fit the middles
    middles.fill(0);
    for (let i = 0; i < count; i++) {
      const to = (cellOf[i] ?? 0) * rank;
      for (let j = 0; j < rank; j++) middles[to + j] = (middles[to + j] ?? 0) + (units[i * rank + j] ?? 0);
    }
    for (let cell = 0; cell < cellCount; cell++) normalizeAt(middles, cell * rank, rank);
  }
  return arrange({ units, positions, middles, cellOf, cellCount, rank });
}

/** Puts the vectors in the order of their cells. */
function arrange(parts: {
  readonly units: Float32Array;
  readonly positions: Int32Array;
  readonly middles: Float32Array;
  readonly cellOf: Uint32Array;
  readonly cellCount: number;
  readonly rank: number;
}): Reference {
  const { units, cellOf, cellCount, rank, middles } = parts;
  const count = cellOf.length;
  const cells = new Uint32Array(new SharedArrayBuffer(4 * (cellCount + 1)));
  for (const cell of cellOf) cells[cell + 1] = (cells[cell + 1] ?? 0) + 1;
  for (let cell = 0; cell < cellCount; cell++) cells[cell + 1] = (cells[cell + 1] ?? 0) + (cells[cell] ?? 0);
  const next = cells.slice();
  const vectors = sharedFloats(count * rank);
  const positions = new Int32Array(new SharedArrayBuffer(4 * count));
  for (let i = 0; i < count; i++) {
    const cell = cellOf[i] ?? 0;
    const to = next[cell] ?? 0;
    next[cell] = to + 1;
    vectors.set(units.subarray(i * rank, (i + 1) * rank), to * rank);
    positions[to] = parts.positions[i] ?? -1;
  }
  return { rank, count, vectors, positions, middles, cells };
}

/** Looks for the neighbours of points; one search per thread, since it keeps its scratch space. */
type NeighbourSearch = {
  /**
   * The mean similarity (dot product) of the vector at `at` to its NEIGHBOURS nearest among the reference, `position`
   * itself left out; exact, but as soon as it is known to be at least `enough`, that is what it gives.
   */
  readonly similarity: (vectors: Float32Array, at: number, position: number, enough: number) => number;
  /** The position of the nearest of the last search, -1 when there was none. */
  readonly nearestPosition: () => number;
};

/** Makes a search of the reference. */
export function createNeighbourSearch(reference: Reference): NeighbourSearch {
  const { rank, vectors: points, positions, middles, cells } = reference;
  const cellCount = cells.length - 1;
  const closeness = new Float64Array(cellCount);
  const best = new Float64Array(NEIGHBOURS); // rising
  let nearestPosition = -1;
  return {
    nearestPosition: () => nearestPosition,
    similarity: (vectors, at, position, enough) => {
      for (let cell = 0; cell < cellCount; cell++) {
        closeness[cell] = dotAt(middles, cell * rank, vectors, at, rank);
      }
      best.fill(0);
      nearestPosition = -1;
      let sum = 0;
      for (let visited = 0; visited < cellCount; visited++) {
        let cell = 0;
        for (let other = 1; other < cellCount; other++) {
          if ((closeness[other] ?? 0) > (closeness[cell] ?? 0)) cell = other;
        }
        closeness[cell] = -Infinity;
        const end = cells[cell + 1] ?? 0;
        for (let point = cells[cell] ?? 0; point < end; point++) {
          const similarity = dotAt(points, point * rank, vectors, at, rank);
          if (similarity <= (best[0] ?? 0) || positions[point] === position) continue;
          sum += similarity - (best[0] ?? 0);
          let place = 0;
          while (place + 1 < NEIGHBOURS && (best[place + 1] ?? 0) < similarity) {
            best[place] = best[place + 1] ?? 0;
            place++;
          }
          best[place] = similarity;
          if (place === NEIGHBOURS - 1) nearestPosition = positions[point] ?? -1;
          if (sum >= enough * NEIGHBOURS) return enough;
        }
      }
      return sum / NEIGHBOURS;
    },
  };
}
