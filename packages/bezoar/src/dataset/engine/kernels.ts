import type { RemoteFold } from "./fold.ts";

/** Every kernel that a worker can run, by name: one line for each, `remoteFold(kernel)`. */
export const kernels: ReadonlyMap<string, RemoteFold> = new Map<string, RemoteFold>([]);
