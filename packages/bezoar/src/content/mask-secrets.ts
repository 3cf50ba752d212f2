import { findSecrets } from "./secret.ts";

/** Units of a secret that stay readable: the form of its issuer. */
const SHOWN = 4;

/** The text with every secret of a known form made unreadable, unit for unit, so that places in it stay what they are. */
export function maskSecrets(text: string): string {
  let masked = text;
  for (const { start, end } of findSecrets(text)) {
    const from = Math.min(end, start + SHOWN);
    masked = masked.slice(0, from) + masked.slice(from, end).replaceAll(/[^\s]/g, "•") + masked.slice(end);
  }
  return masked;
}
