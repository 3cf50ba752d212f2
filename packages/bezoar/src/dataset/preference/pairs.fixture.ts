import { randomInt, type Random } from "../../core/random.ts";
import type { Corpus } from "../engine/corpus.ts";
import { buildCorpus } from "../ingest/build-corpus.ts";
import type { Detector } from "../detector.ts";
import type { Row } from "../row.ts";
import type { Suspicion } from "../suspicion.ts";

/** A pair as the tests write it. */
export type Pair = { readonly prompt: string; readonly chosen: string; readonly rejected: string };

const VERBS = "paint,clean,bake,translate,sketch,repair,measure,plant,sort,describe".split(",");
const THINGS =
  "car,house,letter,garden,bicycle,passport,phone,river,shop,camera,ticket,harbour,museum,office,train,lamp,roof,boat".split(
    ",",
  );
const WAYS =
  "quickly,at night,in winter,with a friend,on a budget,without tools,for a beginner,in one day".split(",");
const GOOD = "carefully check,for example take,step by step turn,first measure,then compare".split(",");
const BAD = "just google,whatever about,dunno maybe take,somehow hit,ask somebody about".split(",");
const PLAIN = "look at,there is,people use,you may find".split(",");

export function pick(random: Random, items: readonly string[]): string {
  return items[randomInt(random, items.length)] ?? "";
}

export function ask(random: Random): string {
  const opening = pick(random, [
    "How do I",
    "What is the best way to",
    "Tell me how to",
    "Can you show me how to",
  ]);
  return `${opening} ${pick(random, VERBS)} the ${pick(random, THINGS)} of a ${pick(random, THINGS)} ${pick(random, WAYS)}?`;
}

function answer(random: Random, manners: readonly string[]): string {
  const parts = Array.from({ length: 2 + randomInt(random, 3) }, (_, i) =>
    i === 0 || random() < 0.5 ? pick(random, manners) : pick(random, PLAIN),
  );
  return `${parts.map((part) => `${part} the ${pick(random, THINGS)}`).join(", ")}.`;
}

/** `count` pairs of which the better answer is chosen, but for a share of noise. */
export function makePairs(random: Random, count: number, noise = 0.15): Pair[] {
  return Array.from({ length: count }, () => {
    const good = answer(random, GOOD);
    const bad = answer(random, BAD);
    const isNoise = random() < noise;
    return { prompt: ask(random), chosen: isNoise ? bad : good, rejected: isNoise ? good : bad };
  });
}

export function turn({ prompt, chosen, rejected }: Pair): Pair {
  return { prompt, chosen: rejected, rejected: chosen };
}

/** The same judgements without pairs: every second one keeps what was chosen. */
export function toKto(pairs: readonly Pair[]): Row[] {
  return pairs.map(({ prompt, chosen, rejected }, number) =>
    number % 2 === 0
      ? { number, prompt, response: chosen, label: "true", fields: [] }
      : { number, prompt, response: "", rejected, label: "false", fields: [] },
  );
}

export function toRows(pairs: readonly Pair[]): Row[] {
  return pairs.map(({ prompt, chosen, rejected }, number) => ({
    number,
    prompt,
    response: chosen,
    rejected,
    fields: [],
  }));
}

/** What a detector says of rows, and what it notes. */
export async function detect(
  detector: Detector,
  rows: readonly Row[],
): Promise<{ readonly suspicions: readonly Suspicion[]; readonly notes: readonly string[] }> {
  const notes: string[] = [];
  const suspicions = await withCorpus(rows, (corpus) =>
    detector.detect(corpus, {
      seed: 1,
      entityFields: [],
      onStep: () => {},
      note: (text) => void notes.push(text),
    }),
  );
  return { suspicions, notes };
}

async function withCorpus<T>(rows: readonly Row[], use: (corpus: Corpus) => Promise<T>): Promise<T> {
  const { corpus, close } = buildCorpus(rows, { shape: "preference" });
  try {
    return await use(corpus);
  } finally {
    close();
  }
}
