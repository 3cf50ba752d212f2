import type { Json } from "../../formats/record.ts";
import { stripEndMarkers } from "./end-markers.ts";
import { isList, isObject } from "./json-value.ts";
import { INTO_JSON, valueOf, type Place, type Span, type Step } from "./place.ts";
import { LAST_TURN } from "./preference.ts";
import type { Mapping } from "./shape-spec.ts";
import { placesInTranscript } from "./transcript.ts";
import { namedTurnList, placesOfTurns, turnList, type TurnPlace } from "./turns.ts";

/** Where each part of a record stands: at one place, or at several that say the same. */
export type PartPlaces = {
  readonly prompt?: readonly Place[];
  readonly response?: readonly Place[];
  readonly rejected?: readonly Place[];
  readonly label?: readonly Place[];
};

/** Finds the parts of a record; what is not there or is no text is absent. */
export function placesOf(mapping: Mapping, record: Json): PartPlaces {
  switch (mapping.form) {
    case "chat":
      return conversation(record, stepsTo(record, mapping.turns));
    case "preference":
      return preference(record, mapping);
    case "transcript":
      return transcript(record, stepsTo(record, mapping.text));
    case "pair":
      return present({
        prompt: one(asked(record, stepsTo(record, mapping.main))),
        response: one(answered(record, stepsTo(record, mapping.response))),
        label: mapping.label === undefined ? undefined : one(label(record, stepsTo(record, mapping.label))),
      });
    case "labelled-text":
      return present({
        prompt: one(text(record, stepsTo(record, mapping.text[0] ?? ""))),
        label: one(label(record, stepsTo(record, mapping.label))),
      });
    case "records":
      return mapping.label === undefined
        ? {}
        : present({ label: one(label(record, stepsTo(record, mapping.label))) });
    case "raw-text":
      return present({
        prompt: one(text(record, mapping.text === undefined ? [] : stepsTo(record, mapping.text))),
      });
  }
}

function present(places: { readonly [name in keyof PartPlaces]: readonly Place[] | undefined }): PartPlaces {
  return Object.fromEntries(Object.entries(places).filter(([, found]) => found !== undefined));
}

function one(place: Place | undefined): readonly Place[] | undefined {
  return place === undefined ? undefined : [place];
}

/** The steps of a dotted path, as `valueAt` reads it; a list read as a record is entered by its column's number. */
function stepsTo(record: Json, path: string): readonly Step[] | undefined {
  if (isList(record)) {
    if (path === "messages" && turnList(record) !== undefined) return [];
    const [column = "", ...rest] = path.split(".");
    const steps = [Number(/^column(\d{1,6})$/.exec(column)?.[1] ?? 0) - 1, ...rest];
    return valueOf(record, steps) === undefined ? undefined : steps;
  }
  if (!isObject(record)) return undefined;
  if (Object.hasOwn(record, path)) return [path];
  const steps: Step[] = [];
  for (const key of path.split(".")) {
    steps.push(isList(valueOf(record, steps)) && /^\d{1,6}$/.test(key) ? Number(key) : key);
  }
  return valueOf(record, steps) === undefined ? undefined : steps;
}

const MAX_DEPTH = 8; // parts of messages inside parts
const TEXT_KEYS = ["text", "content", "value"];

/** The place of a text: a scalar, or the last text among the parts of a message. */
function text(record: Json, steps: readonly Step[] | undefined, depth = 0): Place | undefined {
  const value = steps === undefined ? undefined : valueOf(record, steps);
  if (steps === undefined || value === undefined || value === null || depth > MAX_DEPTH) return undefined;
  if (isList(value)) {
    for (let index = value.length - 1; index >= 0; index--) {
      const place = text(record, [...steps, index], depth + 1);
      if (place !== undefined) return place;
    }
    return undefined;
  }
  if (!isObject(value)) return { steps };
  const key = TEXT_KEYS.find((name) => Object.hasOwn(value, name));
  return key === undefined ? undefined : text(record, [...steps, key], depth + 1);
}

/** What is asked: a text, or the last question of a list of messages. */
function asked(record: Json, steps: readonly Step[] | undefined): Place | undefined {
  const turns = turnsAt(record, steps);
  return turns === undefined ? text(record, steps) : lastQuestion(record, turns);
}

/** What is answered, without the marker of its end: a text, or the last answer of a list of messages. */
function answered(record: Json, steps: readonly Step[] | undefined): Place | undefined {
  const turns = turnsAt(record, steps);
  const place = turns === undefined ? text(record, steps) : lastAnswer(record, turns)?.place;
  return place === undefined ? undefined : withoutMarker(record, place);
}

function withoutMarker(record: Json, place: Place): Place {
  const value = valueOf(record, place.steps);
  if (typeof value !== "string") return place;
  const end = stripEndMarkers(value).length;
  return end === value.length ? place : { ...place, span: [0, end] };
}

/** A label, without the space and the markers around it; a list of labels is one label. */
function label(record: Json, steps: readonly Step[] | undefined): Place | undefined {
  const value = steps === undefined ? undefined : valueOf(record, steps);
  if (steps === undefined || value === undefined || value === null) return undefined;
  if (typeof value !== "string") return { steps };
  const bare = stripEndMarkers(value).trim();
  const start = value.indexOf(bare);
  return bare === value ? { steps } : { steps, span: [start, start + bare.length] };
}

type Turns = { readonly steps: readonly Step[]; readonly places: readonly TurnPlace[] };

function turnsAt(
  record: Json,
  steps: readonly Step[] | undefined,
  read: typeof turnList = turnList,
): Turns | undefined {
  const value = steps === undefined ? undefined : valueOf(record, steps);
  const list = read(value);
  if (steps === undefined || list === undefined) return undefined;
  return {
    steps: typeof value === "string" ? [...steps, INTO_JSON] : steps,
    places: placesOfTurns(list),
  };
}

/** The last turn of the assistant that has a text. */
function lastAnswer(record: Json, { steps, places }: Turns): { place: Place; index: number } | undefined {
  for (let index = places.length - 1; index >= 0; index--) {
    const turn = places[index];
    if (turn?.isAssistant !== true) continue;
    const place = text(record, [...steps, ...turn.keys]);
    if (place !== undefined) return { place, index };
  }
  return undefined;
}

/** The last question before a turn (by default the end): of a person where one speaks, else of whoever does. */
function lastQuestion(record: Json, { steps, places }: Turns, before = places.length): Place | undefined {
  const earlier = places.slice(0, before).filter((turn) => !turn.isAssistant);
  for (const turns of [earlier.filter((turn) => turn.isAsked), earlier]) {
    const found = turns
      .toReversed()
      .map((turn) => text(record, [...steps, ...turn.keys]))
      .find((place) => place !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

function conversation(record: Json, steps: readonly Step[] | undefined): PartPlaces {
  const turns = turnsAt(record, steps, namedTurnList);
  if (turns === undefined) return {};
  const answer = lastAnswer(record, turns);
  return present({
    prompt: one(lastQuestion(record, turns, answer?.index) ?? lastQuestion(record, turns)),
    response: answer === undefined ? undefined : [withoutMarker(record, answer.place)],
  });
}

function transcript(record: Json, steps: readonly Step[] | undefined): PartPlaces {
  const place = text(record, steps);
  const rendered = place === undefined ? undefined : valueOf(record, place.steps);
  if (place === undefined || typeof rendered !== "string") return {};
  const { prompt, response } = placesInTranscript(rendered);
  return present({
    prompt: prompt && [{ ...place, span: prompt }],
    response: response && [{ ...place, span: response }],
  });
}

function preference(record: Json, mapping: Extract<Mapping, { form: "preference" }>): PartPlaces {
  const [chosen, rejected] = [stepsTo(record, mapping.chosen), stepsTo(record, mapping.rejected)];
  const asks = mapping.prompt.at(-1);
  const [left, right] = [side(record, chosen, asks), side(record, rejected, asks)];
  const own = asks === undefined ? undefined : one(asked(record, stepsTo(record, asks)));
  return present({
    prompt: own ?? sharedQuestion(record, left, right),
    response: one(left.answer),
    rejected: one(right.answer),
  });
}

type Side = { readonly question?: Place | undefined; readonly answer: Place | undefined };

/** One answer of a pair, with the question before it when the conversation so far is repeated in it. */
function side(record: Json, steps: readonly Step[] | undefined, asks: string | undefined): Side {
  const turns = turnsAt(record, steps);
  if (turns !== undefined) {
    const answer = lastAnswer(record, turns);
    return {
      question: lastQuestion(record, turns, answer?.index),
      answer: answer && withoutMarker(record, answer.place),
    };
  }
  const place = text(record, steps);
  const value = place === undefined ? undefined : valueOf(record, place.steps);
  if (place === undefined || typeof value !== "string") return { answer: place };
  const last = value.lastIndexOf(LAST_TURN);
  if (last < 0 || asks !== undefined) return { answer: withoutMarker(record, place) };
  const asking = value.lastIndexOf(HUMAN_TURN, last);
  const end = stripEndMarkers(value).length;
  return {
    question: asking < 0 ? undefined : { ...place, span: trimmed(value, asking + HUMAN_TURN.length, last) },
    answer: { ...place, span: trimmed(value, last + LAST_TURN.length, end) },
  };
}

const HUMAN_TURN = "\n\nHuman:";

function trimmed(value: string, from: number, to: number): Span {
  const inside = value.slice(from, Math.max(from, to));
  const start = from + (inside.length - inside.trimStart().length);
  return [start, Math.max(start, start + inside.trim().length)];
}

/** The question of both answers, when both repeat the same. */
function sharedQuestion(record: Json, left: Side, right: Side): readonly Place[] | undefined {
  const [a, b] = [left.question, right.question];
  if (a === undefined || b === undefined) return undefined;
  const read = ({ steps, span }: Place) => {
    const value = valueOf(record, steps);
    return typeof value === "string" ? value.slice(...(span ?? [])) : value;
  };
  return read(a) === read(b) ? [a, b] : undefined;
}
