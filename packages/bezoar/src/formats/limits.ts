/** Bytes of a batch: large enough that handing it to a worker costs nothing against parsing it, small enough for many in flight. */
export const BATCH_BYTES = 1 << 20;

/** Records of a batch, so that a file of tiny records does not become a million objects at once. */
export const MAX_BATCH_RECORDS = 16_384;

/** A record beyond this is hostile or not a record: the longest context windows hold about 4 MB of text (CWE-770). */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/** Levels of nesting; real records stay below ten, and recursive code downstream must not meet its stack's end (CWE-674). */
export const MAX_DEPTH = 100;

/** Bytes looked at to tell what a file holds; some hundred records of any usual size. */
export const HEAD_BYTES = 256 * 1024;

/** Bytes read from disk at once. */
export const CHUNK_BYTES = 1 << 20;

/** Files taken from one directory or glob; a larger set is a mistake (a home folder) more often than a dataset. */
export const MAX_FILES = 100_000;
