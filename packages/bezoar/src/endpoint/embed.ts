/**
 * Gives the vector of each text, in their order, all of one length.
 * Throws `AppError("endpoint")` when the endpoint cannot be reached or answers with something else.
 */
export type Embed = (texts: readonly string[]) => Promise<readonly Float32Array[]>;
