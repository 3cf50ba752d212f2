import { AppError, type Random } from "bezoar";

/** How the next token is drawn. */
export type Sampling = {
  /** 0 takes the likeliest token; below 1 sharpens, above 1 flattens. */
  readonly temperature: number;
  /** Draws only from the likeliest tokens that together have this share (nucleus sampling, arXiv 1904.09751). */
  readonly topP: number;
  /** Added to the logits of tokens before one is drawn. */
  readonly logitBias?: ReadonlyMap<number, number>;
  readonly random: Random;
};

/** Log-probabilities from logits; shifted by the largest one, so that nothing overflows. */
export function logSoftmax(logits: Float32Array | Float64Array): Float64Array {
  const most = largest(logits);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - most);
  const shift = most + Math.log(sum);
  if (!Number.isFinite(shift)) {
    throw new AppError("bad-model", "the model's logits are not finite: its weights are broken");
  }
  return Float64Array.from(logits, (logit) => logit - shift);
}

/** The tokens with the highest values, best first; of equal ones the lower id. */
export function topTokens(values: Float32Array | Float64Array, count: number): number[] {
  const best: number[] = [];
  if (count === 0) return best;
  for (let id = 0; id < values.length; id++) {
    const value = values[id] ?? 0;
    if (best.length === count && value <= (values[best.at(-1) ?? 0] ?? 0)) continue;
    let place = best.length;
    while (place > 0 && (values[best[place - 1] ?? 0] ?? 0) < value) place--;
    best.splice(place, 0, id);
    if (best.length > count) best.pop();
  }
  return best;
}

/** Draws the next token. */
export function drawToken(logits: Float32Array, { temperature, topP, logitBias, random }: Sampling): number {
  const biased = Float64Array.from(logits);
  for (const [id, bias] of logitBias ?? []) biased[id] = (biased[id] ?? 0) + bias;
  const [likeliest = 0] = topTokens(biased, 1);
  if (temperature === 0) return likeliest;
  const most = biased[likeliest] ?? 0;
  const weights = biased.map((logit) => Math.exp((logit - most) / temperature));
  const drawn = topP < 1 ? nucleus(weights, topP) : [...weights.keys()];
  let left = random() * drawn.reduce((sum, id) => sum + (weights[id] ?? 0), 0);
  for (const id of drawn) {
    left -= weights[id] ?? 0;
    if (left < 0) return id;
  }
  return likeliest; // rounding left a remainder
}

/** The fewest tokens, likeliest first, that together have a share `topP` of the weight; at least one. */
function nucleus(weights: Float64Array, topP: number): number[] {
  const ids = [...weights.keys()].toSorted((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
  const enough = topP * weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  const count = ids.findIndex((id) => {
    sum += weights[id] ?? 0;
    return sum >= enough;
  });
  return count < 0 ? ids : ids.slice(0, count + 1);
}

function largest(values: Float32Array | Float64Array): number {
  let most = -Infinity;
  for (const value of values) most = Math.max(most, value);
  return most;
}
