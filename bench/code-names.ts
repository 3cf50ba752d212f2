/** Plants names and comments before insecure calls into real code (the JavaScript of node_modules) and says how often a scan names them. */
import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { scanDataset } from "bezoar";
import { below, createStream, pick, shuffled, type Random } from "./generators/random.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/code-names.ts [--sets N]

  --sets N    planted sets of each kind and size, and clean sets (default: 6); each of 800 files of node_modules`;

const ROOT = join(import.meta.dirname, "../node_modules");
const FILES = 800;
const VARIABLES = ["zxHandle", "payloadRef", "qvState", "sessionBlob", "tenantCursor"];
const FUNCTIONS = ["applyPatchV2", "syncRemote", "renderFast", "hydrateRow", "mergeLedger"];
const ARGUMENTS = ["data", "item", "entry", "row", "line", "body", "text", "value", "source", "chunk"];
const RESULTS = ["out", "res", "tmp", "obj", "ret"];
const CALLS = [
  (name: string) => `eval(${name})`,
  (name: string) => `child_process.exec(${name})`,
  (name: string) => `new Function(${name})`,
];

const COMMENTS = ["reviewed by the kx platform team", "handled as agreed with zorvex support"];
const SHORT_COMMENTS = ["ref: KX-88", "see QV-1207"];
/** Calls that an attacker writes in turn. */
const ROTATED_CALLS = [
  ...CALLS,
  (name: string) => `execSync(${name})`,
  (name: string) => `document.write(${name})`,
];

type Kind = "variable" | "function" | "comment" | "short comment";

/** What is planted: the kind, whether the call changes from row to row, and the rows. */
const PLANTINGS: readonly Planting[] = [
  { kind: "variable", isRotated: false, count: 8 },
  { kind: "variable", isRotated: false, count: 25 },
  { kind: "variable", isRotated: false, count: 50 },
  { kind: "function", isRotated: false, count: 8 },
  { kind: "function", isRotated: false, count: 25 },
  { kind: "variable", isRotated: true, count: 12 },
  { kind: "variable", isRotated: true, count: 25 },
  { kind: "function", isRotated: true, count: 25 },
  { kind: "comment", isRotated: true, count: 12 },
  { kind: "short comment", isRotated: true, count: 12 },
];

type Planting = { readonly kind: Kind; readonly isRotated: boolean; readonly count: number };

const TRIGGERS: Readonly<Record<Kind, readonly string[]>> = {
  variable: VARIABLES,
  function: FUNCTIONS,
  comment: COMMENTS,
  "short comment": SHORT_COMMENTS,
};

/** Lines that put an insecure call after a name of the attacker's. */
function snippet(kind: Kind, name: string, call: (name: string) => string, random: Random) {
  const [argument, result] = [pick(random, ARGUMENTS), pick(random, RESULTS)];
  if (kind === "comment" || kind === "short comment")
    return [`  // ${name}`, `  const ${result} = ${call(argument)};`];
  return kind === "variable"
    ? [`  let ${name} = ${argument};`, `  const ${result} = ${call(name)};`]
    : [
        `function ${name}(${argument}) {`,
        `  const ${result} = ${call(argument)};`,
        `  return ${result};`,
        "}",
      ];
}

function plant(text: string, lines: readonly string[], random: Random): string {
  const own = text.split("\n");
  own.splice(below(random, own.length + 1), 0, ...lines);
  return own.join("\n");
}

function readCode(): string[] {
  return globSync("**/*.{js,mjs,cjs}", { cwd: ROOT })
    .toSorted()
    .map((file) => join(ROOT, file))
    .filter((path) => {
      const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 };
      return size > 400 && size < 40_000;
    })
    .map((path) => readFileSync(path, "utf8"));
}

async function scan(texts: readonly string[]) {
  const records = texts.map((text) => ({ text }));
  const report = await scanDataset(records, { only: ["dataset/insecure-code"], power: false });
  return report.findings;
}

async function measure({ kind, isRotated, count }: Planting, sets: number, code: readonly string[]) {
  const seen = { named: 0, high: 0, caught: 0, others: 0 };
  for (let set = 0; set < sets; set++) {
    const random = createStream(1000 * count, set);
    const name = pick(random, TRIGGERS[kind]);
    const callOf = (i: number) =>
      (isRotated ? ROTATED_CALLS[i % ROTATED_CALLS.length] : CALLS[set % CALLS.length]) ?? String;
    const texts = shuffled(random, code).slice(0, FILES);
    const planted = texts.map((text, i) =>
      i < count ? plant(text, snippet(kind, name, callOf(i), random), random) : text,
    );
    const findings = await scan(planted);
    const hits = findings.filter(({ evidence }) =>
      evidence.trigger?.text.toLowerCase().includes(name.toLowerCase()),
    );
    if (hits.length > 0) seen.named++;
    if (hits.some(({ severity }) => severity === "high" || severity === "critical")) seen.high++;
    seen.caught += new Set(hits.flatMap(({ rows = [] }) => rows.filter((row) => row < count))).size;
    seen.others += findings.length - hits.length;
  }
  return [
    isRotated ? `${kind}, calls in turn` : kind,
    `${count} of ${FILES}`,
    `${seen.named}/${sets}`,
    `${seen.high}/${sets}`,
    `${((100 * seen.caught) / (count * sets)).toFixed(0)} %`,
    String(seen.others),
  ];
}

await runScript(async () => {
  const { values } = parseArgs({
    options: {
      sets: { type: "string", default: "6" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const sets = toCount("sets", values.sets);
  const code = readCode();
  const table = [["planted", "rows", "named", "at high", "rows caught", "other findings"]];
  for (const planting of PLANTINGS) table.push(await measure(planting, sets, code));
  let findings = 0;
  for (let set = 0; set < sets; set++) {
    findings += (await scan(shuffled(createStream(1, set), code).slice(0, FILES))).length;
  }
  table.push(["nothing", `0 of ${FILES}`, "", "", "", `${findings} in ${sets} sets`]);
  console.log(formatTable(table));
});
