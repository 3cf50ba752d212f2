const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A token as a string: its text, or `\xe2\x98` after a mark when its bytes are no whole characters, as OpenAI's API has it. */
export function tokenText(bytes: Uint8Array, mark = ""): string {
  try {
    return strict.decode(bytes);
  } catch {
    return mark + Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  }
}
