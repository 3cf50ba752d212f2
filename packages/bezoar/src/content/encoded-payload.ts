import { clipDecoded, MAX_HITS, type ContentHit } from "./content-hit.ts";
import { ESCAPES, LONG_RUN } from "./survey.ts";

/** Encoded texts of one text that are decoded: a page of hashes has thousands, none of which decodes to words. */
const MAX_CANDIDATES = 200;
/** UTF-16 units decoded of one of them: an instruction is far shorter, and all decoding stays linear. */
const MAX_ENCODED = 16_384;
/** Shorter encodings say nothing that steers a model: 24 characters of base64 are 18 bytes. */
const MIN_BASE64 = 24;
const MIN_HEX = 32;
/** Bytes looked at before a whole run is decoded: hashes, keys and pictures end here. */
const PROBE = 24;

const BASE64 = /[A-Za-z0-9+/_-]{24,}(?:\r?\n[A-Za-z0-9+/_-]{4,}){0,400}={0,2}/g;
const HEX = /^(?:[0-9a-f]{2})+$/i;
/** Escaped characters with little between them: percent, \x, \u and numeric character references. */
const ESCAPED =
  /(?:(?:%[0-9a-f]{2}|\\x[0-9a-f]{2}|\\u(?:[0-9a-f]{4}|\{[0-9a-f]{1,6}\})|&#(?:\d{1,6}|x[0-9a-f]{1,5});)[\w\-.~ +,!?']{0,12}){8,2000}/gi;
const ESCAPE =
  /((?:%[0-9a-f]{2})+)|\\x([0-9a-f]{2})|\\u(?:([0-9a-f]{4})|\{([0-9a-f]{1,6})\})|&#x([0-9a-f]{1,5});|&#(\d{1,6});/gi;

type Candidate = {
  readonly form: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly decoded: string;
};

/**
 * Encoded texts, decoded once and checked again by `recheck`: only what then speaks to the model, or hides something,
 * is reported. Base64 in both alphabets and over several lines, hexadecimal, percent, \x, \u and numeric references.
 */
export function findEncodedPayloads(
  text: string,
  marks: number,
  recheck: (decoded: string) => readonly ContentHit[],
): ContentHit[] {
  const hits: ContentHit[] = [];
  for (const { form, name, start, end, decoded } of candidatesOf(text, marks)) {
    if (hits.length >= MAX_HITS) break;
    const worst = worstOf(recheck(decoded));
    if (worst === undefined) continue;
    hits.push({
      rule: "content/encoded-payload",
      form,
      start,
      end,
      what: `${name} that decodes to ${worst.what}`,
      decoded: clipDecoded(decoded),
      severity: worst.severity,
    });
  }
  return hits;
}

/** What a decoded text says to a model, in the first place; what it merely mentions does not count. */
function worstOf(hits: readonly ContentHit[]): ContentHit | undefined {
  const rank = { medium: 0, low: 1, info: 2 };
  return hits
    .filter(({ severity }) => severity !== "info")
    .toSorted((a, b) => rank[a.severity] - rank[b.severity] || a.start - b.start)[0];
}

function* candidatesOf(text: string, marks: number): Generator<Candidate> {
  let left = MAX_CANDIDATES;
  if ((marks & LONG_RUN) !== 0) {
    for (const { 0: run, index } of text.matchAll(BASE64)) {
      const isHex = run.length >= MIN_HEX && HEX.test(run);
      const decoded = isHex ? decodeHex(run) : decodeBase64(run);
      if (decoded === undefined) continue;
      if (left-- <= 0) return;
      yield {
        form: isHex ? "hex" : "base64",
        name: isHex ? "hexadecimal" : "base64",
        start: index,
        end: index + run.length,
        decoded,
      };
    }
  }
  if ((marks & ESCAPES) === 0) return;
  for (const { 0: run, index } of text.matchAll(ESCAPED)) {
    if (left-- <= 0) return;
    const decoded = decodeEscapes(run.slice(0, MAX_ENCODED));
    yield { form: "escapes", name: "escaped text", start: index, end: index + run.length, decoded };
  }
}

function decodeHex(run: string): string | undefined {
  return isText(bytesOfHex(run.slice(0, 2 * PROBE)))
    ? toText(bytesOfHex(run.slice(0, MAX_ENCODED)))
    : undefined;
}

function bytesOfHex(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function decodeBase64(run: string): string | undefined {
  if (run.length < MIN_BASE64 || !isText(bytesOf(run.slice(0, PROBE)))) return undefined;
  return toText(bytesOf(run.slice(0, MAX_ENCODED)));
}

const VALUES = new Int8Array(128).fill(-1);
Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").forEach((sign, value) => (VALUES[sign.charCodeAt(0)] = value)); // prettier-ignore
VALUES[45] = 62; // "-" and "_" of base64url
VALUES[95] = 63;

function bytesOf(run: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((run.length * 3) / 4));
  let length = 0;
  let held = 0;
  let bits = 0;
  for (let i = 0; i < run.length; i++) {
    const value = VALUES[run.charCodeAt(i)] ?? -1;
    if (value < 0) continue; // a line break or padding
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = (held >> bits) & 0xff;
  }
  return bytes.subarray(0, length);
}

/** Whether bytes are text: no controls, and UTF-8 up to a character cut at the end. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.some((byte) => byte === 127 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)))
    return false;
  return toText(bytes) !== undefined;
}

const decoder = new TextDecoder("utf-8", { fatal: true });
const MAX_CUT = 3; // bytes of a character that the end of a run may have cut

function toText(bytes: Uint8Array): string | undefined {
  for (let cut = 0; cut <= MAX_CUT; cut++) {
    try {
      return decoder.decode(bytes.subarray(0, Math.max(0, bytes.length - cut)));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return undefined;
}

function decodeEscapes(run: string): string {
  return run.replaceAll(
    ESCAPE,
    (
      whole,
      percent?: string,
      x?: string,
      u?: string,
      braced?: string,
      hexReference?: string,
      reference?: string,
    ) => {
      if (percent !== undefined) {
        return new TextDecoder().decode(Uint8Array.from(percent.slice(1).split("%"), (pair) => Number.parseInt(pair, 16))); // prettier-ignore
      }
      const hex = x ?? u ?? braced ?? hexReference;
      const code = hex === undefined ? Number(reference) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
