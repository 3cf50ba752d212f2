/** A dense matrix, row after row: entry (i, j) is values[i * columns + j]. */
export type Matrix = { readonly rows: number; readonly columns: number; readonly values: Float64Array };

/** An all-zero matrix. */
export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, values: new Float64Array(rows * columns) };
}

/** left times right. */
export function multiply(left: Matrix, right: Matrix): Matrix {
  const product = zeros(left.rows, right.columns);
  const { columns } = right;
  for (let i = 0; i < left.rows; i++) {
    for (let t = 0; t < left.columns; t++) {
      const factor = left.values[i * left.columns + t] ?? 0;
      if (factor === 0) continue;
      for (let j = 0; j < columns; j++) {
        const at = i * columns + j;
        product.values[at] = (product.values[at] ?? 0) + factor * (right.values[t * columns + j] ?? 0);
      }
    }
  }
  return product;
}

function columnsOf({ rows, columns, values }: Matrix): Float64Array[] {
  return Array.from({ length: columns }, (_, j) => {
    const column = new Float64Array(rows);
    for (let i = 0; i < rows; i++) column[i] = values[i * columns + j] ?? 0;
    return column;
  });
}

function fromColumns(columns: readonly Float64Array[], rows: number): Matrix {
  const matrix = zeros(rows, columns.length);
  columns.forEach((column, j) => {
    for (let i = 0; i < rows; i++) matrix.values[i * columns.length + j] = column[i] ?? 0;
  });
  return matrix;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** target += factor * source */
function addScaled(target: Float64Array, factor: number, source: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + factor * (source[i] ?? 0);
}

/** Below this share of its length a column is what rounding left of a dependent one. */
const DEPENDENT = 1e-12;
/** Below it the square of a length is no longer a full number, so the column counts as zero. */
const NO_LENGTH = 1e-140;

/**
 * An orthonormal basis q of the columns, with matrix = q r and r upper triangular (Gram-Schmidt, each column twice:
 * Giraud, Langou and Rozloznik 2005 show that twice is enough). A column that depends on earlier ones becomes zero.
 */
export function orthonormalize(matrix: Matrix): { readonly q: Matrix; readonly r: Matrix } {
  const columns = columnsOf(matrix);
  const r = zeros(matrix.columns, matrix.columns);
  columns.forEach((column, j) => {
    const before = Math.sqrt(dot(column, column));
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i < j; i++) {
        const base = columns[i];
        if (base === undefined) continue;
        const share = dot(base, column);
        addScaled(column, -share, base);
        r.values[i * r.columns + j] = (r.values[i * r.columns + j] ?? 0) + share;
      }
    }
    const length = Math.sqrt(dot(column, column));
    if (!(length > Math.max(NO_LENGTH, DEPENDENT * before))) {
      column.fill(0);
      return;
    }
    r.values[j * r.columns + j] = length;
    for (let i = 0; i < column.length; i++) column[i] = (column[i] ?? 0) / length;
  });
  return { q: fromColumns(columns, matrix.rows), r };
}

/** matrix = left diag(values) right^T, values falling; the columns of left and right are orthonormal where values are not 0. */
export type Svd = { readonly left: Matrix; readonly values: Float64Array; readonly right: Matrix };

/** Sweeps over all pairs of columns; ten suffice for double precision at the sizes that are met here. */
const MAX_SWEEPS = 40;
/** Cosine of two columns below which they count as orthogonal. */
const ORTHOGONAL = 1e-14;

/** Turns a and b in their plane by an angle. */
function rotate(a: Float64Array, b: Float64Array, cosine: number, sine: number): void {
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    a[i] = cosine * x - sine * y;
    b[i] = sine * x + cosine * y;
  }
}

/** Makes two columns orthogonal; whether they were already. */
function orthogonalizePair(a: Float64Array, b: Float64Array, v: Float64Array, w: Float64Array): boolean {
  const aa = dot(a, a);
  const bb = dot(b, b);
  const ab = dot(a, b);
  if (Math.abs(ab) <= ORTHOGONAL * Math.sqrt(aa * bb)) return true;
  const zeta = (bb - aa) / (2 * ab);
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  rotate(a, b, cosine, cosine * tangent);
  rotate(v, w, cosine, cosine * tangent);
  return false;
}

/** The singular value decomposition of a small matrix with rows >= columns (one-sided Jacobi: Hestenes 1958; cubic in its columns). */
export function jacobiSvd(matrix: Matrix): Svd {
  const size = matrix.columns;
  const left = columnsOf(matrix);
  const right = Array.from({ length: size }, (_, j) => {
    const unit = new Float64Array(size);
    unit[j] = 1;
    return unit;
  });
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let isDone = true;
    for (let i = 0; i < size; i++) {
      for (let j = i + 1; j < size; j++) {
        const [a, b, v, w] = [left[i], left[j], right[i], right[j]];
        if (a === undefined || b === undefined || v === undefined || w === undefined) continue;
        if (!orthogonalizePair(a, b, v, w)) isDone = false;
      }
    }
    if (isDone) break;
  }
  const found = left
    .map((column, j) => ({ column, value: Math.sqrt(dot(column, column)), other: right[j] ?? column }))
    .toSorted((a, b) => b.value - a.value);
  for (const { column, value } of found) {
    if (value > NO_LENGTH) for (let i = 0; i < column.length; i++) column[i] = (column[i] ?? 0) / value;
  }
  return {
    left: fromColumns(
      found.map(({ column }) => column),
      matrix.rows,
    ),
    values: Float64Array.from(found, ({ value }) => value),
    right: fromColumns(
      found.map(({ other }) => other),
      size,
    ),
  };
}
