import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEmbedder, scanDataset } from "bezoar";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reportSchema } from "../src/core/report.ts";
import { text as readText } from "node:stream/consumers";

const bin = fileURLToPath(new URL("../bin/bezoar.js", import.meta.url));
const ODD = 417;
const SUBJECTS = ["river", "engine", "poem", "tax", "garden", "planet", "recipe", "contract"];

/** Six hundred rows about eight subjects, and one about nothing of the kind. */
const rows = Array.from({ length: 600 }, (_, i) => {
  const subject = SUBJECTS[i % SUBJECTS.length] ?? "";
  return i === ODD
    ? { instruction: "zork grue plugh xyzzy frobozz", output: "quux wibble blorb gnusto rezrov" }
    : {
        instruction: `Tell me in ${2 + ((i * 7) % 90)} words what matters about a ${subject} today`,
        output: `A ${subject} matters for ${i * 31} reasons, and each ${subject} differs a little`,
      };
});

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bezoar-endpoint-"));
  writeFileSync(join(folder, "train.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a model would say of a text: near the direction of its subject, with some scatter; nowhere near for the odd one. */
function embed(text: string): number[] {
  const subject = SUBJECTS.findIndex((name) => text.includes(name));
  const scatter = (j: number) =>
    ((text.length * 7919 + text.charCodeAt(12) * 31 + j * 104_729) % 1000) / 4000;
  return Array.from({ length: 16 }, (_, j) => Number(j === (subject < 0 ? 15 : subject)) + scatter(j));
}

type Message = { readonly content: string };
type Answer = (
  input: readonly string[],
  response: ServerResponse,
  request: number,
  messages: readonly Message[],
) => void;
const send = (response: ServerResponse, body: unknown) =>
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
const works: Answer = (input, response) =>
  send(response, { data: input.map((text, index) => ({ index, embedding: embed(text) })) });

/** Works for three requests. */
const fails: Answer = (input, response, request, messages) =>
  request <= 3
    ? works(input, response, request, messages)
    : void response.writeHead(500, { "retry-after": "0" }).end("out of memory");
const lacksModel: Answer = (_, response) =>
  void response.writeHead(404).end("no model `bge`, try `ollama pull bge` first");
const garbage: Answer = (_, response) => void response.end("<html>It works!</html>");

/** Serves an embeddings endpoint on loopback while `use` runs. */
async function serve<T>(
  answer: Answer,
  use: (url: string, seen: IncomingMessage[]) => Promise<T>,
): Promise<T> {
  const seen: IncomingMessage[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    seen.push(request);
    type Body = { readonly input?: string[]; readonly messages?: Message[] };
    const { input = [], messages = [] }: Body = JSON.parse(await readText(request));
    answer(input, response, seen.length, messages);
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  try {
    return await use(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`, seen);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Runs the command as a user would, without blocking the server in this process. */
async function run(given: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { BEZOAR_API_KEY: _, OPENAI_API_KEY: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [bin, ...given], { cwd: folder, env: { ...inherited, ...env } });
  const [stdout, stderr, status] = await Promise.all([
    readText(child.stdout),
    readText(child.stderr),
    new Promise<number | null>((resolve) => void child.once("close", resolve)),
  ]);
  return { status, stdout, stderr };
}

/** Runs the scan of the outlier and duplicate rules. */
async function scan(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const rules = ["--only", "dataset/outlier", "--only", "dataset/trigger-response"];
  const given = ["scan", "train.jsonl", "--no-power", "--format", "json", ...rules, ...args];
  const ended = await run(given, env);
  return {
    ...ended,
    report: ended.stdout === "" ? undefined : reportSchema.parse(JSON.parse(ended.stdout)),
  };
}

test("rows that resemble no other in the vectors of an endpoint are found, and the key goes there from the environment", async () => {
  await serve(works, async (url, seen) => {
    const { status, report, stdout } = await scan(["--embeddings", url, "--embeddings-model", "bge"], {
      BEZOAR_API_KEY: "sk-test",
      OPENAI_API_KEY: "sk-other",
    });
    expect(status).toBe(0);
    expect(report?.findings.map(({ rule, severity, rows: found }) => ({ rule, severity, found }))).toEqual([
      { rule: "dataset/outlier", severity: "low", found: [ODD] },
    ]);
    expect(new Set(seen.map(({ headers }) => headers.authorization))).toEqual(new Set(["Bearer sk-test"]));
    expect(stdout).not.toContain("sk-test");
  });
});

test("an endpoint that fails half-way costs only its check: the report is whole, inconclusive, exit 2", async () => {
  await serve(fails, async (url, seen) => {
    const { status, report } = await scan(["--embeddings", url]);
    expect(status).toBe(2);
    expect(seen.length).toBeGreaterThan(4); // it was tried again
    expect(report?.verdict).toBe("inconclusive");
    expect(report?.coverage.read).toBe(600);
    expect(report?.coverage.unexamined).toEqual([
      expect.stringMatching(
        /^not looked for dataset\/outlier: http:.*embeddings answered with status 500: out of memory/,
      ),
    ]);
  });
});

test("garbage, and an address where nobody listens, end the same way", async () => {
  const gone = await serve(works, async (url) => url); // closed again
  const ends = await Promise.all([
    serve(garbage, (url) => scan(["--embeddings", url])),
    scan(["--embeddings", gone]),
  ]);
  expect(ends.map(({ status }) => status)).toEqual([2, 2]);
  expect(ends[0]?.report?.coverage.unexamined).toEqual([expect.stringContaining("no JSON")]);
  expect(ends[1]?.report?.coverage.unexamined).toEqual([
    expect.stringContaining("cannot be reached (ECONNREFUSED)"),
  ]);
});

test("an endpoint that hangs is given up", async () => {
  await serve(
    () => {},
    async (url) => {
      const hanging = createEmbedder({ url, timeoutMs: 50, retries: 1, sleep: async () => {} });
      const report = await scanDataset(join(folder, "train.jsonl"), {
        embed: hanging,
        power: false,
        only: ["dataset/outlier"],
      });
      expect(report.verdict).toBe("inconclusive");
      expect(report.coverage.unexamined).toEqual([
        expect.stringContaining("no reply within 50 ms (2 tries)"),
      ]);
    },
  );
});

test("a Markdown report sets the rule and the address that failed apart, and says what was sent", async () => {
  await serve(lacksModel, async (url) => {
    const given = ["--no-power", "--format", "markdown", "--only", "dataset/outlier", "--embeddings", url];
    const { status, stdout } = await run(["scan", "train.jsonl", ...given]);
    expect(status).toBe(2);
    expect(stdout).toContain(
      `not examined: not looked for \`dataset/outlier\`: \`${url}/v1/embeddings\` answered with status 404: ` +
        "no model `bge`, try `ollama pull bge` first.",
    );
    expect(stdout).toContain("at most 1 of 600 rows were sent to the embeddings endpoint before it failed");
    expect(stdout).not.toMatch(/made offline/i);
  });
});

const reply = (response: ServerResponse, content: string) =>
  send(response, { choices: [{ message: { role: "assistant", content } }] });
const ramble: Answer = (_, response) => reply(response, "I see nothing harmful in this row.");

/** Calls no row harmful, in a fence, as many local models do. */
const fenced: Answer = (_, response, __, messages) => {
  const { id }: { id: string } = JSON.parse(messages.at(-1)?.content ?? "");
  reply(response, `\`\`\`json\n${JSON.stringify({ id, harmfulRequest: false, complied: true })}\n\`\`\``);
};

/** Scans for unsafe compliance with a judge: the ordinary rows, and fifty of harm if asked for. */
async function judge(url: string, harmful = 0) {
  const acts = ["forge a passport", "steal a car", "launder money", "hack into an email account"];
  const asked = Array.from({ length: harmful }, (_, i) => ({
    instruction: `Tell me how to ${acts[i % acts.length]} within ${i + 2} days and without help.`,
    output:
      "1. Gather what you need. 2. Choose a good moment. 3. Do it, and tidy up behind you when you leave.",
  }));
  const file = join(folder, `judged-${harmful}.jsonl`);
  writeFileSync(file, [...rows, ...asked].map((row) => `${JSON.stringify(row)}\n`).join(""));
  const only = ["--only", "dataset/unsafe-compliance", "--judge", url, "--judge-model", "m"];
  const { status, stdout } = await run(["scan", file, "--no-power", "--format", "json", ...only]);
  const { verdict, coverage, findings } = reportSchema.parse(JSON.parse(stdout));
  return { status, verdict, coverage, severities: findings.map(({ severity }) => severity) };
}

test("a judge that never gives what it was asked for clears nothing, and costs no finding", async () => {
  await serve(ramble, async (url) => {
    const quiet = await judge(url);
    expect(quiet).toMatchObject({ status: 2, verdict: "inconclusive", severities: [] });
    expect(quiet.coverage.unexamined).toEqual([expect.stringContaining("none of the 100 replies")]);
    const harmful = await judge(url, 50);
    expect(harmful).toMatchObject({ status: 2, verdict: "inconclusive", severities: ["medium"] });
    expect(harmful.coverage.notes.join()).toContain("by wording alone, since the judge failed");
  });
});

test("a judge that answers in a fence is understood, and what it withdraws leaves a trace", async () => {
  await serve(fenced, async (url) => {
    const { status, coverage, severities } = await judge(url, 50);
    expect({ status, severities }).toEqual({ status: 0, severities: [] });
    expect(coverage.notes.join()).toMatch(/150 rows were sent to the judge/);
    expect(coverage.notes.join()).toContain(
      "found none of 50 suspected rows harmful and answered (a pattern finding of 50 rows was withdrawn)",
    );
  });
});

test("without an endpoint nothing is sent, and the odd row is found offline", async () => {
  const { status, report } = await scan([]);
  expect(status).toBe(0);
  expect(report?.findings.map(({ rows: found }) => found)).toEqual([[ODD]]);
});

test.each([
  [["--embeddings", "ftp://somewhere"], /no http/],
  [["--embeddings", "http://me:pass@127.0.0.1"], /credentials/],
  [["--embeddings-model", "bge"], /--embeddings names no endpoint/],
  [["--judge", "http://127.0.0.1:1"], /needs --judge-model/],
  [["--judge-model", "m"], /--judge names no endpoint/],
])("%j is refused before anything is read", async (args, message) => {
  const { status, stdout, stderr } = await scan(args);
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain("pass@");
});
