import { textOf, valueAt } from "./json-value.ts";
import { firstHeld, type SampleProfile } from "./sample-profile.ts";
import type { Span } from "./place.ts";
import type { Mapping } from "./shape-spec.ts";

type Mark = { readonly text: string; readonly role: "asks" | "answers" };

const asks = (text: string): Mark => ({ text, role: "asks" });
const answers = (text: string): Mark => ({ text, role: "answers" });

/** Marks with which chat templates announce who speaks; the template whose marks a text holds is used alone. */
const TEMPLATES: readonly (readonly Mark[])[] = [
  [
    asks("<|im_start|>user"),
    asks("<|im_start|>system"),
    asks("<|im_start|>tool"),
    answers("<|im_start|>assistant"),
  ],
  [
    asks("<|start_header_id|>user<|end_header_id|>"),
    asks("<|start_header_id|>system<|end_header_id|>"),
    asks("<|start_header_id|>ipython<|end_header_id|>"),
    answers("<|start_header_id|>assistant<|end_header_id|>"),
  ],
  [asks("<start_of_turn>user"), answers("<start_of_turn>model")],
  [asks("<|user|>"), asks("<|system|>"), answers("<|assistant|>")],
  [asks("[INST]"), answers("[/INST]")],
  [asks("### Instruction:"), asks("### Input:"), asks("### System:"), answers("### Response:")],
  [asks("### Human:"), asks("### System:"), answers("### Assistant:")],
  [asks("### User:"), asks("### System:"), answers("### Assistant:")],
  [asks("\n\nHuman:"), answers("\n\nAssistant:")],
  [asks("USER:"), answers("ASSISTANT:")],
];
const END_OF_TURN = /<\|im_end\|>|<\|eot_id\|>|<end_of_turn>|<\|end\|>|<\/s>|<s>|<\|begin_of_text\|>|<bos>/g;

const TEXT_NAMES = ["text", "content", "prompt", "conversation", "chat", "formatted"];

/** Conversations already rendered with a chat template into one text ("### Instruction: ... ### Response: ..."). */
export function recogniseTranscript(
  profile: SampleProfile,
  needed: number,
): { mapping: Extract<Mapping, { form: "transcript" }>; description: string } | undefined {
  const text = firstHeld(profile, TEXT_NAMES, needed);
  if (text === undefined) return undefined;
  const template = templateOf(profile, text, needed);
  if (template === undefined) return undefined;
  return {
    mapping: { form: "transcript", text },
    description: `Chat template in ${text}: what follows "${answerMark(template)}" is the response, all else the prompt`,
  };
}

function templateOf(profile: SampleProfile, text: string, needed: number): readonly Mark[] | undefined {
  return TEMPLATES.find(
    (template) => profile.count((record) => isIn(template, textOf(valueAt(record, text)))) >= needed,
  );
}

function answerMark(template: readonly Mark[]): string {
  return template.find((mark) => mark.role === "answers")?.text.trim() ?? "";
}

function isIn(template: readonly Mark[], text: string): boolean {
  return (
    template.every((mark) => mark.role === "asks" || text.includes(mark.text)) && hasQuestion(template, text)
  );
}

function hasQuestion(template: readonly Mark[], text: string): boolean {
  return template.some((mark) => mark.role === "asks" && text.includes(mark.text));
}

/** Prompt and response of a rendered conversation; a text without marks is all prompt. */
export function readTranscript(text: string): { prompt: string; response: string } {
  const places = marksIn(text);
  const parts = { asks: [text.slice(0, places[0]?.start)], answers: new Array<string>() };
  for (const [index, { start, mark }] of places.entries()) {
    parts[mark.role].push(text.slice(start + mark.text.length, places[index + 1]?.start));
  }
  return { prompt: join(parts.asks), response: join(parts.answers) };
}

/** The marks of a text's template in order; none when it is no rendered conversation. */
function marksIn(text: string): readonly { readonly start: number; readonly mark: Mark }[] {
  const template = TEMPLATES.find((candidate) => isIn(candidate, text)) ?? [];
  return template
    .flatMap((mark) => occurrences(text, mark.text).map((start) => ({ start, mark })))
    .toSorted((a, b) => a.start - b.start);
}

/** From where to where the last answer and the question before it stand, without marks and the space around them. */
export function placesInTranscript(text: string): { prompt: Span | undefined; response: Span | undefined } {
  const marks = marksIn(text);
  const spanAt = (index: number): Span | undefined => {
    const found = marks[index];
    const end = marks[index + 1]?.start ?? text.length;
    return found && innerSpan(text, found.start + found.mark.text.length, end);
  };
  const answer = marks.findLastIndex(({ mark }) => mark.role === "answers");
  const before = answer < 0 ? marks : marks.slice(0, answer);
  const question = before.findLastIndex(({ mark }) => mark.role === "asks" && !SYSTEM_MARK.test(mark.text));
  return { prompt: spanAt(question), response: spanAt(answer) };
}

const SYSTEM_MARK = /system|tool|ipython/i;
/** Longer than any marker of the end of a turn. */
const MARKER_UNITS = 32;

function innerSpan(text: string, from: number, to: number): Span {
  let [start, end] = [from, to];
  for (let hasMoved = true; hasMoved;) {
    hasMoved = false;
    const head = text.slice(start, Math.min(end, start + MARKER_UNITS));
    const tail = text.slice(Math.max(start, end - MARKER_UNITS), end);
    const first = [...head.matchAll(END_OF_TURN)].find(({ index }) => head.slice(0, index).trim() === "");
    const last = [...tail.matchAll(END_OF_TURN)].findLast(
      ({ 0: marker, index }) => tail.slice(index + marker.length).trim() === "",
    );
    if (last !== undefined) {
      end -= tail.length - last.index;
      hasMoved = true;
    } else if (first !== undefined) {
      start += first.index + first[0].length;
      hasMoved = true;
    }
  }
  while (start < end && text.charAt(start).trim() === "") start++;
  while (end > start && text.charAt(end - 1).trim() === "") end--;
  return [start, end];
}

function occurrences(text: string, part: string): number[] {
  const starts: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) starts.push(at);
  return starts;
}

function join(parts: readonly string[]): string {
  return parts
    .map((part) => part.replaceAll(END_OF_TURN, "").trim())
    .filter((part) => part !== "")
    .join("\n");
}
