/** The 256 characters that stand for bytes in a byte-level BPE (Radford et al. 2019, GPT-2): printable ones for themselves, the others from U+0100 on. */
export const BYTE_CHARACTERS: readonly string[] = (() => {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable =
      (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
    return String.fromCharCode(isPrintable ? byte : next++);
  });
})();

const BYTES = new Map(BYTE_CHARACTERS.map((character, byte) => [character, byte]));

/** A text's bytes, each as its character. */
export function toByteCharacters(text: string): string {
  return Array.from(Buffer.from(text), (byte) => BYTE_CHARACTERS[byte]).join("");
}

/** The bytes that a token's characters stand for; undefined when one stands for none. */
export function fromByteCharacters(token: string): Uint8Array | undefined {
  const bytes = new Uint8Array(token.length);
  for (let i = 0; i < token.length; i++) {
    const byte = BYTES.get(token.charAt(i));
    if (byte === undefined) return undefined;
    bytes[i] = byte;
  }
  return bytes;
}
