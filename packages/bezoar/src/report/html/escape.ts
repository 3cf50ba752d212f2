import { replaceInvisible } from "../invisible.ts";

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

function escapeEntities(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES.get(character) ?? character);
}

const isLayout = (character: string) => character === "\n" || character === "\t";

/** The text for an element or a quoted attribute: no markup, and nothing invisible but line breaks and tabs. */
export function escapeHtml(text: string): string {
  return replaceInvisible(escapeEntities(text), (escape, character) =>
    isLayout(character) ? character : escape,
  );
}

/** A piece of HTML that is safe to embed; only `markup` makes one. */
export type Markup = { readonly html: string };
type Part = Markup | string | number | undefined | readonly Markup[];

function render(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string") return escapeHtml(part);
  if (typeof part === "number") return String(part);
  return "html" in part ? part.html : part.map((piece) => piece.html).join("");
}

/** Builds HTML from a template: what is filled in is escaped unless it is markup itself. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { html: strings.map((text, index) => text + render(parts[index])).join("") };
}

/** Evidence as a reader must see it: escapes and line breaks stand out from the same letters in the text. */
export function evidenceMarkup(text: string): Markup {
  const shown = replaceInvisible(escapeEntities(text), (escape, character) =>
    isLayout(character) ? character : `<span class="esc">${escape}</span>`,
  );
  return {
    html: shown.replaceAll(
      /\n+/g,
      (breaks) => `<span class="nl" aria-hidden="true">${"↵".repeat(breaks.length)}</span>\n`,
    ),
  };
}

/** JSON for a data block: no sequence in it can end the script element or open a comment (HTML, 4.12.1.3). */
export function jsonMarkup(value: unknown): Markup {
  const json = JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return { html: json };
}
