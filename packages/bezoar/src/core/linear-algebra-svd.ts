import { jacobiSvd, multiply, orthonormalize, zeros, type Matrix, type Svd } from "./linear-algebra.ts";
import type { Random } from "./random.ts";

/** A matrix that is known only by what it does to others: sparse rows, centred vectors, weights on disk. */
export type LinearOperator = {
  readonly rows: number;
  readonly columns: number;
  /** A x, for x with `columns` rows. */
  readonly times: (x: Matrix) => Matrix;
  /** A^T x, for x with `rows` rows. */
  readonly transposeTimes: (x: Matrix) => Matrix;
};

/** Rows of sparse numbers: row i holds (features[j], values[j]) for j in [offsets[i], offsets[i + 1]). */
export type SparseMatrix = {
  readonly rows: number;
  readonly columns: number;
  readonly offsets: Uint32Array;
  readonly features: Uint32Array;
  readonly values: Float64Array;
};

/** The operator of a sparse matrix. */
export function sparseOperator({ rows, columns, offsets, features, values }: SparseMatrix): LinearOperator {
  const apply = (x: Matrix, isTransposed: boolean): Matrix => {
    const product = zeros(isTransposed ? columns : rows, x.columns);
    const width = x.columns;
    for (let i = 0; i < rows; i++) {
      const end = offsets[i + 1] ?? 0;
      for (let j = offsets[i] ?? 0; j < end; j++) {
        const value = values[j] ?? 0;
        const feature = features[j] ?? 0;
        let to = (isTransposed ? feature : i) * width;
        let from = (isTransposed ? i : feature) * width;
        for (let t = 0; t < width; t++, to++, from++) {
          product.values[to] = (product.values[to] ?? 0) + value * (x.values[from] ?? 0);
        }
      }
    }
    return product;
  };
  return {
    rows,
    columns,
    times: (x) => apply(x, false),
    transposeTimes: (x) => apply(x, true),
  };
}

/** Directions drawn beyond the wanted ones (Halko, Martinsson and Tropp 2011, section 4.2: 5 to 10). */
const OVERSAMPLING = 10;
/** Power iterations: two make the error near optimal for slowly falling spectra such as those of texts (section 4.5). */
const POWER_ITERATIONS = 2;

function firstColumns(matrix: Matrix, count: number): Matrix {
  const cut = zeros(matrix.rows, count);
  for (let i = 0; i < matrix.rows; i++) {
    for (let j = 0; j < count; j++) {
      cut.values[i * count + j] = matrix.values[i * matrix.columns + j] ?? 0;
    }
  }
  return cut;
}

function transpose({ rows, columns, values }: Matrix): Matrix {
  const turned = zeros(columns, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned.values[j * rows + i] = values[i * columns + j] ?? 0;
  }
  return turned;
}

/**
 * The `rank` largest singular values and their vectors, near optimally (Halko, Martinsson and Tropp 2011, algorithms 4.4
 * and 5.1, with uniform numbers as test matrix, which need no logarithm that differs between machines). The work is a few passes over the matrix and (rows + columns) rank^2.
 */
export function randomizedSvd(
  operator: LinearOperator,
  { rank, random }: { readonly rank: number; readonly random: Random },
): Svd {
  const most = Math.min(operator.rows, operator.columns);
  const width = Math.min(most, rank + OVERSAMPLING);
  const test = zeros(operator.columns, width);
  for (let i = 0; i < test.values.length; i++) test.values[i] = random() - 0.5;
  let range = orthonormalize(operator.times(test)).q;
  for (let step = 0; step < POWER_ITERATIONS; step++) {
    const corange = orthonormalize(operator.transposeTimes(range)).q;
    range = orthonormalize(operator.times(corange)).q;
  }
  const { q, r } = orthonormalize(operator.transposeTimes(range)); // A ~ range r^T q^T
  const small = jacobiSvd(transpose(r));
  const kept = Math.min(rank, width);
  return {
    left: firstColumns(multiply(range, small.left), kept),
    values: small.values.slice(0, kept),
    right: firstColumns(multiply(q, small.right), kept),
  };
}
