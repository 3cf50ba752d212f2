import { domainToUnicode } from "node:url";
import type { ContentHit } from "./content-hit.ts";
import { KNOWN_NAMES } from "./known-hosts.ts";
import { asciiOf } from "./lookalikes.ts";

type Judged = { readonly form: string; readonly what: string; readonly severity: ContentHit["severity"] };

const BARE: Judged = { form: "bare-address", what: "a link to a bare public address", severity: "low" };
const OBSCURED: Judged = {
  form: "obscured-address",
  what: "a link to an address in an unusual notation",
  severity: "low",
};

/** What is odd about the host of a link, if anything; `host` may end in a port. */
export function hostForm(host: string): Judged | undefined {
  if (host.startsWith("["))
    return /^\[(?:2[0-9a-f]{3}):(?!db8:)[0-9a-f:.]{2,40}\]/i.test(host) ? BARE : undefined;
  const name = host
    .replace(/:\d{0,5}$/, "")
    .replace(/\.$/, "")
    .toLowerCase();
  const numeric = numericForm(name);
  if (numeric !== undefined) return numeric === "innocent" ? undefined : numeric;
  const shown = name.includes("xn--") ? domainToUnicode(name) : name;
  const labels = shown.split(".");
  if (/[^\u0000-\u007f]/.test(shown)) return judgeForeign(labels); // eslint-disable-line no-control-regex -- the whole ASCII range is meant
  return judgeAscii(labels);
}

function numericForm(name: string): Judged | "innocent" | undefined {
  const parts = name.split(".");
  if (parts.every((part) => /^\d{1,3}$/.test(part)) && parts.length === 4) {
    const octets = parts.map(Number);
    if (octets.some((octet) => octet > 255)) return "innocent";
    if (parts.some((part) => /^0\d/.test(part))) return OBSCURED; // octal to most resolvers
    return isPublic(octets) ? BARE : "innocent";
  }
  if (/^\d{8,10}$/.test(name) && Number(name) >= 2 ** 24 && Number(name) < 2 ** 32) return OBSCURED;
  if (/^0x[0-9a-f]{8}$/.test(name) || /^0x[0-9a-f]{1,2}(?:\.0x[0-9a-f]{1,2}){3}$/.test(name)) return OBSCURED;
  return undefined;
}

/** Not private, loopback, link-local, shared, documentation, benchmarking, multicast or reserved (RFC 6890), nor one that people write as an example. */
function isPublic([a = 0, b = 0, c = 0, d = 0]: readonly number[]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if ((a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254)) return false;
  if (a === 100 && b >= 64 && b < 128) return false;
  if ((a === 192 && b === 0) || (a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))))
    return false;
  if (a === 203 && b === 0 && c === 113) return false;
  return !(a === 1 && b === 2 && c === 3) && !(a === b && b === c && c === d); // 1.2.3.4; 1.1.1.1 and 8.8.8.8 are public resolvers
}

function judgeForeign(labels: readonly string[]): Judged | undefined {
  for (const label of labels) {
    let latin = 0;
    let alike = 0;
    let other = 0;
    for (const letter of label) {
      if (/[a-z]/.test(letter)) latin++;
      else if (asciiOf(letter.charCodeAt(0)) !== undefined) alike++;
      else if (/\p{L}/u.test(letter)) other++;
    }
    if (alike === 0) continue;
    const plain = Array.from(label)
      .map((letter) => asciiOf(letter.charCodeAt(0)) ?? letter)
      .join("");
    if (other === 0 && KNOWN_NAMES.has(plain.toLowerCase())) {
      return {
        form: "look-alike-host",
        what: `a link to a host that looks like ${plain}`,
        severity: "medium",
      };
    }
    if (other === 0 && latin > 0) {
      return { form: "mixed-script-host", what: "a link to a host in mixed scripts", severity: "low" };
    }
  }
  return undefined;
}

const SWAPS: ReadonlyMap<string, string> = new Map([
  ["0", "o"],
  ["1", "l"],
  ["3", "e"],
  ["5", "s"],
  ["rn", "m"],
  ["vv", "w"],
]);

function judgeAscii(labels: readonly string[]): Judged | undefined {
  const registered = labels.at(-2) ?? "";
  for (const label of registered.split("-")) {
    if (KNOWN_NAMES.has(label)) continue;
    const plain = label.replaceAll(/rn|vv|[0135]/g, (sign) => SWAPS.get(sign) ?? sign);
    for (const name of [plain, label.replaceAll("1", "i").replaceAll("0", "o")]) {
      if (name !== label && KNOWN_NAMES.has(name)) {
        return { form: "look-alike-host", what: `a link to a host that looks like ${name}`, severity: "low" };
      }
    }
  }
  // paypal.com.login.example: a known host in front of another's. A country's suffix and one proxy in front are usual.
  const at = labels.findIndex((label, i) => KNOWN_NAMES.has(label) && labels[i + 1] === "com");
  const isInFront = at >= 0 && labels.length - (at + 2) >= 2 && !KNOWN_NAMES.has(registered);
  const isUsual = labels.some((label) =>
    /proxy|mirror|cdn|edu|amazonaws|azure|cloudfront|archive|akamai/.test(label),
  );
  if (!isInFront || isUsual || (labels.at(-1)?.length === 2 && labels.length - (at + 2) === 2))
    return undefined;
  return {
    form: "look-alike-host",
    what: `a link whose host only begins like ${labels[at]}.com`,
    severity: "low",
  };
}
