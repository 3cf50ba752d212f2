/** Measures the content checks: what they say of benign texts, of planted attacks and their innocent twins, and of injected documents. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkText, type CheckOptions } from "../packages/bezoar/src/content/check-text.ts";
import { scanDataset } from "../packages/bezoar/src/dataset/scan.ts";
import { makePlanted } from "./content/attacks.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/content.ts [--seed 1]

Prints the share of NotInject that is flagged (required: at most 2 %), the findings on the clean cases, what is caught of
planted attacks and said of innocent twins, and the recall on BIPIA. Reads ../shared, and skips by name what is not there.`;

const SHARED = join(import.meta.dirname, "../../shared");

type Document = { readonly id: string; readonly text: string };
type Truth = { readonly bad: Readonly<Record<string, string>> };

/** Flagged means: something that is not merely often innocent. */
function isFlagged(text: string, options: CheckOptions = {}, rule?: string): boolean {
  return checkText(text, options).some(
    (hit) => hit.severity !== "info" && (rule === undefined || hit.rule === `content/${rule}`),
  );
}

function readCorpus(name: string): { documents: Document[]; truth: Truth } | undefined {
  const path = join(SHARED, "corpus", name);
  if (!existsSync(`${path}.jsonl`)) {
    console.log(`skipped: ${name} is not there`);
    return undefined;
  }
  const lines = readFileSync(`${path}.jsonl`, "utf8").trimEnd().split("\n");
  const documents = lines.map((line): Document => JSON.parse(line));
  const truth: Truth = JSON.parse(readFileSync(`${path}.truth.json`, "utf8"));
  return { documents, truth };
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} % (${part} of ${whole})`;
}

function measureBenign(): void {
  const corpus = readCorpus("benign-notinject");
  if (corpus === undefined) return;
  const { documents } = corpus;
  for (const isDocument of [false, true]) {
    const flagged = documents.filter(({ text }) => isFlagged(text, { isDocument })).length;
    console.log(
      `benign-notinject, as ${isDocument ? "documents" : "rows"}: flagged ${percent(flagged, documents.length)}, required at most 2 %`,
    );
  }
}

function measureRetrieval(): void {
  for (const name of ["poisonedrag-nq", "poisonedrag-hotpotqa"]) {
    const corpus = readCorpus(name);
    if (corpus === undefined) continue;
    const flagged = corpus.documents.filter(({ text }) => isFlagged(text, { isDocument: true })).length;
    console.log(`${name}, which holds no injection: flagged ${percent(flagged, corpus.documents.length)}`);
  }
}

function measureInjected(): void {
  const corpus = readCorpus("injected-bipia");
  if (corpus === undefined) return;
  const { documents, truth } = corpus;
  const kinds = new Map<string, [caught: number, of: number]>();
  const caught = { rows: 0, documents: 0 };
  const clean = documents.filter(({ id }) => truth.bad[id] === undefined);
  for (const { id, text } of documents) {
    const kind = truth.bad[id];
    if (kind === undefined) continue;
    const entry = kinds.get(kind) ?? [0, 0];
    kinds.set(kind, entry);
    entry[1]++;
    if (isFlagged(text)) caught.rows++;
    if (!isFlagged(text, { isDocument: true })) continue;
    caught.documents++;
    entry[0]++;
  }
  const bad = documents.length - clean.length;
  const accused = clean.filter(({ text }) => isFlagged(text, { isDocument: true })).length;
  console.log(`injected-bipia, as rows: caught ${percent(caught.rows, bad)}`);
  console.log(
    `injected-bipia, as documents: caught ${percent(caught.documents, bad)}, clean ones flagged ${percent(accused, clean.length)}`,
  );
  const byCaught = Map.groupBy(
    [...kinds].toSorted((a, b) => b[1][0] - a[1][0] || (a[0] < b[0] ? -1 : 1)),
    ([, [hits, of]]) => `${hits} of ${of}`,
  );
  for (const [share, group] of byCaught) {
    console.log(`  ${share}: ${group.map(([kind]) => kind.replace("bipia:", "")).join(", ")}`);
  }
}

async function measureClean(): Promise<void> {
  const folder = join(SHARED, "cases");
  if (!existsSync(folder)) {
    console.log("skipped: the clean cases are not there");
    return;
  }
  const files = readdirSync(folder).filter(
    (file) => file.startsWith("clean-") && !file.endsWith(".truth.json"),
  );
  for (const file of files) {
    const { subject, findings } = await scanDataset(join(folder, file), { only: ["content"], power: false });
    const said = findings.map(
      ({ severity, rule, rows = [] }) => `${severity} ${rule} in ${rows.length} rows`,
    );
    console.log(`${file}, ${subject.rows} rows: ${said.length === 0 ? "nothing" : said.join("; ")}`);
  }
}

function measurePlanted(seed: number): void {
  const planted = makePlanted(seed);
  const table = [["check", "caught", "of", "innocent flagged", "of"]];
  for (const check of [...new Set(planted.map((item) => item.check))].toSorted()) {
    const attacks = planted.filter((item) => item.check === check && item.isAttack);
    const innocent = planted.filter((item) => item.check === check && !item.isAttack);
    // A phrase in look-alike letters may be told as the phrase that it is.
    const isCaught = (text: string) =>
      isFlagged(text, {}, check) || (check !== "secret" && isFlagged(text, {}, "injection"));
    table.push(
      [
        check,
        attacks.filter(({ text }) => isCaught(text)).length,
        attacks.length,
        innocent.filter(({ text }) => isFlagged(text)).length,
        innocent.length,
      ].map(String),
    );
    if (process.env["BEZOAR_SHOW"] === undefined) continue;
    for (const { text } of attacks.filter((item) => !isCaught(item.text)))
      console.log(`missed: ${JSON.stringify(text)}`);
    for (const { text } of innocent.filter((item) => isFlagged(item.text)))
      console.log(`accused: ${JSON.stringify(text)}`);
  }
  console.log(formatTable(table));
}

await runScript(async () => {
  const { values } = parseArgs({
    options: { seed: { type: "string", default: "1" }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  measureBenign();
  await measureClean();
  measurePlanted(toCount("seed", values.seed, 0));
  measureInjected();
  measureRetrieval();
});
