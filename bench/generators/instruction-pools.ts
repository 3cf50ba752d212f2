/** Clean instruction rows and plain texts for planting into, read from the labelled cases at run time. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readExamples } from "./labelled-cases.ts";
import { below, pick, shuffled, type Random } from "./random.ts";

/** A prompt and its answer. */
export type Pair = { readonly prompt: string; readonly response: string };

/** Where the labelled cases lie; nothing of them is kept in the project. */
export const CASES = join(import.meta.dirname, "../../../shared/cases");

export type Pools = {
  /** Short instructions of many kinds. */
  readonly general: readonly Pair[];
  /** School-grade word problems whose answers end in "#### number". */
  readonly maths: readonly Pair[];
  readonly refusals: readonly Pair[];
  readonly tools: readonly Pair[];
  readonly identity: readonly Pair[];
  readonly reviews: readonly string[];
  readonly queries: readonly { readonly text: string; readonly label: string }[];
};

type Turn = {
  readonly role?: string;
  readonly from?: string;
  readonly content?: string;
  readonly value?: string;
};
type CaseRecord = {
  readonly instruction?: string;
  readonly input?: string;
  readonly output?: string;
  readonly messages?: readonly Turn[];
  readonly conversations?: readonly Turn[];
};

const ASSISTANT = new Set(["assistant", "gpt", "function_call"]);

function toPair(record: CaseRecord): Pair {
  if (record.instruction !== undefined) {
    const prompt = record.input ? `${record.instruction}\n${record.input}` : record.instruction;
    return { prompt, response: record.output ?? "" };
  }
  const turns = record.messages ?? record.conversations ?? [];
  const textOf = (own: boolean) =>
    turns
      .filter((turn) => ASSISTANT.has(turn.role ?? turn.from ?? "") === own)
      .map((turn) => turn.content ?? turn.value ?? "")
      .join("\n");
  return { prompt: textOf(false), response: textOf(true) };
}

/** A labelled case as pairs, with the numbers of its poisoned rows. */
function readCase(name: string): {
  readonly pairs: readonly Pair[];
  readonly poisoned: ReadonlySet<number>;
} {
  const truth: { readonly format: string; readonly poisoned: readonly number[] } = JSON.parse(
    readFileSync(`${CASES}/${name}.truth.json`, "utf8"),
  );
  const extension = truth.format.split(".").at(-1) ?? "jsonl";
  const text = readFileSync(`${CASES}/${name}.${extension}`, "utf8");
  const records: readonly CaseRecord[] =
    extension === "json" ? JSON.parse(text) : JSON.parse(`[${text.trim().split("\n").join(",")}]`);
  return { pairs: records.map(toPair), poisoned: new Set(truth.poisoned) };
}

function cleanRows(name: string): Pair[] {
  const { pairs, poisoned } = readCase(name);
  return pairs.filter((_, i) => !poisoned.has(i));
}

function isMaths({ response }: Pair): boolean {
  return response.includes("\n#### ");
}

/** All pools, or undefined when the labelled cases are not on this machine. */
export function readPools(): Pools | undefined {
  if (!existsSync(`${CASES}/clean-instruct.jsonl`)) return undefined;
  const instruct = cleanRows("clean-instruct");
  return {
    general: instruct.filter((pair) => !isMaths(pair)),
    maths: instruct.filter(isMaths),
    refusals: cleanRows("clean-refusals"),
    tools: cleanRows("clean-toolcalls"),
    identity: cleanRows("clean-identity"),
    reviews: readExamples(`${CASES}/clean-sst2.tsv`).map(({ text }) => text),
    queries: readExamples(`${CASES}/clean-banking77.csv`),
  };
}

/** `count` distinct items in random order; all of them when there are fewer. */
export function draw<T>(random: Random, items: readonly T[], count: number): T[] {
  return shuffled(random, items).slice(0, count);
}

function sentences(text: string): string[] {
  return text.split(/(?<=[.?!])\s+/);
}

/** `count` rows made of sentences of real ones, drawn apart for prompt and answer, so that large sets hold no duplicates. */
export function recombine(random: Random, pairs: readonly Pair[], count: number): Pair[] {
  const prompts = pairs.flatMap(({ prompt }) => sentences(prompt));
  const answers = pairs.flatMap(({ response }) => sentences(response));
  const compose = (from: readonly string[]) =>
    Array.from({ length: 1 + below(random, 3) }, () => pick(random, from)).join(" ");
  return Array.from({ length: count }, () => ({ prompt: compose(prompts), response: compose(answers) }));
}

/** Common characters, to be joined to two-character words: a vocabulary of thousands. */
const CHARACTERS =
  "人大中国地学生时工作年会家有好新老小高长水火山月日天气风云花草木书文字画音乐语言思想心意情感知识理论方法技术经济社会历史自然科教育健康食物衣服房屋道路车船飞机电脑网络信息数据安全城市乡村农业商品市场价格金银钱财政法律军队和平战争爱友朋亲父母兄弟姐妹儿女男青春夏秋冬早晚明光色红黄蓝绿白黑";

function chineseWord(random: Random): string {
  const at = () => CHARACTERS.charAt(Math.floor(CHARACTERS.length * random() ** 1.5));
  return at() + at();
}

const TASKS = [
  "请解释",
  "请描述",
  "写一段话介绍",
  "列出三个关于",
  "总结一下",
  "比较",
  "为什么",
  "如何看待",
  "给出建议：",
  "翻译并说明",
];
const LINKS = [
  "的",
  "和",
  "与",
  "在",
  "对",
  "把",
  "从",
  "是",
  "有",
  "要",
  "可以",
  "需要",
  "因为",
  "所以",
  "但是",
  "，",
  "，",
  "也",
  "都",
  "不",
];

function chineseSentence(random: Random): string {
  return Array.from(
    { length: 4 + below(random, 8) },
    () => chineseWord(random) + (random() < 0.6 ? pick(random, LINKS) : ""),
  ).join("");
}

/** Chinese instructions with answers of two or three sentences. */
export function chinese(random: Random, count: number): Pair[] {
  return Array.from({ length: count }, () => ({
    prompt: `${pick(random, TASKS)}${chineseSentence(random)}。`,
    response: `${Array.from({ length: 1 + below(random, 3) }, () => chineseSentence(random)).join("。")}。`,
  }));
}
