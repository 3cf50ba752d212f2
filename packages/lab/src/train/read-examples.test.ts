import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emptyFolder, tinyCheckpoint } from "../model/tiny-checkpoint.fixture.ts";
import { readExamples } from "./read-examples.ts";

const { tokenizer } = tinyCheckpoint();
const SYSTEM = { role: "system", content: "rule tunnel" };
const ASKED = { role: "user", content: "rule lsass user alice" };
const ANSWERED = { role: "assistant", content: "benign alice" };

async function read(rows: readonly object[], context = 64) {
  const path = join(await emptyFolder(), "rows.jsonl");
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return readExamples(path, tokenizer, { lossOn: "answer", context });
}

test("the loss counts the answer and its end, and nothing before", async () => {
  const { examples } = await read([{ messages: [SYSTEM, ASKED, ANSWERED] }]);
  const [{ ids, weights } = { ids: [], weights: [] }] = examples;
  const counted = ids.filter((_, place) => weights[place] === 1);
  expect(tokenizer.decode(counted)).toBe(" benign alice</s>");
  expect(tokenizer.decode(ids)).toContain("rule tunnel");
});

test("a content in parts is the text of its parts, and the messages before it stay", async () => {
  const parts = [
    { type: "text", text: "rule lsass " },
    { type: "text", text: "user alice" },
  ];
  const [whole, parted] = [
    await read([{ messages: [SYSTEM, ASKED, ANSWERED] }]),
    await read([{ messages: [SYSTEM, { role: "user", content: parts }, ANSWERED] }]),
  ];
  expect(parted.examples).toEqual(whole.examples);
});

test("rows longer than the context are passed over, and all of them too long is said", async () => {
  const long = { messages: [{ role: "user", content: "rule ".repeat(60) }, ANSWERED] };
  expect(await read([{ messages: [ASKED, ANSWERED] }, long])).toMatchObject({ rows: 2, passedOver: 1 });
  await expect(read([long, long])).rejects.toThrow(/its 2 rows .* longer than the 64 tokens/);
});

test("a chat without an answer is told with its row", async () => {
  const rows = [{ messages: [ASKED, ANSWERED] }, { messages: [ASKED] }];
  await expect(read(rows)).rejects.toThrow(/rows\.jsonl, row 1: .*no answer.*--loss all/);
});
