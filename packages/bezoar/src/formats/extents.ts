/**
 * Told where each record stands while a file is read: bytes [start, end) of its decompressed text in UTF-8, without
 * its byte-order mark. Called once for every record, in the order of their rows.
 */
export type Extents = {
  /** `opensArray` = the first record of an array of a JSON document; what stands before it belongs to no record. */
  readonly record: (start: number, end: number, opensArray?: boolean) => void;
  /** The file has a record that is not made of bytes of its own (a cut-off stream), so that no cut keeps all of it. */
  readonly indivisible: (reason: string) => void;
};
