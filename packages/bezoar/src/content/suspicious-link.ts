import { MAX_HITS, type ContentHit } from "./content-hit.ts";
import { hostForm } from "./hosts.ts";
import { COMMON_SUFFIXES, KNOWN_NAMES } from "./known-hosts.ts";

/** Longer addresses are data; what matters stands at the beginning. */
const MAX_LINK = 2048;
/** Links of one text that are looked at. */
const MAX_LINKS = 5000;
const LINK = /\b(?:https?|ftp|wss?):\/\/[^\s<>"'`\\^{}|]{1,2048}/gi;
/** Links that run code or carry a page in themselves: in Markdown or HTML; `javascript:void(0)` is how pages say "no link". */
const ACTIVE =
  /(?:\]\(|href\s{0,3}=\s{0,3}["']?)\s{0,3}(javascript:(?!\s{0,3}(?:void|;|return|$))[^\s)"'>]{4,300}|data:(?:text\/html|application\/)[^\s)"'>]{4,300})/gi;
/** Images with an address on the web; placeholders may hold spaces. */
const IMAGE = /!\[[^\]\n]{0,200}\]\((https?:\/\/[^)\n]{1,800})\)/gi;
/** A place in an address to be filled in: `={history}`, `/[SUMMARY]`, `=%7Bdata%7D`. */
const PLACEHOLDER =
  /[=/?&+](?:\$?\{{1,2}|\[|<|%7B|%5B)[\s_]{0,3}([A-Za-z][A-Za-z_ -]{2,60})(?:\}|\]|>|%7D|%5D)/i;
const PRIVATE_WORD =
  /conversation|history|chat|secret|prompt|password|credential|summary|context|user|email|api.?key|answer|response|message|token|data/i;

/** Links that imitate a known host, hide the real one, lead to a bare public address, run code, or carry data out through an image. */
export function findSuspiciousLinks(text: string): ContentHit[] {
  const hits: ContentHit[] = [];
  const add = (
    start: number,
    length: number,
    form: string,
    what: string,
    severity: ContentHit["severity"],
  ) => {
    if (hits.length >= MAX_HITS) return;
    hits.push({ rule: "content/suspicious-link", form, start, end: start + length, what, severity });
  };
  let links = 0;
  for (const { 0: link, index } of text.matchAll(LINK)) {
    if (++links > MAX_LINKS) break;
    const judged = judgeAuthority(link);
    if (judged !== undefined) add(index, link.length, judged.form, judged.what, judged.severity);
  }
  for (const { 0: image, 1: address = "", index } of text.matchAll(IMAGE)) {
    const placeholder = PLACEHOLDER.exec(address)?.[1] ?? "";
    if (!PRIVATE_WORD.test(placeholder)) continue;
    add(index, image.length, "image-exfiltration", "an image address to be filled in with data", "low");
  }
  for (const { 0: whole, index } of text.matchAll(ACTIVE)) {
    add(index, whole.length, "active-link", "a link that carries code or a page in itself", "low");
  }
  return hits;
}

type Judged = { readonly form: string; readonly what: string; readonly severity: ContentHit["severity"] };

function judgeAuthority(link: string): Judged | undefined {
  const start = link.indexOf("://") + 3;
  const authority = (/^[^/?#]{1,300}/.exec(link.slice(start, MAX_LINK)) ?? [""])[0];
  const at = authority.lastIndexOf("@");
  if (at > 0 && readsAsHost(authority.slice(0, at))) {
    return { form: "hidden-host", what: "a link whose real host stands behind an @", severity: "low" };
  }
  return hostForm(authority.slice(at + 1));
}

/** Whether user information is written like a host: `https://google.com@evil.example`. */
function readsAsHost(user: string): boolean {
  const name = user.split(":", 1)[0] ?? "";
  const labels = name.toLowerCase().split(".");
  if (labels.length < 2) return false;
  return COMMON_SUFFIXES.has(labels.at(-1) ?? "") && (labels.length > 2 || KNOWN_NAMES.has(labels[0] ?? ""));
}
