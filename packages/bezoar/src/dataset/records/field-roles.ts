import { networkOf } from "./addresses.ts";
import type { Field } from "../row.ts";

/**
 * What the values of a field look like, told from the values alone:
 * `number`, `time`, `address` (IP), `path` (file, URL), `text` (several words, rarely the same twice),
 * `category` (values that repeat) and `unique` (identifiers that hardly repeat).
 */
export type FieldRole = "number" | "time" | "address" | "path" | "text" | "category" | "unique";

/** What a sample of rows says of one field. */
export type FieldProfile = {
  readonly path: string;
  readonly role: FieldRole;
  /** Rows of the sample that have it. */
  readonly present: number;
  /** Distinct values in the sample. */
  readonly distinct: number;
  /** Share of values that hold white space between words. */
  readonly spaced: number;
  /** Share of values that are e-mail addresses or otherwise `name@domain`. */
  readonly mail: number;
  /** Share of values that are names of program files without a directory: `cmd.exe`. */
  readonly programs: number;
  /** For numbers: cut points between equally frequent bins, ascending. */
  readonly cuts: readonly number[];
};

/** Fields that are looked at; records have some dozens, and each costs memory for every row (CWE-770). */
const MAX_FIELDS = 96;
/** Most values of a field must agree before it is called a number, an address, ...: real logs hold some "-" and "N/A". */
const AGREEMENT = 0.9;
/** A field whose values are mostly met once in the sample identifies rows, not things that act. */
const UNIQUE_SHARE = 0.8;
/** Numbers with fewer distinct values are codes: categories. */
const MIN_NUMBERS = 13;
/** Bins of a number; ten is what keeps a bin above 100 rows at 2,000 rows after folds. */
const NUMBER_BINS = 10;
const MAX_LOOKED_AT_UNITS = 256;

const TIME = /^(\d{4}-\d{2}-\d{2}[T ])?(\d{2}):\d{2}(:\d{2})?/;
const PATH = /^([a-z]:|\.{0,2}|~|[a-z][a-z\d+.-]{0,15}:\/)?[\\/][^\s]/i;
const MAIL = /^[^@\s]{1,64}@[^@\s]+$/;
/** Endings of program files that end no name of a machine, as `.com`, `.sh` and `.py` do. */
const PROGRAM = /^[\w.+-]{1,64}\.(?:exe|dll|bat|cmd|ps1|vbs|msi|sys|jar)$/i;
const EPOCH_FROM = 946_684_800; // 2000-01-01
const EPOCH_TO = 4_102_444_800; // 2100-01-01

/** Hour and day of the week (0-6) of a time stamp or clock time; undefined when the text is neither. */
export function clockOf(text: string): { readonly hour: number; readonly weekday: number } | undefined {
  if (text.length > 64) return undefined;
  const match = TIME.exec(text);
  if (match !== null) {
    const date = match[1] === undefined ? NaN : Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
    return { hour: Number(match[2]), weekday: Number.isNaN(date) ? 0 : new Date(date).getUTCDay() };
  }
  const seconds = epochSeconds(text);
  if (seconds === undefined) return undefined;
  const date = new Date(seconds * 1000);
  return { hour: date.getUTCHours(), weekday: date.getUTCDay() };
}

function epochSeconds(text: string): number | undefined {
  const value = /^\d{10}(\d{3})?(\.\d+)?$/.test(text) ? Number(text) : NaN;
  const seconds = value > EPOCH_TO ? value / 1000 : value;
  return seconds >= EPOCH_FROM && seconds <= EPOCH_TO ? seconds : undefined;
}

type Tally = {
  present: number;
  numbers: number[];
  times: number;
  addresses: number;
  paths: number;
  mail: number;
  programs: number;
  spaced: number;
  words: number;
  readonly values: Map<string, number>;
};

function tallyValue(tally: Tally, value: string): void {
  tally.present++;
  const looked = value.slice(0, MAX_LOOKED_AT_UNITS).trim();
  tally.values.set(looked, (tally.values.get(looked) ?? 0) + 1);
  const words = looked.split(/\s+/, 64).length;
  tally.words += words;
  if (words > 1) tally.spaced++;
  if (looked !== "" && Number.isFinite(Number(looked))) tally.numbers.push(Number(looked));
  if (clockOf(looked) !== undefined) tally.times++;
  else if (networkOf(looked) !== undefined) tally.addresses++;
  else if (PATH.test(looked)) tally.paths++;
  else if (MAIL.test(looked)) tally.mail++;
  else if (PROGRAM.test(looked)) tally.programs++;
}

function roleOf(tally: Tally): FieldRole {
  const most = AGREEMENT * tally.present;
  let once = 0;
  for (const count of tally.values.values()) if (count === 1) once++;
  const isUnique = once > UNIQUE_SHARE * tally.present;
  if (tally.times >= most && tally.values.size >= MIN_NUMBERS) return "time";
  if (tally.addresses >= most) return "address";
  if (tally.numbers.length >= most && tally.values.size >= MIN_NUMBERS) return "number";
  const isWordy = tally.words / tally.present >= 2.5;
  if (isWordy && tally.values.size > Math.max(50, 0.05 * tally.present)) return "text";
  if (tally.paths >= most) return "path";
  return isUnique ? "unique" : "category";
}

function quantileCuts(numbers: readonly number[]): number[] {
  const sorted = numbers.toSorted((a, b) => a - b);
  const cuts = Array.from(
    { length: NUMBER_BINS - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / NUMBER_BINS)] ?? 0,
  );
  return [...new Set(cuts)];
}

/** Describes the fields that occur in a sample of rows, most frequent first, ties in order of appearance. */
export function profileFields(sample: readonly (readonly Field[])[]): FieldProfile[] {
  const tallies = new Map<string, Tally>();
  for (const fields of sample) {
    for (const [path, value] of fields) {
      let tally = tallies.get(path);
      if (tally === undefined) {
        if (tallies.size >= 8 * MAX_FIELDS) continue;
        tally = {
          present: 0,
          numbers: [],
          times: 0,
          addresses: 0,
          paths: 0,
          mail: 0,
          programs: 0,
          spaced: 0,
          words: 0,
          values: new Map(),
        };
        tallies.set(path, tally);
      }
      tallyValue(tally, value);
    }
  }
  return [...tallies]
    .toSorted((a, b) => b[1].present - a[1].present)
    .slice(0, MAX_FIELDS)
    .map(([path, tally]) => {
      const role = roleOf(tally);
      return {
        path,
        role,
        present: tally.present,
        distinct: tally.values.size,
        spaced: tally.spaced / tally.present,
        mail: tally.mail / tally.present,
        programs: tally.programs / tally.present,
        cuts: role === "number" ? quantileCuts(tally.numbers) : [],
      };
    });
}
