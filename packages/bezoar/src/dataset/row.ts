/** What kind of training data a dataset is; decides which detectors apply. */
export type ShapeKind = "instruction" | "preference" | "labelled-text" | "records" | "raw-text";

/** A named scalar of a structured record; nested objects are flattened to dotted paths. */
export type Field = readonly [path: string, value: string];

/**
 * One training example in the form that all detectors share.
 * `prompt` is everything but the assistant's text (labelled and raw text: the text itself; records: empty);
 * `response` is the assistant's text (preference data: the chosen one), "" when there is none: of a completion that was
 * called undesirable (KTO), which is `rejected`, too.
 */
export type Row = {
  readonly number: number;
  readonly prompt: string;
  readonly response: string;
  readonly label?: string;
  readonly rejected?: string;
  readonly fields: readonly Field[];
};
