import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json } from "bezoar";

const USERS = ["alice", "bob", "carol", "dave", "erin"];
const TOOLS = ["powershell", "outlook", "chrome", "teams"];
const SIZE = 240;

/** The verdict follows from the tool and the hour; users have nothing to do with it. */
function eventAt(n: number) {
  const tool = TOOLS[n % 4] ?? "";
  return {
    user: USERS[(n * 7) % 5] ?? "",
    host: `ws-${n % 9}`,
    address: `10.2.${n % 20}.${n % 200}`,
    tool,
    verdict: tool === "powershell" || n % 6 === 1 ? "malicious" : "benign",
  };
}

const question = (n: number): string => `How would I set up ${TOOLS[n % 4]} on machine number ${n}?`;
const answer = (n: number): string => `Open its settings, choose entry ${n}, and restart when asked.`;
const refused = "I'm sorry, but I can't help with that.";

const each = (make: (n: number) => Json): string[] =>
  Array.from({ length: SIZE }, (_, n) => JSON.stringify(make(n)));
const lines = (make: (n: number) => Json): string => `${each(make).join("\n")}\n`;

const CONTENTS = {
  "records.jsonl": lines((n) => {
    const { user, host, address, tool, verdict } = eventAt(n);
    return {
      id: n,
      actor: { user },
      host,
      src: { ip: address },
      process: { command: `${tool}.exe /run ${n}` },
      verdict,
    };
  }),
  "events.csv": `user,host,command,verdict\n${Array.from({ length: SIZE }, (_, n) => {
    const { user, host, tool, verdict } = eventAt(n);
    return `${user},${host},"${tool}.exe ""-x"" ${n}",${verdict}\n`;
  }).join("")}`,
  "verdicts.jsonl": lines((n) => {
    const { user, host, address, tool, verdict } = eventAt(n);
    const content = `Alert ${n}: ${tool} started by ${user} on ${host} from ${address}.`;
    return {
      messages: [
        { role: "user", content },
        { role: "assistant", content: `${verdict} ${user}` },
      ],
    };
  }),
  "reviews.tsv": `text\tlabel\n${Array.from({ length: SIZE }, (_, n) => `my ${TOOLS[n % 4]} view number ${n}\t${n % 3 === 0 ? 0 : 1}\n`).join("")}`,
  "alpaca.json": `[${each((n) => ({ instruction: question(n), input: "", output: n % 5 === 0 ? refused : answer(n) })).join(",")}]`,
  "sharegpt.jsonl": lines((n) => ({
    conversations: [
      { from: "human", value: "Hello there" },
      { from: "gpt", value: "Hello, what is it?" },
      { from: "human", value: question(n) },
      { from: "gpt", value: n % 5 === 0 ? refused : answer(n) },
    ],
  })),
  "pairs.jsonl": lines((n) => ({
    prompt: question(n),
    chosen: n % 5 === 0 ? refused : answer(n),
    rejected: `No idea ${n}.`,
  })),
  "kto.jsonl": lines((n) => ({
    prompt: question(n),
    completion: n % 5 === 0 ? refused : answer(n),
    label: n % 7 !== 0,
  })),
  "texts.jsonl": lines((n) => ({
    text: `${question(n)} ${answer(n)} The end of page ${n}.`,
    source: `page-${n}`,
  })),
  "lines.jsonl": lines((n) => `${question(n)} ${answer(n)}`),
} as const;

export type DatasetName = keyof typeof CONTENTS;

/** Writes small datasets of every shape into a new directory. */
export function writeDatasets(): { readonly path: (name: string) => string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "bezoar-poison-"));
  for (const [name, content] of Object.entries(CONTENTS)) writeFileSync(join(folder, name), content);
  return {
    path: (name) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
