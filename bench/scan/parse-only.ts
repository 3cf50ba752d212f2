/** The least that any scan must do: read a JSONL file by lines and parse every row. Prints the number of rows. */
import { createReadStream } from "node:fs";

const [path] = process.argv.slice(2);
if (path === undefined) throw new TypeError("which file?");

const LF = 0x0a;
let rows = 0;
let rest: Buffer = Buffer.alloc(0);

function parse(line: Buffer): void {
  if (line.length === 0) return;
  JSON.parse(line.toString("utf8"));
  rows++;
}

const chunks: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: 1 << 20 });
for await (const chunk of chunks) {
  const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
  let start = 0;
  for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
    parse(bytes.subarray(start, end));
    start = end + 1;
  }
  rest = bytes.subarray(start);
}
parse(rest);
console.log(rows);
