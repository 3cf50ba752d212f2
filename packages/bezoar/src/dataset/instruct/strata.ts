import { createRandom, randomInt } from "../../core/random.ts";

/** Coarse kinds of prompts in a corpus (its sources, roughly), to compare like with like. */
export type Strata = {
  readonly count: number;
  /** The stratum of a prompt by its features. */
  readonly of: (features: readonly number[]) => number;
};

/** Few, so that strata are sources and not topics: a topic must stay visible against its stratum. */
const STRATA = 4;
const ROUNDS = 12;

/** k-means over the presence of frequent features, from a seeded far-first start. */
export function findStrata(
  rows: readonly { readonly features: readonly number[] }[],
  frequent: readonly number[],
  seed: number,
): Strata {
  const width = frequent.length;
  const column = new Map(frequent.map((feature, i) => [feature, i]));
  const columnsOf = (features: readonly number[]) => features.flatMap((feature) => column.get(feature) ?? []);
  const points = rows.map(({ features }) => columnsOf(features));
  const centres: Float64Array[] = [];
  const norms: number[] = [];
  /** Squared distance up to the point's own length, which is the same for all centres. */
  const distance = (point: readonly number[], centre: number) => {
    let dot = 0;
    for (const i of point) dot += centres[centre]?.[i] ?? 0;
    return (norms[centre] ?? 0) - 2 * dot;
  };
  const nearest = (point: readonly number[]) => {
    let best = 0;
    for (let c = 1; c < centres.length; c++) if (distance(point, c) < distance(point, best)) best = c;
    return best;
  };
  const addCentre = (point: readonly number[]) => {
    const centre = new Float64Array(width);
    for (const i of point) centre[i] = 1;
    centres.push(centre);
    norms.push(point.length);
  };
  if (points.length > 0) addCentre(points[randomInt(createRandom(seed), points.length)] ?? []);
  while (centres.length < Math.min(STRATA, points.length)) {
    const gaps = points.map((point) => point.length + distance(point, nearest(point)));
    addCentre(points[gaps.indexOf(Math.max(...gaps))] ?? []);
  }
  for (let round = 0; round < ROUNDS; round++) {
    const sums = centres.map(() => new Float64Array(width));
    const sizes = centres.map(() => 0);
    for (const point of points) {
      const c = nearest(point);
      sizes[c] = (sizes[c] ?? 0) + 1;
      const sum = sums[c];
      if (sum !== undefined) for (const i of point) sum[i] = (sum[i] ?? 0) + 1;
    }
    sums.forEach((sum, c) => {
      const size = sizes[c] ?? 0;
      if (size === 0) return;
      let norm = 0;
      for (let i = 0; i < width; i++) norm += (sum[i] = (sum[i] ?? 0) / size) ** 2;
      centres[c] = sum;
      norms[c] = norm;
    });
  }
  return { count: centres.length, of: (features) => nearest(columnsOf(features)) };
}
