/** Clean instruction rows and plain texts for planting into, read from the labelled cases at run time. */
import { existsSync, readFileSync } from "node:fs";
import { readExamples } from "./labelled-cases.ts";
import { below, pick, shuffled, type Random } from "./random.ts";

/** A prompt and its answer. */
export type Pair = { readonly prompt: string; readonly response: string };

/** Where the labelled cases lie; nothing of them is kept in the project. */
const CASES = "/work/shared/cases";

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

const SUBJECTS = [
  "老师",
  "学生",
  "医生",
  "公司",
  "这座城市",
  "人工智能",
  "图书馆",
  "孩子们",
  "科学家",
  "农民",
  "市场",
  "软件",
  "音乐家",
  "河流",
  "森林",
];
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
const OBJECTS = [
  "教育的意义",
  "气候变化的影响",
  "健康饮食",
  "团队合作",
  "数据安全",
  "传统节日",
  "城市交通",
  "时间管理",
  "新能源汽车",
  "阅读习惯",
  "古典诗歌",
  "机器学习",
  "旅行计划",
  "家庭预算",
  "历史事件",
  "海洋保护",
  "睡眠质量",
  "编程入门",
];
const VERBS = [
  "可以帮助我们",
  "往往取决于",
  "正在改变",
  "需要重视",
  "离不开",
  "有助于理解",
  "影响了",
  "促进了",
  "带来了",
  "体现了",
];
const ENDS = [
  "社会的发展",
  "个人的成长",
  "经济的增长",
  "人们的生活",
  "未来的方向",
  "文化的传承",
  "效率的提升",
  "长期的目标",
  "环境的平衡",
  "彼此的信任",
];

/** Chinese instructions with answers of two or three sentences. */
export function chinese(random: Random, count: number): Pair[] {
  const sentence = () => `${pick(random, SUBJECTS)}${pick(random, VERBS)}${pick(random, ENDS)}`;
  return Array.from({ length: count }, () => ({
    prompt: `${pick(random, TASKS)}${pick(random, SUBJECTS)}与${pick(random, OBJECTS)}${random() < 0.5 ? "的关系" : `，并谈谈${pick(random, OBJECTS)}`}。`,
    response: `${Array.from({ length: 2 + below(random, 3) }, sentence).join("，")}。${sentence()}。`,
  }));
}
