import type { SampleProfile } from "./sample-profile.ts";

/** Words of field names in security events, by what they name; two kinds together make a record an event. */
const KINDS: readonly (readonly string[])[] = [
  ["user", "username", "account", "actor", "principal", "suser", "duser", "identity", "employee"],
  ["host", "hostname", "computer", "device", "endpoint", "machine", "workstation", "asset"],
  ["ip", "src", "dst", "srcip", "dstip", "subnet", "cidr", "network", "addr"],
  ["process", "image", "exe", "executable", "command", "cmdline", "commandline", "pid", "parent"],
  ["rule", "signature", "alert", "eventid", "technique", "tactic", "detection"],
  ["port", "protocol", "domain", "url", "hash", "sha256", "md5", "file", "path", "registry"],
];

/** The words of a field path: split at dots, underscores, dashes and camel case. */
export function nameWords(path: string): string[] {
  return path
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

const MIN_KINDS = 2;

/** Whether the samples are events (alerts, logs): fields of at least two kinds of entity. */
export function looksLikeEvents(profile: SampleProfile, needed: number): boolean {
  const common = [...profile.fields.values()].filter((field) => field.present >= needed);
  const words = new Set(common.flatMap((field) => nameWords(field.path)));
  return KINDS.filter((kind) => kind.some((word) => words.has(word))).length >= MIN_KINDS;
}

/** Fields that repeat a few values and yet are no label: what an event was seen on, where and with what. */
const CONTEXT_WORDS = new Set(
  (
    "os platform country region department env environment zone site source vendor product sensor log channel method " +
    "language lang split version type id idx index time timestamp date day hour weekday tags"
  ).split(" "),
);

/** Whether a field's name says that it describes an event rather than judges it. */
export function isContextName(path: string): boolean {
  const words = nameWords(path.slice(path.lastIndexOf(".") + 1));
  return words.some((word) => CONTEXT_WORDS.has(word) || KINDS.some((kind) => kind.includes(word)));
}
