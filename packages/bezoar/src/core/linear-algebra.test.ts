import fc from "fast-check";
import { expect, test } from "vitest";
import { randomizedSvd, sparseOperator } from "./linear-algebra-svd.ts";
import { jacobiSvd, multiply, orthonormalize, zeros, type Matrix } from "./linear-algebra.ts";
import { createRandom } from "./random.ts";

const matrix = (rows: number, columns: number, values: readonly number[]): Matrix => ({
  rows,
  columns,
  values: Float64Array.from(values),
});

function transpose({ rows, columns, values }: Matrix): Matrix {
  const turned = zeros(columns, rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) turned.values[j * rows + i] = values[i * columns + j] ?? 0;
  return turned;
}

/** The largest difference of two matrices. */
function difference(a: Matrix, b: Matrix): number {
  return a.values.reduce((most, value, i) => Math.max(most, Math.abs(value - (b.values[i] ?? 0))), 0);
}

function rebuild(left: Matrix, values: Float64Array, right: Matrix): Matrix {
  const scaled = { ...left, values: left.values.map((value, i) => value * (values[i % left.columns] ?? 0)) };
  return multiply(scaled, transpose(right));
}

const identity = (size: number) =>
  matrix(
    size,
    size,
    Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0)),
  );

function dense({ rows, columns, values }: Matrix) {
  const entries = Array.from(values, (value, i) => ({ value, column: i % columns }));
  return sparseOperator({
    rows,
    columns,
    offsets: Uint32Array.from({ length: rows + 1 }, (_, i) => i * columns),
    features: Uint32Array.from(entries, ({ column }) => column),
    values,
  });
}

const matrices = fc
  .record({ columns: fc.integer({ min: 1, max: 7 }), extra: fc.integer({ min: 0, max: 9 }) })
  .chain(({ columns, extra }) => {
    const rows = columns + extra;
    const entry = fc.double({ min: -10, max: 10, noNaN: true });
    return fc
      .array(entry, { minLength: rows * columns, maxLength: rows * columns })
      .map((values) => matrix(rows, columns, values));
  });

test("a known matrix has its known singular values: [[3, 0], [4, 5]] has 3 sqrt 5 and sqrt 5", () => {
  const { values } = jacobiSvd(matrix(2, 2, [3, 0, 4, 5]));
  expect(values[0]).toBeCloseTo(3 * Math.sqrt(5), 12);
  expect(values[1]).toBeCloseTo(Math.sqrt(5), 12);
});

test("Hilbert's matrix of order 5 keeps its smallest singular value to ten digits of the largest", () => {
  const hilbert = matrix(
    5,
    5,
    Array.from({ length: 25 }, (_, i) => 1 / (Math.floor(i / 5) + (i % 5) + 1)),
  );
  const { values } = jacobiSvd(hilbert);
  expect(values[0]).toBeCloseTo(1.567050691098231, 12);
  expect(values[4]).toBeCloseTo(3.287928772171e-6, 12);
});

test("q is orthonormal and q r is the matrix, also when columns depend on each other", () => {
  fc.assert(
    fc.property(matrices, fc.boolean(), (given, repeats) => {
      const columns = given.columns;
      const subject = repeats
        ? { ...given, values: given.values.map((value, i) => (i % columns === columns - 1 ? 0 : value)) }
        : given;
      const { q, r } = orthonormalize(subject);
      expect(difference(multiply(q, r), subject)).toBeLessThan(1e-9);
      const gram = multiply(transpose(q), q);
      for (let i = 0; i < columns; i++) {
        for (let j = 0; j < columns; j++) {
          const entry = gram.values[i * columns + j] ?? 0;
          const nearest = i === j ? Math.round(entry) : 0; // 1, or 0 for a dependent column
          expect(Math.abs(entry - nearest)).toBeLessThan(1e-9);
        }
      }
    }),
  );
});

test("a decomposition gives the matrix back, with values that fall", () => {
  fc.assert(
    fc.property(matrices, (subject) => {
      const { left, values, right } = jacobiSvd(subject);
      expect(difference(rebuild(left, values, right), subject)).toBeLessThan(1e-9);
      expect(difference(multiply(transpose(right), right), identity(subject.columns))).toBeLessThan(1e-9);
      expect([...values]).toEqual([...values].toSorted((a, b) => b - a));
    }),
  );
});

test("with full rank the randomised decomposition is the exact one", () => {
  fc.assert(
    fc.property(matrices, fc.integer({ min: 0, max: 99 }), (subject, seed) => {
      const { left, values, right } = randomizedSvd(dense(subject), { rank: 7, random: createRandom(seed) });
      expect(difference(rebuild(left, values, right), subject)).toBeLessThan(1e-8);
      const exact = jacobiSvd(subject).values;
      values.forEach((value, i) => expect(Math.abs(value - (exact[i] ?? 0))).toBeLessThan(1e-8));
    }),
  );
});

test("at low rank its error is within 2 % of the best possible one, for a slowly falling spectrum", () => {
  const random = createRandom(5);
  const noise = (rows: number, columns: number) =>
    orthonormalize(
      matrix(
        rows,
        columns,
        Array.from({ length: rows * columns }, () => random() - 0.5),
      ),
    ).q;
  const spectrum = Float64Array.from({ length: 60 }, (_, i) => 1 / Math.sqrt(i + 1));
  const subject = rebuild(noise(200, 60), spectrum, noise(120, 60));
  const rank = 12;
  const { left, values, right } = randomizedSvd(dense(subject), { rank, random: createRandom(1) });
  const rest = rebuild(left, values, right);
  const error = Math.hypot(...subject.values.map((value, i) => value - (rest.values[i] ?? 0)));
  const best = Math.hypot(...spectrum.subarray(rank));
  expect(error / best).toBeLessThan(1.02);
  expect(error / best).toBeGreaterThan(1 - 1e-9);
});

test("the same stream of chance gives the same bytes", () => {
  const subject = matrix(4, 3, [1, 2, 3, 4, 5, 6, 7, 8, 10, 1, 0, 1]);
  const run = () => randomizedSvd(dense(subject), { rank: 2, random: createRandom(3) });
  expect(run()).toEqual(run());
});
