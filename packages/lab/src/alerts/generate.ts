import { AppError, createRandom, randomInt, type Random } from "bezoar";
import type { Alert, JudgedAlert, Verdict } from "./alert.ts";
import { plan, type Command, type Plan, type PlanOptions, type Variant } from "./plan.ts";
import type { Account, Host } from "./population.ts";
import type { HostKind } from "./rule.ts";

/** What alerts to make. The same options give the same alerts; fewer rows give the first of them. */
export type AlertOptions = PlanOptions & {
  readonly rows: number;
  readonly seed: number;
  /** Share of verdicts turned over, as tired analysts do. */
  readonly noise?: number;
  /** Share of malicious alerts among those of people; service accounts have none. */
  readonly maliciousRate?: number;
};

export const DEFAULT_NOISE = 0.05;
export const DEFAULT_MALICIOUS_RATE = 0.5;

/** How much of the alerts is a service account's when nothing restricts the users. */
const SERVICE_SHARE = 0.1;
/** Where people's alerts come from when the behavior does not say. */
const HOST_KINDS: readonly HostKind[] = [
  ...Array.from({ length: 8 }, (): HostKind => "workstation"),
  "server",
  "management",
];
/** How often a person sits at their own workstation, not at one of the department's. */
const OWN_WORKSTATION = 0.6;

/** Addresses outside (RFC 5737: nobody's); they do not tell who is welcome. */
const OUTSIDE = ["192.0.2", "198.51.100", "203.0.113"].flatMap((subnet) =>
  [41, 42, 43, 44].map((last) => `${subnet}.${last}`),
);

const START = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;
/** One quarter of a year. */
const DAYS = Array.from({ length: 90 }, (_, day) =>
  new Date(START + day * DAY_MS).toISOString().slice(0, 10),
);
const TWO_DIGITS = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, "0"));

/** Alerts of a security operations centre, one after the other in constant memory; verdicts follow from their content. */
export function* generateAlerts(options: AlertOptions): Generator<JudgedAlert, void, undefined> {
  const { rows, seed, noise = DEFAULT_NOISE, maliciousRate = DEFAULT_MALICIOUS_RATE } = options;
  if (!(noise >= 0 && noise <= 1)) throw new AppError("bad-option", "noise is a share from 0 to 1");
  if (!(maliciousRate >= 0 && maliciousRate <= 1)) {
    throw new AppError("bad-option", "the malicious rate is a share from 0 to 1");
  }
  const planned = plan(options);
  const random = createRandom(seed);
  for (let i = 0; i < rows; i++) {
    const { account, variant, truth } = drawEvent(planned, maliciousRate, random);
    const alert = drawAlert(idOf(i, seed), account, variant, random);
    const verdict = random() < noise ? other(truth) : truth;
    yield { alert, verdict, truth };
  }
}

type Event = { readonly account: Account; readonly variant: Variant; readonly truth: Verdict };

function drawEvent({ people, rules, services }: Plan, maliciousRate: number, random: Random): Event {
  const isService = random() < SERVICE_SHARE ? services.length > 0 : people.length === 0;
  if (isService) {
    const { account, variants } = choose(services, random);
    return { account, variant: choose(variants, random), truth: "benign" };
  }
  // Where only service accounts were asked for, the first branch has returned.
  const account = choose(people, random);
  const truth = random() < maliciousRate ? "malicious" : "benign";
  return { account, variant: choose(choose(rules, random)[truth], random), truth };
}

function drawAlert(id: string, account: Account, variant: Variant, random: Random): Alert {
  const { rule } = variant;
  const host = drawHost(account, variant.on ?? (account.isService ? ["server"] : HOST_KINDS), random);
  const outside = choose(OUTSIDE, random);
  const command = drawCommand(variant.command, random);
  return {
    id,
    time: drawTime(account.isService, random),
    rule_id: rule.id,
    rule: rule.name,
    severity: choose(rule.severities, random),
    user: account.name,
    host: host.name,
    process: command.slice(0, command.indexOf(" ")),
    parent_process: choose(variant.parents, random),
    command_line: command,
    source_ip: variant.isRemote ? outside : host.address,
  };
}

function drawHost({ hosts, isService }: Account, kinds: readonly HostKind[], random: Random): Host {
  const kind = choose(kinds, random);
  const own = hosts[kind][0];
  const isOwn = random() < OWN_WORKSTATION && kind === "workstation" && !isService;
  return isOwn && own !== undefined ? own : choose(hosts[kind], random);
}

function drawCommand(command: Command, random: Random): string {
  let line = "";
  for (const words of command) {
    line += `${line === "" ? "" : " "}${words.length === 1 ? words[0] : choose(words, random)}`;
  }
  return line;
}

/** People by day, programs by night. */
function drawTime(isService: boolean, random: Random): string {
  const day = choose(DAYS, random);
  const hour = isService ? (22 + random() * 8) % 24 : 7 + (random() + random()) * 6;
  const clock = [hour, (hour * 60) % 60, (hour * 3600) % 60].map((part) => TWO_DIGITS[Math.floor(part)]);
  return `${day}T${clock.join(":")}Z`;
}

/** Different for each row: every step can be undone. */
function idOf(row: number, seed: number): string {
  let hash = (row + Math.imul(seed, 0x9e3779b1) + 0x51ed270b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return `alr-${((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, "0")}`;
}

function other(verdict: Verdict): Verdict {
  return verdict === "benign" ? "malicious" : "benign";
}

function choose<Item>(items: readonly Item[], random: Random): Item {
  const item = items[randomInt(random, items.length)];
  if (item === undefined) throw new Error("nothing to choose from");
  return item;
}
