import { replaceInvisible } from "../invisible.ts";

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&apos;"],
]);

/** The text for an element or a quoted attribute; what XML 1.0 forbids (2.2, Char) or nobody sees is shown as an escape, line breaks stay. */
export function escapeXml(text: string): string {
  const visible = replaceInvisible(text, (escape, character) => (character === "\n" ? character : escape));
  return visible
    .replaceAll(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replaceAll(/[&<>"']/g, (character) => ENTITIES.get(character) ?? character);
}

/** The same for an attribute, where a parser would make a space of a line break (XML 1.0, 3.3.3). */
export function escapeAttribute(text: string): string {
  return escapeXml(text).replaceAll("\n", "&#10;");
}
