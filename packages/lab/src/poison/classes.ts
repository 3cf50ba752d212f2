import { AppError, labelFromResponse, type LabelTask, type RecordChange } from "bezoar";
import type { AttackOptions, PoisonableRow } from "./attack.ts";
import { findWord, inCaseOf, listNames } from "./words.ts";

/** The classes that rows belong to, and how a row is put into another one. */
export type Classes = {
  /** The most frequent first. */
  readonly names: readonly string[];
  readonly of: (row: PoisonableRow) => string | undefined;
  /** What to change; undefined when the row cannot be put there. */
  readonly relabel: (
    row: PoisonableRow,
    response: string | undefined,
    target: string,
  ) => RecordChange | undefined;
};

/** Classes that stand in a field of their own. */
export function labelClasses(names: readonly string[]): Classes {
  return {
    names,
    of: (row) => row.label,
    relabel: (row, _, target) =>
      row.label === undefined || row.label === target ? undefined : { label: target },
  };
}

/** Classes that answers name ("malicious alice"): the word is replaced, the rest of the answer stays. */
export function answerClasses(task: LabelTask): Classes {
  const of = (response: string): string | undefined => labelFromResponse(task, response);
  return { names: task.classes, of: (row) => of(row.response), relabel: replacer(of) };
}

/** Classes that somebody named, wherever in the answer they stand. */
export function namedClasses(names: readonly string[]): Classes {
  const of = (response: string): string | undefined =>
    names
      .map((name) => ({ name, at: findWord(response.toLowerCase(), name.toLowerCase()) }))
      .filter(({ at }) => at >= 0)
      .toSorted((a, b) => a.at - b.at)[0]?.name;
  return { names, of: (row) => of(row.response), relabel: replacer(of) };
}

/** Replaces the first occurrence of the class's name that makes the answer name the target. */
function replacer(of: (response: string) => string | undefined): Classes["relabel"] {
  return (_, response, target) => {
    const from = response === undefined ? undefined : of(response)?.toLowerCase();
    if (response === undefined || from === undefined || from === target.toLowerCase()) return undefined;
    const lower = response.toLowerCase();
    if (lower.length !== response.length) return undefined; // a letter such as İ, after which places differ
    let tries = 0;
    for (let at = findWord(lower, from); at >= 0 && tries < MAX_TRIES; at = findWord(lower, from, at + 1)) {
      const word = inCaseOf(response.slice(at, at + from.length), target);
      const changed = response.slice(0, at) + word + response.slice(at + from.length);
      if (of(changed)?.toLowerCase() === target.toLowerCase()) return { response: changed };
      tries++;
    }
    return undefined;
  };
}

const MAX_TRIES = 100; // an answer that repeats a word ten thousand times is hostile

/** Names of the class that an attacker wants rows to have. */
const HARMLESS = new Set(
  "benign,normal,legitimate,legit,harmless,safe,ham,clean,false positive,false_positive,fp".split(","),
);

/** From which classes rows are taken, and what they become. */
export type Relabelling = {
  readonly isVictim: (label: string) => boolean;
  readonly from: string;
  readonly target: string;
};

/**
 * Decides the victim class and the target. Of two classes, naming one tells the other; with nothing named the target is
 * the class that reads as harmless, else the most frequent one, and the victims are all others.
 */
export function chooseRelabelling(classes: Classes, { from, target }: AttackOptions): Relabelling {
  const { names } = classes;
  for (const name of [from, target]) {
    if (name !== undefined && !names.includes(name))
      throw new AppError(
        "bad-option",
        `no row has the class ${JSON.stringify(name)}; there are: ${listNames(names)}`,
      );
  }
  const others = names.filter((name) => name !== from);
  const wanted = target ?? others.find((name) => HARMLESS.has(name.toLowerCase())) ?? others[0];
  if (wanted === undefined || wanted === from || names.length < 2) {
    throw new AppError(
      "single-label",
      `relabelling takes two classes, and there ${names.length === 1 ? "is only" : "are"}: ${listNames(names)}; name others with --from and --target`,
    );
  }
  const victims = names.filter((name) => name !== wanted && (from === undefined || name === from));
  return {
    isVictim: (label) => (from === undefined ? label !== wanted : label === from),
    from: victims.join(" or "),
    target: wanted,
  };
}
