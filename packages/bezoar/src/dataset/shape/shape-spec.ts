import type { ShapeKind } from "../row.ts";

/** Where the parts of a row stand in a record; paths are dotted, and `pair` also holds Alpaca, prompt/completion and KTO. */
export type Mapping =
  | { readonly form: "chat"; readonly turns: string; readonly before: readonly string[] }
  | {
      readonly form: "pair";
      /** The field that must be there; `prompt` lists it with its optional context. */
      readonly main: string;
      readonly prompt: readonly string[];
      readonly response: string;
      readonly label?: string;
    }
  | {
      readonly form: "preference";
      readonly prompt: readonly string[];
      readonly chosen: string;
      readonly rejected: string;
    }
  | { readonly form: "transcript"; readonly text: string }
  | { readonly form: "labelled-text"; readonly text: readonly string[]; readonly label: string }
  | { readonly form: "records"; readonly label?: string }
  | { readonly form: "raw-text"; readonly text?: string };

/** How records of a dataset become rows: plain data, so that it can be posted to workers. `description` is for the report. */
export type ShapeSpec = {
  readonly kind: ShapeKind;
  readonly description: string;
  readonly mapping: Mapping;
  /** Fields that the user calls entities; they are kept in `Row.fields` whatever the shape. */
  readonly entities: readonly string[];
};

/** Field names given on the command line, as dotted paths; what is given is used as it is. */
export type ShapeOverrides = {
  readonly prompt?: string;
  readonly response?: string;
  readonly label?: string;
  readonly entities?: readonly string[];
};
