import type { Block } from "./block.ts";

/**
 * A pass over all blocks that may be spread over workers. `params` and the state must survive structured clone;
 * `merge` must be commutative and associative (integers, sets, disjoint writes; no float sums), so that any number
 * of workers gives the same bytes. A kernel that runs on workers is listed in `kernels.ts` under its name.
 */
export type Kernel<Params, State> = {
  readonly name: string;
  readonly start: (params: Params) => State;
  readonly step: (state: State, block: Block, params: Params) => void;
  readonly merge: (into: State, from: State) => State;
};
