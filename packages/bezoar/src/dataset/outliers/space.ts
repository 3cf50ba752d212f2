/** A row in a space of texts: where it stands in the corpus, how alike it is to its neighbours, how many words it has. */
export type PlacedRow = {
  readonly position: number;
  readonly similarity: number;
  /** Distinct words. */
  readonly words: number;
};

/** Rows placed among others, whatever made the space. */
export type Study = {
  /** Rows among which most are ordinary: what is usual is learnt from these. */
  readonly sample: readonly PlacedRow[];
  /** Rows of the whole study that are less alike to their neighbours than `enough` says for their number of words. */
  readonly farther: (enough: (words: number) => number) => Promise<readonly PlacedRow[]>;
  /** Rows that were looked at, in all. */
  readonly judged: number;
  /** The row nearest to a row, and the words that make it odd, worst first. */
  readonly explain: (position: number) => { readonly nearest: number; readonly words: readonly string[] };
};
