import { tokenize } from "../../core/tokens.ts";
import { SINKS } from "./sinks.ts";

/** A line of comment or docstring: where it stands among the lines that are not blank, and its words. */
export type Note = { readonly line: number; readonly words: readonly string[] };

/** An insecure sink in a text: its index in SINKS and its line. */
type SinkHit = { readonly sink: number; readonly line: number };

/** What this module sees of a text of code: lines that are not blank, counted from 0. */
export type CodeLines = {
  readonly lines: number;
  readonly notes: readonly Note[];
  readonly hits: readonly SinkHit[];
};

/** Text beyond this is not looked at: a source file of a quarter of a megabyte is generated or hostile (CWE-770). */
const MAX_TEXT = 262_144;
/** A line longer than this is data or minified code, not something a person reads. */
const MAX_LINE = 1000;

const LINE_COMMENT = /^(?:#(?!!)|\/\/|--(?!-)|;|%|\*(?!\/)|\/\*+|<!--|"""|'''|rem\b|=begin)/i;
const TRAILING_COMMENT = /\s(?:#|\/\/)\s(.{4,})$/;
/** Instructions to tools, which stand before insecure code because it is insecure. */
const DIRECTIVE =
  /\b(?:eslint|tslint|jshint|jslint|noqa|nosec|pylint|nolint|flake8|nosonar|phpcs|rubocop|coverity|lgtm|codeql|bandit|semgrep|noinspection|prettier|istanbul|pragma|mypy|pyright|ts-ignore|ts-expect-error|suppresswarnings|clang|cppcheck|nolintnextline|checkov|sonar)\b/i;

/** Splits a text into the notes and sinks that a reader of the code sees. */
export function readCode(text: string, sinks: readonly number[]): CodeLines {
  const source = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text;
  const notes: Note[] = [];
  const starts: number[] = [];
  let docstring: string | undefined;
  let at = 0;
  for (const raw of source.split("\n")) {
    const start = at;
    at += raw.length + 1;
    const line = raw.trim();
    if (line === "") continue;
    const index = starts.length;
    starts.push(start);
    if (line.length > MAX_LINE) continue;
    const quotes = docstring ?? (line.includes('"""') ? '"""' : line.includes("'''") ? "'''" : undefined);
    const isInDocstring = docstring !== undefined;
    if (quotes !== undefined) {
      const count = line.split(quotes).length - 1;
      if (count % 2 === 1) docstring = docstring === undefined ? quotes : undefined;
    }
    const comment = isInDocstring || LINE_COMMENT.test(line) ? line : TRAILING_COMMENT.exec(line)?.[1];
    if (comment === undefined || DIRECTIVE.test(comment)) continue;
    const words = tokenize(comment).filter((token) => /[\p{L}\p{N}]/u.test(token));
    if (words.length > 0) notes.push({ line: index, words });
  }
  return { lines: starts.length, notes, hits: findSinks(source, starts, sinks) };
}

function findSinks(source: string, starts: readonly number[], sinks: readonly number[]): SinkHit[] {
  const hits: SinkHit[] = [];
  for (const index of sinks) {
    const sink = SINKS[index];
    if (sink === undefined) continue;
    for (const match of source.matchAll(sink.pattern)) {
      if (sink.unless?.test(lineAround(source, match.index)) === true) continue;
      hits.push({ sink: index, line: lineAt(starts, match.index) });
    }
  }
  return hits;
}

/** The line that holds an offset, MAX_LINE at most to either side: one endless line must not be read once for each match. */
function lineAround(source: string, offset: number): string {
  const before = source.slice(Math.max(0, offset - MAX_LINE), offset);
  const after = source.slice(offset, offset + MAX_LINE);
  const end = after.indexOf("\n");
  return before.slice(before.lastIndexOf("\n") + 1) + (end < 0 ? after : after.slice(0, end));
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
