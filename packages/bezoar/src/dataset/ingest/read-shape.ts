import { AppError } from "../../core/errors.ts";
import { decodeBatch } from "../../formats/decode-batch.ts";
import type { DecodedRecord, Json, RecordBatch, RecordSource } from "../../formats/record.ts";
import { inferShape, type ShapeOverrides, type ShapeSpec } from "../shape/infer-shape.ts";

/** Records looked at to tell the shape. */
const SHAPE_SAMPLE = 1000;
/** Bytes held until there are so many: a file may begin with any amount of garbage. */
const MAX_HELD_BYTES = 64_000_000;
/** What one unreadable record takes in memory, about. */
const COMPLAINT_BYTES = 200;

/** A source whose shape is known: all its batches, the first ones included. `close` lets go of what is open, read or not. */
export type ShapedSource = {
  readonly spec: ShapeSpec;
  readonly batches: AsyncIterable<RecordBatch>;
  readonly close: () => Promise<void>;
};

/** Tells the shape of a source from its first records. */
export async function readShape(source: RecordSource, overrides: ShapeOverrides): Promise<ShapedSource> {
  const batches = source.batches()[Symbol.asyncIterator]();
  const close = async (): Promise<void> => {
    await batches.return?.();
  };
  try {
    const { held, samples, problem } = await takeSample(batches);
    if (samples.length === 0) {
      const seen = held.reduce((sum, { count }) => sum + count, 0);
      throw new AppError("no-data", describeNothing(source.name, seen, problem));
    }
    return { spec: inferShape(samples, overrides), batches: chain(held, batches, close), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type UnreadableRecord = Extract<DecodedRecord, { readonly unreadable: string }>;

/** The first batches with their readable records, and the first record that is not. */
async function takeSample(
  batches: AsyncIterator<RecordBatch>,
): Promise<{ held: RecordBatch[]; samples: Json[]; problem: UnreadableRecord | undefined }> {
  const held: RecordBatch[] = [];
  const samples: Json[] = [];
  let problem: UnreadableRecord | undefined;
  let heldBytes = 0;
  while (samples.length < SHAPE_SAMPLE && heldBytes < MAX_HELD_BYTES) {
    const next = await batches.next();
    if (next.done === true) break;
    held.push(next.value);
    const { payload, count } = next.value;
    heldBytes += payload.kind === "json" ? payload.bytes.length : count * COMPLAINT_BYTES;
    for (const record of decodeBatch(next.value)) {
      if ("unreadable" in record) problem ??= record;
      else if (samples.length < SHAPE_SAMPLE) samples.push(record.value);
    }
  }
  return { held, samples, problem };
}

function describeNothing(name: string, seen: number, problem: UnreadableRecord | undefined): string {
  if (problem === undefined) return `${name} holds no record: nothing to scan`;
  const place = problem.line === undefined ? "the first" : `the first, on line ${problem.line}`;
  return `${name}: none of the first ${seen} records can be read, so there is nothing to scan; ${place}: ${problem.unreadable}`;
}

async function* chain(
  held: RecordBatch[],
  rest: AsyncIterator<RecordBatch>,
  close: () => Promise<void>,
): AsyncGenerator<RecordBatch> {
  try {
    for (let next = held.shift(); next !== undefined; next = held.shift()) yield next;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await close();
  }
}
