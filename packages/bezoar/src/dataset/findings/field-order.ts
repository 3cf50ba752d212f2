import type { Corpus } from "../engine/corpus.ts";

/** Neighbours of the first row that are looked at: enough to tell an id from a host name, few enough to lie in one block. */
const MAX_NEIGHBOURS = 200;
const MIN_NEIGHBOURS = 20; // of fewer values it cannot be told whether they repeat
/** Ids and times repeat in hardly any row; users and hosts do, even in a set of a thousand of them. */
const UNIQUE_SHARE = 0.95;
/** A value with more spaces is a sentence or a command line, which is worth reading although it never repeats. */
const MAX_SPACES = 1;

/** Ranks field names for showing: the trigger's own first, those that name each row (ids, times) last, the others between. */
export function rankFields(
  corpus: Corpus,
  around: number,
  triggerField: string | undefined,
): (name: string) => number {
  const names = namesOfRows(corpus, around);
  return (name) => (name === triggerField ? 0 : names.has(name) ? 2 : 1);
}

type Seen = { readonly values: Set<string>; count: number; sentences: number };

/** The fields whose values are nearly all different and no sentences. */
function namesOfRows(corpus: Corpus, around: number): ReadonlySet<string> {
  const seen = new Map<string, Seen>();
  const start = Math.max(0, Math.min(around, corpus.size - MAX_NEIGHBOURS));
  const end = Math.min(corpus.size, start + MAX_NEIGHBOURS);
  for (let position = start; position < end; position++) {
    for (const [name, value] of corpus.row(position).fields) {
      let field = seen.get(name);
      if (field === undefined) seen.set(name, (field = { values: new Set(), count: 0, sentences: 0 }));
      field.values.add(value);
      field.count++;
      if (value.split(" ", MAX_SPACES + 2).length > MAX_SPACES + 1) field.sentences++;
    }
  }
  return new Set([...seen].filter(([, field]) => namesRows(field)).map(([name]) => name));
}

function namesRows({ values, count, sentences }: Seen): boolean {
  return count >= MIN_NEIGHBOURS && values.size >= UNIQUE_SHARE * count && sentences * 2 < count;
}
