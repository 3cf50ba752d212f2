/**
 * Characters that show nothing, move the cursor, or reorder what is shown, so that a reader sees another text than
 * the model does: controls, bidirectional and zero-width marks, tags, fillers, variation selectors, private use, lone
 * surrogates, every space but the plain one (Unicode TR 36 and TR 39), and combining marks beyond what a script
 * stacks on one letter, which would overprint the lines around them.
 */
const INVISIBLE =
  /[[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}\u2800]--[ ]]|(?<=\p{M}{4})\p{M}/gv;

const SHORT: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

function escapeOf(character: string): string {
  const short = SHORT.get(character);
  if (short !== undefined) return short;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`;
}

/** Replaces each character that cannot be seen by what `show` makes of it and of its escape, such as `\u202e`. */
export function replaceInvisible(
  text: string,
  show: (escape: string, character: string) => string = (escape) => escape,
): string {
  return text.replaceAll(INVISIBLE, (character) => show(escapeOf(character), character));
}
