import type { FileContext } from "./batch-builder.ts";
import { openFile, openStream, type ByteInput } from "./byte-input.ts";
import { describeDialect } from "./csv-dialect.ts";
import type { Extents } from "./extents.ts";
import { findFiles, type FoundFile } from "./find-files.ts";
import { CHUNK_BYTES } from "./limits.ts";
import { listed, planReading, type Plan } from "./plan.ts";
import { prepare, type Prepared } from "./prepare.ts";
import { readCsv } from "./read-csv.ts";
import { readJson } from "./read-json.ts";
import { readJsonl } from "./read-jsonl.ts";
import { readParquet } from "./read-parquet.ts";
import { readText, readWhole } from "./read-text.ts";
import type { FileSummary, RecordBatch, RecordSource } from "./record.ts";

/** What a caller may bring along. */
export type OpenOptions = {
  /** Read for the source "-"; the process's own standard input unless given. */
  readonly stdin?: AsyncIterable<unknown>;
  /** Asked at the beginning of each file for what is told where its records stand. */
  readonly track?: (file: TrackedFile) => Extents;
};

/** A file whose records are tracked. */
type TrackedFile = { readonly path: string; readonly plan: Plan; readonly firstRow: number };

/** A file that will be read: what it is, and its bytes when they can be had only once. */
type Entry = { readonly file: FoundFile; readonly plan: Plan; readonly opened: Prepared | undefined };

const STDIN = "standard input";

function openInput(file: FoundFile, stdin: AsyncIterable<unknown> | undefined): Promise<ByteInput> {
  return stdin === undefined
    ? openFile(file.path, file.isStream ? CHUNK_BYTES : file.bytes)
    : Promise.resolve(openStream(file.path, stdin));
}

/** Looks into every file, keeps the ones that hold records, and says why the others are left out. */
async function selectEntries(
  name: string,
  files: readonly FoundFile[],
  isSingle: boolean,
  stdin: AsyncIterable<unknown> | undefined,
): Promise<{ entries: Entry[]; notes: string[] }> {
  const looked: {
    file: FoundFile;
    content: Prepared["content"];
    isDamaged: boolean;
    opened: Prepared | undefined;
  }[] = [];
  for (const file of files) {
    const input = await openInput(file, stdin);
    let opened: Prepared | undefined;
    try {
      opened = await prepare(input);
      looked.push({
        file,
        content: opened.content,
        isDamaged: opened.damage() !== undefined,
        opened: file.isStream ? opened : undefined,
      });
    } finally {
      if (!file.isStream || opened === undefined) await input.close();
    }
  }
  let planned: ReturnType<typeof planReading>;
  try {
    planned = planReading(name, looked, isSingle);
  } catch (error) {
    // A pipe that is left open would keep the process waiting for its writer.
    for (const { opened } of looked) await opened?.input.close();
    throw error;
  }
  const { plans, notes } = planned;
  const entries = looked.flatMap(({ file, opened }, i) => {
    const plan = plans[i];
    return plan === undefined ? [] : [{ file, plan, opened }];
  });
  return { entries, notes };
}

/** One unreadable record in place of a file that holds data nobody here can read: what was not read must be counted. */
async function* refuse(unreadable: string, { file, firstRow }: FileContext): AsyncGenerator<RecordBatch> {
  yield { file, firstRow, count: 1, payload: { kind: "decoded", records: [{ row: firstRow, unreadable }] } };
}

/** The batches of one prepared file by its plan. */
function readRecords(
  prepared: Prepared,
  plan: Plan,
  file: FoundFile,
  context: FileContext,
): AsyncIterable<RecordBatch> {
  const { chunks } = prepared;
  switch (plan.reader) {
    case "jsonl":
      return readJsonl(chunks, context);
    case "json":
      return readJson(chunks, plan.layout, context);
    case "delimited":
      context.note(describeDialect(plan.dialect));
      return readCsv(chunks, plan.dialect, context);
    case "text":
      return readText(chunks, plan.unit, context);
    case "whole":
      return readWhole(chunks, file.relative, context);
    case "refuse":
      return refuse(plan.reason, context);
    case "parquet": {
      const isStored = !file.isStream && prepared.compression === undefined;
      return readParquet(isStored ? { path: file.path } : { chunks }, context, async (share) => {
        // The digest needs the bytes in order; reading them along keeps the progress true.
        while (
          prepared.input.bytesRead() < file.bytes * share &&
          (await prepared.input.read()) !== undefined
        );
      });
    }
  }
}

/**
 * Opens a dataset: a file, a directory (walked in code-unit order of paths), a glob, or "-" for standard input.
 * Formats are told from content. Fails with `AppError` when there is nothing that can be read.
 */
export async function openDataset(source: string, options: OpenOptions = {}): Promise<RecordSource> {
  const stdin = source === "-" ? (options.stdin ?? process.stdin) : undefined;
  const found =
    stdin === undefined
      ? await findFiles(source)
      : { files: [{ path: STDIN, relative: STDIN, bytes: 0, isStream: true }], isSingle: true, notes: [] };
  const { entries, notes: selectionNotes } = await selectEntries(source, found.files, found.isSingle, stdin);
  const several = entries.length > 1;
  const opening = [...found.notes, ...selectionNotes];
  let remarks = new Map<string, Set<string>>(); // what is remarked -> files
  let summaries: FileSummary[] = [];
  let doneBytes = 0;
  let current: ByteInput | undefined;
  let isSpent = false;

  async function* readEntry(entry: Entry, index: number, firstRow: number): AsyncGenerator<RecordBatch> {
    const { file, plan } = entry;
    const note = (text: string): void => {
      remarks.set(text, (remarks.get(text) ?? new Set()).add(file.relative));
    };
    const input = entry.opened?.input ?? (await openFile(file.path, file.bytes));
    current = input;
    try {
      const prepared = entry.opened ?? (await prepare(input));
      for (const text of [...plan.notes, ...prepared.notes]) note(text);
      let row = firstRow;
      const extents = options.track?.({ path: file.path, plan, firstRow });
      const context = { file: index, firstRow, note, ...(extents && { extents }) };
      for await (const batch of readRecords(prepared, plan, file, context)) {
        row += batch.count;
        yield batch;
      }
      const damage = prepared.damage();
      if (damage !== undefined) {
        note(damage);
        extents?.indivisible(damage);
        const records = [{ row, unreadable: `the rest of the file: ${damage}` }];
        yield { file: index, firstRow: row, count: 1, payload: { kind: "decoded", records } };
        row++;
      }
      // What stands behind the last record belongs to the digest too.
      while ((await input.read()) !== undefined);
      summaries.push({
        path: file.path,
        sha256: input.sha256(),
        bytes: input.bytesRead(),
        format: plan.format,
        ...(prepared.compression !== undefined && { compression: prepared.compression }),
        firstRow,
        rows: row - firstRow,
      });
    } finally {
      doneBytes += input.bytesRead();
      current = undefined;
      await input.close();
    }
  }

  return {
    name: stdin === undefined ? source : STDIN,
    totalBytes: entries.some(({ file }) => file.isStream)
      ? undefined
      : entries.reduce((sum, { file }) => sum + file.bytes, 0),
    bytesRead: () => doneBytes + (current?.bytesRead() ?? 0),
    batches: async function* () {
      if (isSpent) throw new Error("a stream can be read only once");
      isSpent = entries.some(({ opened }) => opened !== undefined);
      remarks = new Map();
      summaries = [];
      doneBytes = 0;
      let row = 0;
      for (const [index, entry] of entries.entries()) {
        for await (const batch of readEntry(entry, index, row)) {
          row = batch.firstRow + batch.count;
          yield batch;
        }
      }
    },
    files: () => summaries,
    notes: () => [
      ...opening,
      ...[...remarks].map(([text, names]) => (several ? `${text} (${listed([...names])})` : text)),
    ],
  };
}
