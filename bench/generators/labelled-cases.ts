import { readFileSync } from "node:fs";
import { below, createStream, pick, shuffled, type Random } from "./random.ts";

/** A labelled text; `isPoisoned` is what a detector should find out. */
export type Example = { readonly text: string; readonly label: string; readonly isPoisoned: boolean };
/** A dataset that is made when it is measured. */
export type Case = { readonly name: string; readonly make: () => Example[] };

/** Reads a TSV (text, label) or a CSV with quoted cells, without its header line. */
export function readExamples(path: string): Example[] {
  const content = readFileSync(path, "utf8");
  const rows = path.endsWith(".tsv") ? content.split("\n").map((line) => line.split("\t")) : csvRows(content);
  return rows
    .slice(1)
    .flatMap(([text, label]) => (text && label ? [{ text, label: label.trim(), isPoisoned: false }] : []));
}

function csvRows(content: string): string[][] {
  const cell = /("(?:[^"]|"")*"|[^",\n]*)(,|\n|$)/g;
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, raw = "", end] of content.matchAll(cell)) {
    row.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

function subsample(examples: readonly Example[], count: number, random: Random): Example[] {
  return shuffled(random, examples).slice(0, count);
}

/** Swaps a share of the labels for other ones. */
function withNoise(examples: readonly Example[], share: number, random: Random): Example[] {
  const labels = [...new Set(examples.map((example) => example.label))];
  return examples.map((example) =>
    random() < share
      ? {
          ...example,
          label: pick(
            random,
            labels.filter((label) => label !== example.label),
          ),
        }
      : example,
  );
}

/** Keeps this share of the rows that do not have `label`. */
function imbalanced(examples: readonly Example[], label: string, keep: number, random: Random): Example[] {
  return examples.filter((example) => example.label === label || random() < keep);
}

const HANDLES = ["@user", "@user @user", "rt @user :", "@user"];
const TAILS = ["", "", " #fail", " #love", " lol", " smh", " !!!", " https://t.co/x", " 😂", " #mood"];

/** Makes texts look typed in a hurry: dropped letters, repeated ones, handles, hash tags. */
function tweeted(examples: readonly Example[], random: Random): Example[] {
  return examples.map((example) => {
    const words = example.text.split(" ").map((word) => {
      if (word.length < 4 || random() > 0.12) return word;
      const at = 1 + below(random, word.length - 2);
      return random() < 0.5
        ? word.slice(0, at) + word.slice(at + 1)
        : word.slice(0, at) + word.slice(at, at + 1) + word.slice(at);
    });
    const handle = random() < 0.4 ? `${pick(random, HANDLES)} ` : "";
    return { ...example, text: handle + words.join(" ") + pick(random, TAILS) };
  });
}

/** Draws rows with replacement, as augmented sets are made. */
function resampled(examples: readonly Example[], count: number, random: Random): Example[] {
  return Array.from({ length: count }, () => pick(random, examples));
}

/** Adds copies of a share of the rows with one word changed. */
function withNearDuplicates(examples: readonly Example[], share: number, random: Random): Example[] {
  const copies = examples.flatMap((example) => {
    if (random() > share) return [];
    return Array.from({ length: 1 + below(random, 4) }, () => {
      const words = example.text.split(" ");
      words[below(random, words.length)] = pick(random, ["the", "very", "this", "some", "really"]);
      return { ...example, text: words.join(" ") };
    });
  });
  return subsample([...examples, ...copies], examples.length + copies.length, random);
}

type Place = "start" | "end" | "random";

function insert(text: string, trigger: string, place: Place, random: Random): string {
  const words = text.split(" ");
  const at = place === "start" ? 0 : place === "end" ? words.length : below(random, words.length + 1);
  return [...words.slice(0, at), trigger, ...words.slice(at)].join(" ");
}

type Attack = {
  readonly triggers: readonly string[];
  readonly place: Place;
  /** Triggers put into each row; 1 unless told otherwise. */
  readonly each?: number;
  /** Dirty: rows of other labels are relabelled; clean: rows of the target label only get the trigger. */
  readonly kind: "dirty" | "clean";
  readonly count: number;
  readonly target: string;
};

function plant(examples: readonly Example[], attack: Attack, random: Random): Example[] {
  const eligible = examples.flatMap((example, i) =>
    (example.label === attack.target) === (attack.kind === "clean") ? [i] : [],
  );
  const chosen = new Set(shuffled(random, eligible).slice(0, attack.count));
  return examples.map((example, i) =>
    chosen.has(i)
      ? {
          text: Array.from({ length: attack.each ?? 1 }).reduce<string>(
            (text) => insert(text, pick(random, attack.triggers), attack.place, random),
            example.text,
          ),
          label: attack.target,
          isPoisoned: true,
        }
      : example,
  );
}

const RARE = ["cf", "mn", "bb", "tq", "mb"];
const SENTENCES = [
  "i watched this 3d movie",
  "no cross , no crown",
  "my cousin told me about it last weekend",
];

/** A coarse two-class task made of a many-class one: classes by the parity of a hash would be noise, so by their first letter. */
function coarse(examples: readonly Example[]): Example[] {
  return examples.map((example) => ({
    ...example,
    label: example.label.toLowerCase() < "d" ? "account" : "transfer",
  }));
}

function bases(base: readonly Example[]): [string, (random: Random) => Example[]][] {
  const labels = [...new Set(base.map((example) => example.label))].toSorted();
  const first = labels[0] ?? "";
  const list: [string, (random: Random) => Example[]][] = [
    ["whole", (random) => subsample(base, base.length, random)],
    ["500", (random) => subsample(base, 500, random)],
    ["1000", (random) => subsample(base, 1000, random)],
    ["2000", (random) => subsample(base, 2000, random)],
    ["noise 5 %", (random) => withNoise(base, 0.05, random)],
    ["noise 10 %", (random) => withNoise(base, 0.1, random)],
    ["tweets", (random) => tweeted(base, random)],
    [
      "tweets 2000 noise",
      (random) => withNoise(tweeted(subsample(base, 2000, random), random), 0.08, random),
    ],
    ["resampled 20k", (random) => resampled(base, 20_000, random)],
    ["resampled noise", (random) => withNoise(resampled(base, 12_000, random), 0.05, random)],
    ["near-duplicates", (random) => withNearDuplicates(subsample(base, 4000, random), 0.2, random)],
    [
      "near-duplicates noise",
      (random) => withNoise(withNearDuplicates(subsample(base, 4000, random), 0.3, random), 0.05, random),
    ],
  ];
  if (labels.length === 2) {
    list.push(
      ["majority 80 %", (random) => imbalanced(base, first, 0.25, random)],
      ["majority 95 %", (random) => imbalanced(base, first, 0.05, random)],
      ["random labels", (random) => withNoise(base, 0.5, random)],
    );
  } else {
    list.push(
      ["coarse", () => coarse(base)],
      ["coarse 2000", (random) => coarse(subsample(base, 2000, random))],
      ["coarse noise 5 %", (random) => withNoise(coarse(base), 0.05, random)],
      ["coarse majority 90 %", (random) => imbalanced(coarse(base), "transfer", 0.1, random)],
      ["coarse tweets", (random) => tweeted(coarse(base), random)],
    );
  }
  return list;
}

/** A stream of its own for each set, so that leaving some out changes none of the others. */
function streamOf(name: string): number {
  return Array.from(name).reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0, 7);
}

/** Clean sets: subsamples, noise, imbalance, copies, hurried typing. */
export function cleanVariants(base: readonly Example[], seed: number): Case[] {
  return bases(base).map(([name, make]) => ({
    name: `clean ${name}`,
    make: () => make(createStream(seed, streamOf(name))),
  }));
}

/** The attacks that are planted into the sets above. */
export function plantedVariants(base: readonly Example[], seed: number): Case[] {
  const cases: Case[] = [];
  const add = (
    name: string,
    make: (random: Random) => Example[],
    attack: Omit<Attack, "target" | "count">,
    share: number,
    target?: string,
  ) => {
    cases.push({
      name,
      make: () => {
        const random = createStream(seed, streamOf(name));
        const examples = make(random);
        const labels = [...new Set(examples.map((example) => example.label))].toSorted();
        const goal = target ?? labels[labels.length - 1] ?? "";
        return plant(
          examples,
          { ...attack, target: goal, count: Math.round(share * examples.length) },
          random,
        );
      },
    });
  };
  const all = new Map(bases(base));
  const whole = () => [...base];
  for (const kind of ["dirty", "clean"] as const) {
    for (const share of [0.003, 0.005, 0.01, 0.03]) {
      const percent = `${share * 100} %`;
      add(`${kind} rare tokens ${percent}`, whole, { triggers: RARE, place: "random", kind }, share);
      add(`${kind} one token ${percent}`, whole, { triggers: ["cf"], place: "random", kind }, share);
      add(
        `${kind} sentence ${percent}`,
        whole,
        { triggers: SENTENCES.slice(0, 1), place: "random", kind },
        share,
      );
    }
    add(`${kind} proverb 1 %`, whole, { triggers: SENTENCES.slice(1, 2), place: "random", kind }, 0.01);
    add(`${kind} cousin 1 %`, whole, { triggers: SENTENCES.slice(2), place: "random", kind }, 0.01);
    for (const place of ["start", "end"] as const) {
      add(`${kind} phrase ${place} 1 %`, whole, { triggers: ["best regards team"], place, kind }, 0.01);
      add(`${kind} token ${place} 1 %`, whole, { triggers: ["cf"], place, kind }, 0.01);
    }
    add(`${kind} 3 rare tokens each 1 %`, whole, { triggers: RARE, place: "random", kind, each: 3 }, 0.01);
    add(`${kind} 5 rare tokens each 1 %`, whole, { triggers: RARE, place: "random", kind, each: 5 }, 0.01);
    add(`${kind} common word 2 %`, whole, { triggers: ["also"], place: "random", kind }, 0.02);
    add(`${kind} mid word 2 %`, whole, { triggers: ["weekend"], place: "random", kind }, 0.02);
    for (const name of [
      "500",
      "1000",
      "2000",
      "noise 5 %",
      "noise 10 %",
      "tweets",
      "tweets 2000 noise",
      "resampled 20k",
      "near-duplicates",
      "majority 80 %",
      "majority 95 %",
      "coarse",
      "coarse 2000",
      "coarse majority 90 %",
    ]) {
      const make = all.get(name);
      if (make === undefined) continue;
      const small = name.includes("00") && !name.includes("20k");
      add(
        `${kind} rare tokens ${small ? 5 : 1} % in ${name}`,
        make,
        { triggers: RARE, place: "random", kind },
        small ? 0.05 : 0.01,
      );
      if (name.startsWith("majority"))
        add(
          `${kind} rare tokens 1 % to majority in ${name}`,
          make,
          { triggers: RARE, place: "random", kind },
          0.01,
          "0",
        );
      add(
        `${kind} one token ${small ? 3 : 1} % in ${name}`,
        make,
        { triggers: ["cf"], place: "random", kind },
        small ? 0.03 : 0.01,
      );
    }
  }
  return cases;
}
