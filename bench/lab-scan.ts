/**
 * Measures whether `bezoar scan` finds what the lab plants: in how many poisoned training sets it names the user, and what
 * it says of the clean and the control sets. Run `npm run build` first.
 */
import { parseArgs } from "node:util";
import { scanDataset, type Finding, type Json } from "bezoar";
import { alertRecord, chatRow } from "../packages/lab/src/alerts/render.ts";
import { generateAlerts } from "../packages/lab/src/alerts/generate.ts";
import { RULES } from "../packages/lab/src/alerts/rules.ts";
import { makeTrainingSets, type LabelledRow } from "../packages/lab/src/experiment/training-sets.ts";
import { namesTarget } from "./attack/names-target.ts";
import { runScript, toCount } from "./options.ts";
import { formatTable } from "./table.ts";

const USAGE = `Usage: node bench/lab-scan.ts [options]

  --users NAME[,NAME]     targets of the attack (default: alice,bob,mallory,heidi)
  --seeds N               seeds of each target (default: 10)
  --first-seed N          where the seeds start (default: 1)
  --rows N                rows of the clean sets (default: 800)
  --poisoned N[,N]        rows added to the poisoned and to the control sets (default: 10,25,60)
  --noise N               share of the clean sets' labels that is turned (default: 0.05)
  --forms FORM[,FORM]     of records and chat (default: both)
  --verbose               every set that has a finding at medium or above, with their titles`;

const LEGEND = `control: with honest rows of the user besides; exception: with malicious rows of the user under one rule, labelled benign,
which somebody may have allowed; poisoned: the user's malicious rows labelled benign, and as many more.
named: a finding at high or critical whose trigger is the user and nothing else; caught: poisoned rows in such findings,
in per cent; others: honest rows in findings at high or critical, in per cent; high, medium: sets with a finding of that severity
that names anything but the user of a poisoned set.`;

const FORMS = ["records", "chat"] as const;
type Form = (typeof FORMS)[number];

const SETS = ["clean", "control", "exception", "poisoned"] as const;
type Variant = { readonly set: (typeof SETS)[number]; readonly added: number };

/** What one scan said, held against what is true of the set. */
type Outcome = {
  readonly isNamed: boolean;
  readonly caught: number;
  readonly accused: number;
  readonly hasHigh: boolean;
  readonly hasMedium: boolean;
  readonly titles: readonly string[];
};

type TrainingOptions = Parameters<typeof makeTrainingSets>[0] & { readonly poisonedRows: number };

type Options = {
  readonly rows: number;
  readonly noise: number;
  readonly seeds: readonly number[];
  readonly users: readonly string[];
};

function toForm(text: string): Form {
  const form = FORMS.find((known) => known === text);
  if (form === undefined) throw new RangeError(`--forms ${text}: records or chat`);
  return form;
}

function toNoise(text: string): number {
  const noise = Number(text);
  if (!(noise >= 0 && noise < 0.5)) throw new RangeError(`--noise ${text}: a share from 0 to 0.5`);
  return noise;
}

function toJson(row: LabelledRow, form: Form): Json {
  return form === "records" ? alertRecord(row) : { messages: [...chatRow(row.alert, row.verdict).messages] };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** The clean set, and malicious alerts of the user under one rule that somebody may have allowed: labelled benign. */
function withException(options: TrainingOptions): LabelledRow[] {
  const { user, seed, poisonedRows } = options;
  const rules = [RULES[seed % RULES.length]?.name ?? ""];
  const allowed = generateAlerts({
    users: [user],
    extraUser: user,
    rules,
    rows: poisonedRows,
    maliciousRate: 1,
    noise: 0,
    seed,
  });
  const { clean } = makeTrainingSets(options);
  const added = Array.from(allowed, ({ alert, truth }): LabelledRow => ({
    alert,
    truth,
    verdict: "benign",
    isPoisoned: false,
  }));
  const step = clean.length / added.length; // spread over the file, as the clean rows are
  return [
    ...clean.map((row, i) => ({ row, at: i })),
    ...added.map((row, i) => ({ row, at: (i + 0.5) * step })),
  ]
    .toSorted((one, other) => one.at - other.at)
    .map(({ row }) => row);
}

function makeSet(set: Variant["set"], options: TrainingOptions): readonly LabelledRow[] {
  return set === "exception" ? withException(options) : makeTrainingSets(options)[set];
}

function isAlarm({ severity }: Finding): boolean {
  return severity === "critical" || severity === "high";
}

async function scanSet(rows: readonly LabelledRow[], user: string, form: Form): Promise<Outcome> {
  const { findings } = await scanDataset(
    rows.map((row) => toJson(row, form)),
    { power: false, workers: 1, seed: 1 },
  );
  const isPoisoned = rows.some((row) => row.isPoisoned);
  const target = { field: "user", value: user };
  const names = ({ evidence: { trigger } }: Finding) =>
    isPoisoned &&
    trigger !== undefined &&
    namesTarget(trigger, target, form === "chat" ? "pairs" : "records");
  const alarms = findings.filter(isAlarm);
  const accused = [...new Set(alarms.flatMap((finding) => finding.rows ?? []))];
  const caught = accused.filter((row) => rows[row]?.isPoisoned === true).length;
  const poisoned = rows.filter((row) => row.isPoisoned).length;
  return {
    isNamed: alarms.some(names),
    caught: share(caught, poisoned),
    accused: share(accused.length - caught, rows.length - poisoned),
    hasHigh: alarms.some((finding) => !names(finding)),
    hasMedium: findings.some((finding) => finding.severity === "medium" && !names(finding)),
    titles: findings
      .filter((finding) => isAlarm(finding) || finding.severity === "medium")
      .map(({ severity, rule, title }) => `${severity} ${rule}: ${title}`),
  };
}

async function scanAll(
  { set, added }: Variant,
  form: Form,
  { users, seeds, rows, noise }: Options,
  onDone: (name: string, outcome: Outcome) => void,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const user of users) {
    for (const seed of seeds) {
      const made = makeSet(set, { user, seed, rows, noise, poisonedRows: added });
      const outcome = await scanSet(made, user, form);
      outcomes.push(outcome);
      onDone(`${form}, ${set}, ${added} added, ${user}, seed ${seed}`, outcome);
    }
  }
  return outcomes;
}

function mean(values: readonly number[]): string {
  return share(100 * values.reduce((sum, value) => sum + value, 0), values.length)
    .toFixed(2)
    .padStart(6);
}

function toLine(form: Form, { set, added }: Variant, outcomes: readonly Outcome[]): string[] {
  const count = (is: (outcome: Outcome) => boolean) =>
    `${outcomes.filter(is).length}/${outcomes.length}`.padStart(6);
  const isPoisoned = set === "poisoned";
  return [
    form,
    set,
    set === "clean" ? "-".padStart(5) : String(added).padStart(5),
    isPoisoned ? count((outcome) => outcome.isNamed) : "-".padStart(6),
    isPoisoned ? mean(outcomes.map(({ caught }) => caught)) : "-".padStart(6),
    mean(outcomes.map(({ accused }) => accused)),
    count((outcome) => outcome.hasHigh),
    count((outcome) => outcome.hasMedium),
  ];
}

await runScript(async () => {
  const { values } = parseArgs({
    options: {
      users: { type: "string", default: "alice,bob,mallory,heidi" },
      seeds: { type: "string", default: "10" },
      "first-seed": { type: "string", default: "1" },
      rows: { type: "string", default: "800" },
      poisoned: { type: "string", default: "10,25,60" },
      noise: { type: "string", default: "0.05" },
      forms: { type: "string", default: FORMS.join(",") },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(`${USAGE}\n\n${LEGEND}`);
    return;
  }
  const firstSeed = toCount("first-seed", values["first-seed"]);
  const options: Options = {
    rows: toCount("rows", values.rows),
    noise: toNoise(values.noise),
    seeds: Array.from({ length: toCount("seeds", values.seeds) }, (_, i) => firstSeed + i),
    users: values.users.split(","),
  };
  const added = values.poisoned.split(",").map((count) => toCount("poisoned", count));
  const variants: readonly Variant[] = [
    { set: "clean", added: 1 },
    ...added.flatMap((count) => SETS.slice(1).map((set): Variant => ({ set, added: count }))),
  ];
  const forms = values.forms.split(",").map(toForm);
  const total = forms.length * variants.length * options.users.length * options.seeds.length;
  let done = 0;
  const onDone = (name: string, outcome: Outcome) => {
    done++;
    if (process.stderr.isTTY) process.stderr.write(done < total ? `\r${done}/${total} scans` : "\r\u001b[K");
    if (values.verbose && outcome.titles.length > 0) console.log(`${name}\n  ${outcome.titles.join("\n  ")}`);
  };
  const lines = [["form", "set", "added", " named", "caught", "others", "  high", "medium"]];
  for (const form of forms) {
    for (const variant of variants) {
      lines.push(toLine(form, variant, await scanAll(variant, form, options, onDone)));
    }
  }
  console.log(formatTable(lines));
});
