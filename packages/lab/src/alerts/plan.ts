import { AppError } from "bezoar";
import { SEVERITIES, type Alert, type Verdict } from "./alert.ts";
import { POOLS } from "./pools.ts";
import { ACCOUNTS, newcomer, type Account } from "./population.ts";
import type { Behavior, DetectionRule, HostKind } from "./rule.ts";
import { RULES } from "./rules.ts";

/** A command line as the words that may stand at each place. */
export type Command = readonly (readonly string[])[];

/** One command line of a behavior, with what goes with it. */
export type Variant = {
  readonly rule: PlannedRule;
  readonly parents: readonly string[];
  readonly command: Command;
  readonly on: readonly HostKind[] | undefined;
  readonly isRemote: boolean;
};

type PlannedRule = {
  readonly id: string;
  readonly name: string;
  /** Ten severities; each is drawn as often as it stands here. */
  readonly severities: readonly Alert["severity"][];
};

/** The variants of a rule that people set off. */
type PlannedChoice = Readonly<Record<Verdict, readonly Variant[]>>;

/** Who may appear, and what each of them may do. */
export type Plan = {
  readonly people: readonly Account[];
  readonly rules: readonly PlannedChoice[];
  readonly services: readonly { readonly account: Account; readonly variants: readonly Variant[] }[];
};

/** What a set of alerts is to be made of; names that are unknown are told. */
export type PlanOptions = {
  /** Only these users. */
  readonly users?: readonly string[];
  /** A name that joins the population as an ordinary user; nothing changes for one that is in it. */
  readonly extraUser?: string;
  /** Only these rules, by name. */
  readonly rules?: readonly string[];
};

/** Looks up everything that the options name, once, before the first alert. */
export function plan({ users, extraUser, rules }: PlanOptions): Plan {
  const everybody =
    extraUser === undefined || ACCOUNTS.some(({ name }) => name === extraUser)
      ? ACCOUNTS
      : [...ACCOUNTS, newcomer(checkName(extraUser))];
  const accounts = pick(everybody, users, "user");
  const chosen = pick(RULES, rules, "rule").map((rule) => ({ rule, planned: plannedRule(rule) }));
  const services = accounts
    .filter(({ isService }) => isService)
    .map((account) => ({
      account,
      variants: chosen.flatMap(({ rule, planned }) =>
        variantsOf(
          (rule.service ?? []).filter((behavior) => behavior.account === account.name),
          planned,
        ),
      ),
    }))
    .filter(({ variants }) => variants.length > 0);
  const people = accounts.filter(({ isService }) => !isService);
  if (people.length + services.length === 0) {
    throw new AppError("bad-option", "none of these service accounts sets off any of these rules");
  }
  return {
    people,
    rules: chosen.map(({ rule, planned }) => ({
      benign: variantsOf([...rule.benign, ...byHand(rule)], planned),
      malicious: variantsOf(rule.malicious, planned),
    })),
    services,
  };
}

/** The jobs of service accounts as people start them, so that what is done and not who does it makes them benign. */
function byHand({ service = [] }: DetectionRule): Behavior[] {
  return service.map((behavior) => ({ ...behavior, on: ["management", "server"] }));
}

function plannedRule({ id, name, severities }: DetectionRule): PlannedRule {
  return {
    id,
    name,
    severities: SEVERITIES.flatMap((severity, i) =>
      Array.from({ length: severities[i] ?? 0 }, () => severity),
    ),
  };
}

function variantsOf(behaviors: readonly Behavior[], rule: PlannedRule): Variant[] {
  return behaviors.flatMap(({ parents, commands, on, isRemote = false }) =>
    commands.map((command) => ({
      rule,
      parents: parents.split(" "),
      command: command.split(" ").map(wordsOf),
      on,
      isRemote,
    })),
  );
}

const pools: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(POOLS));

function wordsOf(word: string): readonly string[] {
  return pools.get(word.replace(/^\{(.*)\}$/, "$1")) ?? [word];
}

function pick<Named extends { readonly name: string }>(
  all: readonly Named[],
  names: readonly string[] | undefined,
  kind: string,
): readonly Named[] {
  if (names === undefined) return all;
  const unknown = names.find((wanted) => !all.some(({ name }) => name === wanted));
  if (unknown !== undefined) {
    throw new AppError(
      "bad-option",
      `there is no ${kind} ${unknown}; bezoar-lab alerts --list-${kind}s names them`,
    );
  }
  if (names.length === 0) throw new AppError("bad-option", `name at least one ${kind}`);
  return all.filter(({ name }) => names.includes(name));
}

/** A name is one word of the alert and of the answer. */
function checkName(name: string): string {
  if (/^\S+$/u.test(name)) return name;
  throw new AppError("bad-option", `a user's name is one word, and ${JSON.stringify(name)} is not`);
}
