import { numpy as np, tree } from "@jax-js/jax";
import { take, type Arrays } from "../model/transformer.ts";

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** First and second moments of the gradients, by tensor name. */
export type Moments = { readonly first: Arrays; readonly second: Arrays };

/** Moments before the first step. */
export function zeroMoments(parameters: Arrays): Moments {
  const zeros = () => tree.map((array: np.Array) => np.zeros(array.shape), parameters);
  return { first: zeros(), second: zeros() };
}

/** The Euclidean norm over all gradients. Does not take ownership. */
export function globalNorm(gradients: Arrays): np.Array {
  const squares = Object.values(gradients).map((gradient) => np.sum(np.square(gradient.ref)));
  return np.sqrt(squares.reduce((sum, square) => sum.add(square)));
}

/** The learning rate of a step (counted from 1) with Adam's corrections for moments that began at zero, as scalars. */
export function correctedRates(rate: number, step: number): { readonly rate: number; readonly root: number } {
  return { rate: rate / (1 - BETA1 ** step), root: 1 / Math.sqrt(1 - BETA2 ** step) };
}

/**
 * One step of Adam (Kingma and Ba, arXiv 1412.6980) with the `correctedRates` as scalars of the engine.
 * Takes ownership of everything.
 */
export function adamStep(
  parameters: Arrays,
  { first, second }: Moments,
  gradients: Arrays,
  rate: np.Array,
  root: np.Array,
): { parameters: Arrays; moments: Moments } {
  const moments = {
    first: mapArrays(first, (m, name) => m.mul(BETA1).add(take(gradients, name).mul(1 - BETA1))),
    second: mapArrays(second, (v, name) => v.mul(BETA2).add(np.square(take(gradients, name)).mul(1 - BETA2))),
  };
  tree.dispose(gradients);
  const moved = mapArrays(parameters, (parameter, name) => {
    const spread = np.sqrt(take(moments.second, name)).mul(root.ref).add(EPSILON);
    return parameter.sub(take(moments.first, name).div(spread).mul(rate.ref));
  });
  rate.dispose();
  root.dispose();
  return { parameters: moved, moments };
}

function mapArrays(arrays: Arrays, change: (array: np.Array, name: string) => np.Array): Arrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, change(array, name)]));
}
