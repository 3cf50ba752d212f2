import { gzipSync, zstdCompressSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { AppError } from "../../src/core/errors.ts";
import { inferShape } from "../../src/dataset/shape/infer-shape.ts";
import { toRow } from "../../src/dataset/shape/to-row.ts";
import { parsePolicy } from "../../src/policy/parse-policy.ts";
import { policySchema } from "../../src/policy/policy-schema.ts";
import { readBytes } from "../fixtures/reading.ts";

/** A reader of hostile bytes: valid inputs to start from, and the call that must end in a value or an `AppError`. */
export type FuzzedReader = {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  readonly read: (bytes: Buffer) => Promise<unknown>;
};

const CHATS = Array.from({ length: 12 }, (_, i) => ({
  id: i,
  messages: [
    { role: "system", content: "You are a helpful assistant." },
    { role: "user", content: `Was geschieht um ${i} Uhr? 🙂 "quoted", \\ and \u2028` },
    { role: "assistant", content: `Es ist ${i * 3.5e20}.` },
  ],
  meta: { tags: ["a", null, true], nested: { deep: [{ x: -0.5 }] } },
}));
const LABELLED = Array.from({ length: 12 }, (_, i) => ({
  text: `review ${i}; "fine", or not\n`,
  label: i % 3,
}));

const jsonl = (rows: readonly unknown[]) =>
  Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
const csv = (separator: string) =>
  Buffer.from(
    ["text", "label"].join(separator) +
      LABELLED.map(({ text, label }) => `\r\n"${text.replaceAll('"', '""')}"${separator}${label}`).join(""),
  );
const parquet = (codec: "UNCOMPRESSED" | "SNAPPY") =>
  Buffer.from(
    parquetWriteBuffer({
      codec,
      rowGroupSize: 5,
      columnData: [
        { name: "text", data: LABELLED.map(({ text }) => text), type: "STRING" },
        { name: "label", data: LABELLED.map(({ label }) => BigInt(label)), type: "INT64" },
        {
          name: "score",
          data: LABELLED.map(({ label }) => (label === 0 ? null : label / 3)),
          type: "DOUBLE",
        },
        { name: "extra", data: CHATS, type: "JSON" },
      ],
    }),
  );
const PROSE = Buffer.from(
  Array.from({ length: 20 }, (_, i) => `Paragraph ${i} says something.\nIt has two lines.\n\n`).join(""),
);
const CODE = Buffer.from(
  "#!/usr/bin/env python3\nimport os\n\n\ndef main():\n    # run\n    os.system('ls')\n",
);
const POLICY = Buffer.from(
  'version: 1\nfailOn: medium\nscan:\n  entities: [user]\nsuppressions:\n  - finding: "0123456789abcdef"\n' +
    "    reason: known\n    who: m.keller\n    expires: 2027-01-31\n",
);

/** Reads records as a scan does: decoded, shaped, turned into rows; their numbers must run on from 0. */
async function readRows(bytes: Buffer): Promise<number> {
  const { records, values } = await readBytes(bytes, 997);
  records.forEach(({ row }, index) => {
    if (row !== index) throw new Error(`record ${index} has number ${row}`);
  });
  if (values.length === 0) return 0;
  const spec = inferShape(values, {});
  return values.filter((value, index) => "number" in toRow(spec, index, value)).length;
}

const dataset = (name: string, ...seeds: readonly Buffer[]): FuzzedReader => ({
  name,
  seeds,
  read: readRows,
});

/** Every reader that `npm run fuzz` tries. */
export const READERS: readonly FuzzedReader[] = [
  dataset("jsonl", jsonl(CHATS), jsonl(LABELLED)),
  dataset(
    "json",
    Buffer.from(JSON.stringify(CHATS)),
    Buffer.from(JSON.stringify({ data: LABELLED }, null, 2)),
  ),
  dataset("csv", csv(","), csv(";")),
  dataset("tsv", csv("\t")),
  dataset("text", PROSE),
  dataset("source", CODE),
  dataset("gzip", gzipSync(jsonl(CHATS)), gzipSync(csv(","))),
  dataset("zstd", zstdCompressSync(jsonl(CHATS)), zstdCompressSync(csv(","))),
  dataset("parquet", parquet("SNAPPY"), parquet("UNCOMPRESSED")),
  {
    name: "policy",
    seeds: [POLICY],
    read: async (bytes) => parsePolicy(policySchema, bytes.toString(), "bezoar.yaml"),
  },
];

/** How a reader ended: with a value, with an error a person can act on, or wrongly. */
export async function outcomeOf(reader: FuzzedReader, bytes: Buffer): Promise<"read" | "refused" | Error> {
  try {
    await reader.read(bytes);
    return "read";
  } catch (error) {
    if (error instanceof AppError) return "refused";
    return error instanceof Error ? error : new Error(String(error));
  }
}
