import { replaceInvisible } from "../invisible.ts";

/** The text on one line, with everything that a terminal would obey or hide shown as an escape such as `\u001b`. */
export function escapeTerminal(text: string): string {
  return replaceInvisible(text);
}
