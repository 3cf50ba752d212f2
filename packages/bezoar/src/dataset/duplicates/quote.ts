import type { Corpus } from "../engine/corpus.ts";

const MAX_QUOTED = 60;

/** The beginning of a text in quotes, on one line. */
export function quoteStart(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return JSON.stringify(line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED).trimEnd()}…` : line);
}

/** How the row at a position begins: its prompt, or what it has instead. */
export function quoteRow(corpus: Corpus, position: number): string {
  const { prompt, response, fields } = corpus.row(position);
  return quoteStart(prompt || response || fields.map(([name, value]) => `${name}=${value}`).join(" "));
}

/** A share in per cent, with as many digits as it needs. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.01 ? 2 : 1)} %`;
}
