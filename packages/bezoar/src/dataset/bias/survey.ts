import { combine32, hashString, mix32 } from "../../core/hash.ts";
import type { Corpus } from "../engine/corpus.ts";
import type { Kernel } from "../engine/kernel.ts";
import type { Row } from "../row.ts";
import { isFunctionWord, lastWord, readSentences, type Sentence } from "./mentions.ts";
import { isOpinion, opinionOf } from "./opinions.ts";

/** What one row says where it speaks of one name. */
export type Said = {
  readonly position: number;
  /** What the prompt thinks of the name, and what the response does: below zero ill, above zero well. */
  readonly asked: number;
  readonly answered: number;
  /** Whether the response was read where it names the name, or as a whole since it does not. */
  readonly isEchoed: boolean;
  /** Whether the prompt has the name. */
  readonly isAsked: boolean;
  /** The longest sentence of the prompt without names, and the whole response: equal for questions about one passage and for copies. */
  readonly passage: number;
  readonly response: number;
  /** The sentence of the prompt, and of the response, that first shows what is thought; 0 for none. */
  readonly askedIn: number;
  readonly answeredIn: number;
};

/** A row that speaks of a name, or of a topic (a word without a capital), which is told by its hash. */
export type Mention = { readonly name: number; readonly isTopic: boolean; readonly said: Said };

/** Rows that are read: reading texts is slow, and a share of a large set shows what stands in as many rows of it. */
const MAX_ROWS = 100_000;
/** Different names of one row that are looked at; a row with more is a list. */
const MAX_NAMES = 12;
/** Topics of one row that are looked at, and letters of the shortest; shorter words are seldom a topic. */
const MAX_TOPICS = 8;
const MIN_TOPIC = 4;
/** Words from which on a sentence is a passage that several questions may share. */
const MIN_PASSAGE_WORDS = 12;

type SurveyParams = { readonly seed: number; readonly rate: number };

const WIDTH = 7;
const ECHOED = 1;
const ASKED = 2;
const TOPIC = 4;

/** Collects every mention of a name in the sampled rows, by block: name, position, opinions and flags, passage, response, sentences. */
export const nameMentions: Kernel<SurveyParams, Map<number, Uint32Array>> = {
  name: "name-mentions",
  start: () => new Map(),
  step: (state, block, { seed, rate }) => {
    const found: number[] = [];
    for (let i = 0; i < block.size; i++) {
      const position = block.first + i;
      if (rate < 1 && mix32(position ^ mix32(seed + 0x2b1a)) >= rate * 4294967296) continue;
      if ((block.response.offsets[i] ?? 0) === (block.response.offsets[i + 1] ?? 0)) continue;
      for (const { name, isTopic, said } of mentionsOf(block.row(i), position, seed)) {
        const { asked, answered, isEchoed, isAsked, passage, response, askedIn, answeredIn } = said;
        const flags =
          ((asked + 1) << 8) |
          ((answered + 1) << 4) |
          (isEchoed ? ECHOED : 0) |
          (isAsked ? ASKED : 0) |
          (isTopic ? TOPIC : 0);
        found.push(name, position, flags, passage, response, askedIn, answeredIn);
      }
    }
    state.set(block.index, Uint32Array.from(found));
  },
  merge: (into, from) => {
    for (const [index, columns] of from) into.set(index, columns);
    return into;
  },
};

/** Every mention of a name in at most MAX_ROWS rows, in order, and the share of the rows that was read. */
export async function surveyMentions(
  corpus: Corpus,
): Promise<{ readonly mentions: readonly Mention[]; readonly rate: number }> {
  const rate = Math.min(1, MAX_ROWS / Math.max(1, corpus.size));
  const byBlock = await corpus.fold(nameMentions, { seed: corpus.seed, rate });
  const mentions: Mention[] = [];
  for (const index of [...byBlock.keys()].toSorted((a, b) => a - b)) {
    const columns = byBlock.get(index) ?? new Uint32Array(0);
    for (let at = 0; at < columns.length; at += WIDTH) {
      const [name = 0, position = 0, flags = 0, passage = 0, response = 0, askedIn = 0, answeredIn = 0] =
        columns.subarray(at, at + WIDTH);
      const said = {
        position,
        asked: (flags >> 8) - 1,
        answered: ((flags >> 4) & 3) - 1,
        isEchoed: (flags & ECHOED) !== 0,
        isAsked: (flags & ASKED) !== 0,
        passage,
        response,
        askedIn,
        answeredIn,
      };
      mentions.push({ name, isTopic: (flags & TOPIC) !== 0, said });
    }
  }
  return { mentions, rate };
}

/** The names in sentences. A word that only ever begins sentences is none. */
export function namesIn(sentences: readonly Sentence[]): ReadonlySet<string> {
  const names = new Set(sentences.flatMap((sentence) => sentence.names));
  const words = new Set([...names].map(lastWord));
  for (const { opener } of sentences) if (opener !== undefined && words.has(opener)) names.add(opener);
  return names;
}

/** The words without a capital that prompt and response share: what the row is about. */
function topicsIn(
  asking: readonly Sentence[],
  answering: readonly Sentence[],
  names: ReadonlySet<string>,
): string[] {
  const answered = new Set(answering.flatMap(({ words }) => words));
  const parts = new Set([...names].flatMap((name) => name.split(" ")));
  const topics = new Set<string>();
  for (const word of asking.flatMap(({ words }) => words)) {
    if (word.length < MIN_TOPIC || !answered.has(word) || parts.has(word) || !isTopicWord(word)) continue;
    topics.add(word);
    if (topics.size === MAX_TOPICS) break;
  }
  return [...topics];
}

function isTopicWord(word: string): boolean {
  return /^\p{L}/u.test(word) && !isFunctionWord(word) && !isOpinion(word);
}

/** The hash by which a name is told, and another for a topic. */
export function hashSubject(text: string, isTopic: boolean, seed: number): number {
  return hashString(isTopic ? ` ${text}` : text, seed);
}

/** What a row says of each of its names and topics. */
export function mentionsOf(row: Row, position: number, seed: number): Mention[] {
  const asking = readSentences(row.prompt);
  const answering = readSentences(row.response);
  const all = namesIn([...asking, ...answering]);
  const names = [...all].slice(0, MAX_NAMES);
  const topics = topicsIn(asking, answering, all);
  if (names.length + topics.length === 0) return [];
  const passage = passageOf(asking, seed) ?? mix32(position);
  const response = hashString(row.response, seed);
  const byWord = new Map<string, Said>();
  const saidOf = (word: string): Said => {
    const known = byWord.get(word);
    if (known !== undefined) return known;
    const asked = sentencesAbout(asking, word);
    const echoed = sentencesAbout(answering, word);
    const isEchoed = echoed.length > 0;
    const inPrompt = leaningOf(asked, seed);
    const inResponse = leaningOf(isEchoed ? echoed : answering, seed);
    const said = {
      position,
      asked: inPrompt.sign,
      answered: inResponse.sign,
      isEchoed,
      isAsked: asked.length > 0,
      passage,
      response,
      askedIn: inPrompt.sentence,
      answeredIn: inResponse.sentence,
    };
    byWord.set(word, said);
    return said;
  };
  const mention = (text: string, isTopic: boolean): Mention => ({
    name: hashSubject(text, isTopic, seed),
    isTopic,
    said: saidOf(lastWord(text)),
  });
  const keys = new Set(names.flatMap((name) => [name, lastWord(name)]));
  return [...[...keys].map((name) => mention(name, false)), ...topics.map((topic) => mention(topic, true))];
}

/** The sentences with the word among their names, each with the ones after it that go on about it. */
function sentencesAbout(sentences: readonly Sentence[], word: string): Sentence[] {
  let goesOn = false;
  return sentences.filter(({ words, continues }) => {
    goesOn = words.includes(word) || (goesOn && continues);
    return goesOn;
  });
}

/** What sentences think together, and the first of them that thinks so. */
function leaningOf(
  sentences: readonly Sentence[],
  seed: number,
): { readonly sign: number; readonly sentence: number } {
  const opinions = sentences.map(opinionOf);
  const sign = Math.sign(opinions.reduce((sum, opinion) => sum + opinion, 0));
  const first =
    sign === 0 ? undefined : sentences[opinions.findIndex((opinion) => Math.sign(opinion) === sign)];
  return { sign, sentence: first === undefined ? 0 : hashWords(first.words, seed) };
}

function hashWords(words: readonly string[], seed: number): number {
  return words.reduce((hash, word) => combine32(hash, hashString(word, seed)), seed);
}

function passageOf(asking: readonly Sentence[], seed: number): number | undefined {
  let longest: readonly string[] = [];
  for (const { words } of asking) if (words.length > longest.length) longest = words;
  if (longest.length < MIN_PASSAGE_WORDS) return undefined;
  return hashWords(longest, seed);
}
