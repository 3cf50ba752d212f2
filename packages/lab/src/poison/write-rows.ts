import { open } from "node:fs/promises";
import type { OutputRow } from "./poison-rows.ts";

/** Characters gathered before they are written. */
const WRITE_UNITS = 1 << 20;

/** Row numbers of what was written. */
type Written = { readonly rows: number; readonly poisoned: number[]; readonly contrast: number[] };

/** Writes rows as JSON lines to a new file and says which of them were made. */
export async function writeRows(
  path: string,
  rows: AsyncIterable<OutputRow>,
  onRow: () => void,
): Promise<Written> {
  const made = { poisoned: new Array<number>(), contrast: new Array<number>() };
  const file = await open(path, "wx");
  let count = 0;
  let text = "";
  try {
    for await (const row of rows) {
      if (row.made !== undefined) made[row.made].push(count);
      count++;
      text += `${JSON.stringify(row.value)}\n`;
      onRow();
      if (text.length < WRITE_UNITS) continue;
      await file.write(text);
      text = "";
    }
    await file.write(text);
  } finally {
    await file.close();
  }
  return { rows: count, ...made };
}
