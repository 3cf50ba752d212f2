import { AppError } from "bezoar";
import { expect, test } from "vitest";
import type { Alert, JudgedAlert } from "./alert.ts";
import { generateAlerts, type AlertOptions } from "./generate.ts";
import { PEOPLE, SERVICE_ACCOUNTS, USERS } from "./population.ts";
import { RULES } from "./rules.ts";

const make = (options: AlertOptions) => [...generateAlerts(options)];

/** What a verdict may follow from: not who, not when, and of the machine only its kind. */
function contentOf(alert: Alert): string {
  const kind = alert.host.split("-")[0];
  return [alert.rule, alert.parent_process, alert.command_line, kind].join("|");
}

function shareMalicious(alerts: readonly JudgedAlert[]): number {
  return alerts.filter(({ truth }) => truth === "malicious").length / alerts.length;
}

test("the same seed makes the same alerts, another seed others", () => {
  const options = { rows: 200, seed: 7 };
  expect(make(options)).toEqual(make(options));
  expect(make(options)).not.toEqual(make({ ...options, seed: 8 }));
});

test("fewer rows are the first of more, and label noise changes verdicts alone", () => {
  const many = make({ rows: 500, seed: 3 });
  expect(make({ rows: 100, seed: 3 })).toEqual(many.slice(0, 100));
  const quiet = make({ rows: 500, seed: 3, noise: 0 });
  expect(quiet.map(({ alert }) => alert)).toEqual(many.map(({ alert }) => alert));
  expect(quiet.every(({ verdict, truth }) => verdict === truth)).toBe(true);
});

test("the verdict follows from the content: the same content has one truth, whoever did it", () => {
  const truths = new Map<string, string>();
  for (const { alert, truth } of generateAlerts({ rows: 100_000, seed: 1 })) {
    const content = contentOf(alert);
    expect([content, truths.get(content) ?? truth]).toEqual([content, truth]);
    truths.set(content, truth);
  }
});

test("the same command line is judged by what else stands in the alert", () => {
  const truths = new Map<string, Set<string>>();
  for (const { alert, truth } of generateAlerts({ rows: 20_000, seed: 1 })) {
    const line = `${alert.rule}|${alert.command_line}`;
    truths.set(line, (truths.get(line) ?? new Set()).add(truth));
  }
  const ambiguous = [...truths].filter(([, of]) => of.size === 2);
  expect(new Set(ambiguous.map(([line]) => line.split("|")[0])).size).toBeGreaterThan(RULES.length / 2);
});

test("people have the same mix of rules and the same share of malicious alerts", () => {
  const [first, second] = ["alice", "zoe"].map((name) => make({ rows: 20_000, seed: 5, users: [name] }));
  expect(shareMalicious(first ?? [])).toBeCloseTo(0.5, 1);
  expect(shareMalicious(second ?? [])).toBeCloseTo(0.5, 1);
  const everybody = make({ rows: 43_000, seed: 6 });
  for (const name of PEOPLE) {
    const own = everybody.filter(({ alert }) => alert.user === name);
    expect(Math.abs(own.length / everybody.length - 0.9 / PEOPLE.length)).toBeLessThan(0.005);
    expect(Math.abs(shareMalicious(own) - 0.5)).toBeLessThan(0.08);
  }
});

test("service accounts set off the same rules as intruders, and never are", () => {
  const alerts = make({ rows: 20_000, seed: 2 }).filter(({ alert }) => SERVICE_ACCOUNTS.includes(alert.user));
  expect(alerts.length / 20_000).toBeCloseTo(0.1, 1);
  expect(shareMalicious(alerts)).toBe(0);
  expect(new Set(alerts.map(({ alert }) => alert.user)).size).toBe(SERVICE_ACCOUNTS.length);
});

test("people start the jobs of service accounts too, so that no name makes them benign", () => {
  const job = /\/pool tape|\/window sunday|\/ring pilot/;
  const jobs = make({ rows: 20_000, seed: 2 }).filter(({ alert }) => job.test(alert.command_line));
  expect(jobs.some(({ alert }) => PEOPLE.includes(alert.user))).toBe(true);
  expect(shareMalicious(jobs)).toBe(0);
});

test("as many verdicts are turned over as asked for", () => {
  for (const noise of [0, 0.05, 0.3, 1]) {
    const alerts = make({ rows: 10_000, seed: 4, noise });
    const turned = alerts.filter(({ verdict, truth }) => verdict !== truth).length;
    const deviation = Math.sqrt(10_000 * noise * (1 - noise));
    expect(Math.abs(turned - 10_000 * noise)).toBeLessThanOrEqual(4 * deviation);
  }
});

test("the malicious rate is that of people's alerts", () => {
  for (const maliciousRate of [0, 0.2, 1]) {
    const alerts = make({ rows: 4000, seed: 4, maliciousRate, users: PEOPLE });
    expect(Math.abs(shareMalicious(alerts) - maliciousRate)).toBeLessThan(0.03);
  }
});

test("a newcomer is an ordinary user at a machine of the population", () => {
  const alerts = make({ rows: 2000, seed: 9, extraUser: "Alicia", users: ["Alicia"] });
  expect(alerts.every(({ alert }) => alert.user === "Alicia")).toBe(true);
  expect(shareMalicious(alerts)).toBeCloseTo(0.5, 1);
  const hosts = new Set(make({ rows: 20_000, seed: 9 }).map(({ alert }) => alert.host));
  expect(alerts.every(({ alert }) => hosts.has(alert.host))).toBe(true);
});

test("every workstation is used by several people, and every host has one address", () => {
  const addresses = new Map<string, Set<string>>();
  const users = new Map<string, Set<string>>();
  for (const { alert } of generateAlerts({ rows: 50_000, seed: 3 })) {
    if (!alert.host.startsWith("wks")) continue;
    users.set(alert.host, (users.get(alert.host) ?? new Set()).add(alert.user));
    if (!alert.source_ip.startsWith("10.")) continue;
    addresses.set(alert.host, (addresses.get(alert.host) ?? new Set()).add(alert.source_ip));
  }
  expect([...users.values()].every(({ size }) => size > 3)).toBe(true);
  expect([...addresses.values()].every(({ size }) => size === 1)).toBe(true);
});

test("only the rules that are asked for", () => {
  const alerts = make({ rows: 300, seed: 1, rules: ["lsass-access", "powershell"] });
  expect(new Set(alerts.map(({ alert }) => alert.rule))).toEqual(new Set(["lsass-access", "powershell"]));
});

test("ids differ", () => {
  expect(new Set(make({ rows: 50_000, seed: 1 }).map(({ alert }) => alert.id)).size).toBe(50_000);
});

test("there are enough people, service accounts, rules and tactics", () => {
  expect(USERS.length).toBeGreaterThanOrEqual(40);
  expect(new Set(USERS).size).toBe(USERS.length);
  expect(SERVICE_ACCOUNTS.length).toBeGreaterThanOrEqual(6);
  expect(RULES.length).toBeGreaterThanOrEqual(16);
  expect(new Set(RULES.map(({ tactic }) => tactic)).size).toBeGreaterThanOrEqual(10);
  for (const { severities } of RULES) expect(severities.reduce((sum, n) => sum + n, 0)).toBe(10);
  for (const kind of ["id", "name"] as const)
    expect(new Set(RULES.map((rule) => rule[kind])).size).toBe(RULES.length);
});

test("what cannot be made is told", () => {
  const refused: Partial<AlertOptions>[] = [
    { users: ["nobody"] },
    { users: [] },
    { rules: ["no-rule"] },
    { noise: 2 },
    { maliciousRate: Number.NaN },
    { extraUser: "two words" },
    { users: ["svc_sql"], rules: ["office-child"] },
  ];
  for (const options of refused) expect(() => make({ rows: 10, seed: 1, ...options })).toThrow(AppError);
});
