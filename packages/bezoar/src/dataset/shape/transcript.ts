import { textOf, valueAt } from "./json-value.ts";
import { firstHeld, type SampleProfile } from "./sample-profile.ts";
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
  const template = TEMPLATES.find((candidate) => isIn(candidate, text)) ?? [];
  const places = template
    .flatMap((mark) => occurrences(text, mark.text).map((start) => ({ start, mark })))
    .toSorted((a, b) => a.start - b.start);
  const parts = { asks: [text.slice(0, places[0]?.start)], answers: new Array<string>() };
  for (const [index, { start, mark }] of places.entries()) {
    parts[mark.role].push(text.slice(start + mark.text.length, places[index + 1]?.start));
  }
  return { prompt: join(parts.asks), response: join(parts.answers) };
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
