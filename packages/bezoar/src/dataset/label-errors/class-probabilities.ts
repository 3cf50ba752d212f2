/** The chance of each class for each labelled row, by models that have not seen the row; row i holds values[i * classes, (i + 1) * classes). */
export type ClassProbabilities = {
  readonly count: number;
  readonly classes: number;
  readonly values: Float32Array | Float64Array;
};

/** P(class | row). */
export function chanceOf({ classes, values }: ClassProbabilities, row: number, label: number): number {
  return values[row * classes + label] ?? 0;
}

/** The likeliest class of a row; the first one of equals. */
export function predictedClass({ classes, values }: ClassProbabilities, row: number): number {
  const start = row * classes;
  let best = 0;
  for (let c = 1; c < classes; c++) if ((values[start + c] ?? 0) > (values[start + best] ?? 0)) best = c;
  return best;
}

/** The likeliest class of a row besides `label`. */
export function strongestOther(probabilities: ClassProbabilities, row: number, label: number): number {
  const { classes, values } = probabilities;
  const start = row * classes;
  let best = label === 0 ? 1 : 0;
  for (let c = best + 1; c < classes; c++)
    if (c !== label && (values[start + c] ?? 0) > (values[start + best] ?? 0)) best = c;
  return best;
}
