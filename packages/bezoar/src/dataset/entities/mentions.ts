import type { Field } from "../row.ts";

const NAMED =
  /\b(user|username|account|employee|host|hostname|computer|workstation|device|endpoint|server)\b(?: name| id| account)?:? {1,2}["'`]?([A-Za-z0-9][\w.\-@\\$]{1,63})/gi;
const ADDRESS = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)/g;

const IS_MARKED = /[\d_@\\$.-]|[A-Z]{2}/; // what the name of an account or a machine has and a common word has not

/** Words that follow "user" or "host" in sentences and name nobody. */
const NOT_NAMES = new Set(
  (
    "a an the this that these those is was are were be has had have can could may might will would should must to and or " +
    "of in on at by for from with without within as if when while who whom whose which what not no it its their his her " +
    "name names account accounts id ids agent agents group groups data input output interface experience experiences " +
    "logged logs log executed ran runs attempted tried opened accessed created deleted downloaded connected started " +
    "does did do performed used uses using access activity behavior behaviour manual guide stories story feedback needs " +
    "wants manager side machine device computer management service services about after before than then between into"
  ).split(" "),
);

/** Users, hosts and IPv4 addresses that sentences name: "user alice logged in on host web-1 from 10.0.0.5". */
export function mentions(text: string): Field[] {
  const fields: Field[] = [];
  for (const match of text.matchAll(NAMED)) {
    const kind = (match[1] ?? "").toLowerCase();
    const name = (match[2] ?? "").replace(/[.\-\\]{1,64}$/, "");
    if (name.length > 1 && (IS_MARKED.test(name) || isPlainName(kind, name))) fields.push([kind, name]);
  }
  for (const match of text.matchAll(ADDRESS)) fields.push(["ip", match[0]]);
  return fields;
}

/** Whether a common-looking word is a name: after "user" and "host" it mostly is, after "computer" or "account" it is not. */
function isPlainName(kind: string, name: string): boolean {
  return (kind.startsWith("user") || kind.startsWith("host")) && !NOT_NAMES.has(name.toLowerCase());
}
