/** A stretch of a text that is shown alike; "gap" stands for what was cut. */
export type Segment = { readonly kind: "plain" | "mark" | "gap"; readonly text: string };

type Span = readonly [start: number, end: number];

/** The marks inside the text, ascending and apart; what overlaps or touches becomes one. */
function normalizeMarks(length: number, marks: readonly Span[]): Span[] {
  const merged: [number, number][] = [];
  for (const [from, to] of marks.toSorted((a, b) => a[0] - b[0])) {
    const start = Math.max(0, from);
    const end = Math.min(length, to);
    if (start >= end) continue;
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/** Windows of `context` units around each mark, merged where they meet. */
function windowsAround(length: number, marks: readonly Span[], context: number): Span[] {
  return normalizeMarks(
    length,
    marks.map(([start, end]) => [start - context, end + context]),
  );
}

const spanLength = (spans: readonly Span[]) => spans.reduce((sum, [start, end]) => sum + end - start, 0);

/** The widest windows around the marks that hold at most `budget` units; later marks go first when there is no room. */
function chooseWindows(length: number, marks: readonly Span[], budget: number): Span[] {
  let kept = marks;
  while (kept.length > 1 && spanLength(kept) > budget) kept = kept.slice(0, Math.ceil(kept.length / 2));
  const first = kept[0];
  if (first === undefined) return [[0, budget]];
  if (first[1] - first[0] >= budget) return [[first[0], first[0] + budget]];
  let low = 0;
  let high = budget;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (spanLength(windowsAround(length, kept, middle)) <= budget) low = middle;
    else high = middle - 1;
  }
  return windowsAround(length, kept, low);
}

const isLowSurrogate = (text: string, index: number) => {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
};

/** A cut may not part a surrogate pair: half of one would be shown as an escape that is not in the text. */
const wholeCharacter = (text: string, index: number) =>
  index > 0 && index < text.length && isLowSurrogate(text, index) ? index - 1 : index;

/** At most `budget` UTF-16 units of the text, chosen around its marks, with a gap wherever something was cut. */
export function excerpt(text: string, marks: readonly Span[], budget: number): Segment[] {
  const spans = normalizeMarks(text.length, marks);
  const windows: readonly Span[] =
    text.length <= budget ? [[0, text.length]] : chooseWindows(text.length, spans, budget);
  const segments: Segment[] = [];
  let shownTo = 0;
  for (const [from, to] of windows) {
    const start = wholeCharacter(text, from);
    const end = wholeCharacter(text, to);
    if (start > shownTo) segments.push({ kind: "gap", text: "…" });
    let at = start;
    for (const [markStart, markEnd] of spans) {
      if (markEnd <= start || markStart >= end) continue;
      if (markStart > at) segments.push({ kind: "plain", text: text.slice(at, markStart) });
      at = Math.min(end, markEnd);
      segments.push({ kind: "mark", text: text.slice(Math.max(start, markStart), at) });
    }
    if (at < end) segments.push({ kind: "plain", text: text.slice(at, end) });
    shownTo = end;
  }
  if (shownTo < text.length) segments.push({ kind: "gap", text: "…" });
  return segments;
}
