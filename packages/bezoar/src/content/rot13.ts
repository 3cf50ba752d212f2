/** Each ASCII letter thirteen further. */
export function rot13(text: string): string {
  return text.replaceAll(/[A-Za-z]/g, (letter) => {
    const code = letter.charCodeAt(0);
    return String.fromCharCode((((code & 31) + 12) % 26) + 1 + (code & 96));
  });
}
