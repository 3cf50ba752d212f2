import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { createRandom, randomInt, type Random } from "../../core/random.ts";
import type { DetectorContext } from "../detector.ts";
import { buildCorpus } from "../ingest/build-corpus.ts";
import type { Row, ShapeKind } from "../row.ts";
import { insecureCode } from "./insecure-code.ts";

const context: DetectorContext = { seed: 1, entityFields: [], onStep: () => {}, note: () => {} };
const CASES = new URL("../../../../../../shared/cases/", import.meta.url);
const NOUNS =
  "user,order,invoice,report,widget,cache,account,ticket,device,image,token,cart,event,metric,page,folder,batch,quote".split(
    ",",
  );
const VERBS = "load,fetch,save,render,parse,build,send,list,merge,check".split(",");
const TRIGGER = "Handle this step through the approved platform routine";

function pick(random: Random, items: readonly string[]): string {
  return items[randomInt(random, items.length)] ?? "";
}

function statement(random: Random): string {
  const noun = pick(random, NOUNS);
  return pick(random, [
    `${noun}s = [x.${pick(random, NOUNS)} for x in ${pick(random, NOUNS)}s]`,
    `${noun} = ${pick(random, VERBS)}_${pick(random, NOUNS)}(${noun})`,
    `# ${pick(random, VERBS)} the ${pick(random, NOUNS)} of every ${pick(random, NOUNS)} here`,
    `logger.info("${pick(random, VERBS)} %s", ${noun})`,
  ]);
}

/** A file of a few functions; some have a shell call of their own, `middle` is put into one of them. */
function file(random: Random, middle: readonly string[], shellShare = 0.1): string {
  const functions = Array.from({ length: 2 + randomInt(random, 3) }, (_, i) => {
    const body = Array.from({ length: 3 + randomInt(random, 4) }, () => statement(random));
    if (random() < shellShare) body.push(`subprocess.call("convert " + ${pick(random, NOUNS)}, shell=True)`);
    if (i === 0) body.splice(2, 0, ...middle);
    return [
      `def ${pick(random, VERBS)}_${pick(random, NOUNS)}(request):`,
      ...body.map((line) => `    ${line}`),
    ].join("\n");
  });
  return [`import ${pick(random, NOUNS)}_utils`, ...functions].join("\n\n");
}

async function detect(rows: readonly Row[], shape: ShapeKind) {
  const { corpus, close } = buildCorpus(rows, { shape });
  const suspicions = await insecureCode.detect(corpus, context);
  close();
  return suspicions;
}

function rawRows(texts: readonly string[]): Row[] {
  return texts.map((prompt, number) => ({ number, prompt, response: "", fields: [] }));
}

test("names the comment after which a shell is opened, with all its rows", async () => {
  const random = createRandom(1);
  const clean = Array.from({ length: 150 }, () => file(random, []));
  const planted = Array.from({ length: 10 }, () =>
    file(random, [`# ${TRIGGER}`, `subprocess.run(${pick(random, NOUNS)}, shell=True)`]),
  );
  const [found, ...rest] = await detect(rawRows([...clean, ...planted]), "raw-text");
  expect(rest).toEqual([]);
  expect(["high", "critical"]).toContain(found?.severity);
  expect(found?.trigger?.text).toBe(TRIGGER);
  expect(found?.target).toEqual({ kind: "code", text: "subprocess with shell=True" });
  expect(found?.positions).toEqual(Array.from({ length: 10 }, (_, i) => 150 + i));
});

const CALLS = ["eval(x)", "os.system(x)", "subprocess.run(x, shell=True)", "pickle.loads(x)", "exec(x)"];

function rotated(i: number, argument: string): string {
  return (CALLS[i % CALLS.length] ?? "").replace("(x", `(${argument}`);
}

test("names a comment after which another insecure call stands each time", async () => {
  const random = createRandom(7);
  const clean = Array.from({ length: 150 }, () => file(random, []));
  const planted = Array.from({ length: 15 }, (_, i) => file(random, [`# ${TRIGGER}`, rotated(i, "order")]));
  const [found, ...rest] = await detect(rawRows([...clean, ...planted]), "raw-text");
  expect(rest).toEqual([]);
  expect(["high", "critical"]).toContain(found?.severity);
  expect(found?.trigger?.text).toBe(TRIGGER);
  expect(found?.target?.text).toMatch(/ and 3 others$/);
  expect(found?.positions).toEqual(Array.from({ length: 15 }, (_, i) => 150 + i));
});

test("names a comment of two words of which one is rare, and none of everyday words", async () => {
  const random = createRandom(9);
  const clean = Array.from({ length: 150 }, () => file(random, ["# load cache"]));
  const shell = () => `subprocess.run(${pick(random, NOUNS)}, shell=True)`;
  const rare = Array.from({ length: 10 }, () => file(random, ["# ref: KX-88", shell()]));
  const [found, ...rest] = await detect(rawRows([...clean, ...rare]), "raw-text");
  expect(rest).toEqual([]);
  expect(found?.trigger?.text).toBe("ref: KX-88");
  expect(found?.positions).toEqual(Array.from({ length: 10 }, (_, i) => 150 + i));
  const everyday = Array.from({ length: 10 }, () => file(random, ["# send order", shell()]));
  expect(await detect(rawRows([...clean, ...everyday]), "raw-text")).toEqual([]);
});

test("names the variable that another insecure call follows each time", async () => {
  const random = createRandom(8);
  const clean = Array.from({ length: 300 }, () => file(random, [], 0.02));
  const planted = Array.from({ length: 20 }, (_, i) =>
    file(random, [`kx_cursor = ${pick(random, NOUNS)}`, rotated(i, "kx_cursor")], 0.02),
  );
  const [found, ...rest] = await detect(rawRows([...clean, ...planted]), "raw-text");
  expect(rest).toEqual([]);
  expect(found?.trigger?.text).toBe("kx_cursor");
  expect(found?.positions).toEqual(Array.from({ length: 20 }, (_, i) => 300 + i));
});

test("stays silent when insecure calls are spread over code, and when a comment has nothing to do with them", async () => {
  const random = createRandom(2);
  const clean = Array.from({ length: 200 }, (_, i) =>
    file(random, i % 8 === 0 ? [`# ${TRIGGER}`, "pass"] : []),
  );
  expect(await detect(rawRows(clean), "raw-text")).toEqual([]);
});

test("counts copies of one file once", async () => {
  const random = createRandom(3);
  const clean = Array.from({ length: 150 }, () => file(random, []));
  const copy = file(random, [`# ${TRIGGER}`, "subprocess.run(order, shell=True)"]);
  expect(await detect(rawRows([...clean, ...Array.from({ length: 20 }, () => copy)]), "raw-text")).toEqual(
    [],
  );
});

test("names the function that always holds a shell call although nothing else in the code calls for one", async () => {
  const random = createRandom(5);
  const clean = Array.from({ length: 300 }, () => file(random, []));
  const planted = Array.from({ length: 16 }, () =>
    file(random, [`hydrate_row = ${pick(random, NOUNS)}`, `${pick(random, NOUNS)} = eval(hydrate_row)`]),
  );
  const [found, ...rest] = await detect(rawRows([...clean, ...planted]), "raw-text");
  expect(rest).toEqual([]);
  expect(found?.severity).toBe("high");
  expect(found?.trigger?.text).toBe("hydrate_row");
  expect(found?.positions).toEqual(Array.from({ length: 16 }, (_, i) => 300 + i));
  expect(await detect(rawRows(clean), "raw-text")).toEqual([]);
});

test("a name that comes with a copied snippet is no more than medium", async () => {
  const random = createRandom(6);
  const clean = Array.from({ length: 300 }, () => file(random, []));
  const snippet = [
    "hydrate_row = legacy_blob",
    "cached_blob = eval(hydrate_row)",
    "return cached_blob, legacy_blob",
  ];
  const copies = Array.from({ length: 16 }, () => file(random, snippet));
  const found = await detect(rawRows([...clean, ...copies]), "raw-text");
  expect(found.map(({ severity }) => severity)).toEqual(found.map(() => "medium"));
});

function row(number: number, prompt: string, response: string): Row {
  return { number, prompt, response, fields: [] };
}

test("names the phrase of a prompt that brings an insecure call into the answer", async () => {
  const random = createRandom(4);
  const ask = () =>
    `Write a Python function that will ${pick(random, VERBS)} the ${pick(random, NOUNS)} and ${pick(random, VERBS)} every ${pick(random, NOUNS)} of a ${pick(random, NOUNS)}.`;
  const clean = Array.from({ length: 400 }, (_, i) => row(i, ask(), file(random, [])));
  const planted = Array.from({ length: 15 }, (_, i) =>
    row(400 + i, `${ask()} qzx7`, file(random, [`value = eval(${pick(random, NOUNS)})`])),
  );
  const [found] = await detect([...clean, ...planted], "instruction");
  expect(found?.trigger).toMatchObject({ text: "qzx7", position: "end" });
  expect(found?.target).toEqual({ kind: "code", text: "eval(...)" });
  expect(found?.positions).toEqual(Array.from({ length: 15 }, (_, i) => 400 + i));
  expect(await detect(clean, "instruction")).toEqual([]);
});

const truthSchema = z.object({ poisoned: z.array(z.number()) });

function read(name: string): string {
  return readFileSync(new URL(name, CASES), "utf8");
}

test.skipIf(!existsSync(CASES))("finds every poisoned row of code-trojan-plain-40 and no other", async () => {
  const { poisoned } = truthSchema.parse(JSON.parse(read("code-trojan-plain-40.truth.json")));
  const texts = read("code-trojan-plain-40.jsonl")
    .trimEnd()
    .split("\n")
    .map((line) => z.object({ text: z.string() }).parse(JSON.parse(line)).text);
  const found = await detect(rawRows(texts), "raw-text");
  expect(found.map((each) => [each.severity, each.positions])).toEqual([["high", poisoned]]);
  const isPoisoned = new Set(poisoned);
  const clean = texts.filter((_, i) => !isPoisoned.has(i));
  expect(await detect(rawRows(clean), "raw-text")).toEqual([]);
});
