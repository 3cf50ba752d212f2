import { AppError, createRandom } from "bezoar";
import type { Adapter } from "../model/adapter.ts";
import { LORA_TARGETS } from "../model/parameters.ts";
import type { Tensor, Weights } from "../model/tensor.ts";
import { uniform } from "./initial-weights.ts";

export type LoraOptions = {
  readonly rank: number;
  readonly alpha: number;
  readonly targets: readonly string[];
};

/** An adapter before training, as PEFT begins: A uniform by Kaiming with a = sqrt(5), B zero, so that it changes nothing. */
export function initialAdapter(
  weights: Weights,
  { rank, alpha, targets }: LoraOptions,
  seed: number,
): Adapter {
  const random = createRandom(seed);
  const matrices = new Map<string, Tensor>();
  for (const [name, { shape }] of weights) {
    const module = name.replace(/\.weight$/, "");
    if (!targets.includes(module.slice(module.lastIndexOf(".") + 1))) continue;
    const [outputs = 0, inputs = 0] = shape;
    matrices.set(`${module}.lora_A.weight`, uniform([rank, inputs], 1 / Math.sqrt(inputs), random));
    matrices.set(`${module}.lora_B.weight`, {
      shape: [outputs, rank],
      data: new Float32Array(outputs * rank),
    });
  }
  if (matrices.size === 0) {
    throw new AppError(
      "bad-option",
      `the model has no module ${targets.join(", ")}; there are ${LORA_TARGETS.join(", ")}`,
    );
  }
  return { base: "", rank, alpha, targets, weights: matrices };
}
