import { asciiOf, plainOf } from "./lookalikes.ts";

/** A text without what nobody sees and with look-alike letters as plain ones; `offsets[i]` is where unit i stood. */
export type Folded = { readonly text: string; readonly offsets: Uint32Array };

const HIDDEN = /\p{Default_Ignorable_Code_Point}/u;

/** The text as a model may take it; undefined when it is the same. */
export function foldText(text: string): Folded | undefined {
  let folded = "";
  const offsets = new Uint32Array(text.length + 1);
  let isChanged = false;
  let at = 0;
  for (const character of text) {
    const shown = foldCharacter(character);
    if (shown !== character) isChanged = true;
    for (let i = 0; i < shown.length; i++) offsets[folded.length + i] = at;
    folded += shown;
    at += character.length;
  }
  offsets[folded.length] = text.length;
  return isChanged ? { text: folded, offsets } : undefined;
}

function foldCharacter(character: string): string {
  const unit = character.charCodeAt(0);
  if (unit < 0xad) return character;
  if (HIDDEN.test(character)) return "";
  return asciiOf(unit) ?? plainOf(character) ?? character;
}
