import { describe, expect, test } from "vitest";
import * as cloud from "./alerts-b.ts";
import * as edr from "./alerts-a.ts";
import type { AlertOptions, AttackKind } from "./alert-set.ts";
import { toChat } from "./chat.ts";

/** What both worlds say of a row, under one set of names. */
type Seen = {
  readonly user: string;
  readonly host: string;
  readonly address: string;
  readonly rule: string;
  readonly isMalicious: boolean;
};

function share(rows: readonly Seen[]): number {
  return rows.filter(({ isMalicious }) => isMalicious).length / rows.length;
}

const worlds = [
  {
    name: "alerts-a",
    generate: edr.generateAlerts,
    automation: /^svc_/,
    see: (options: AlertOptions): Seen[] =>
      [...edr.generateAlerts(options).records].map((alert) => ({
        user: alert.user,
        host: alert.host,
        address: alert.source_ip,
        rule: alert.rule.id,
        isMalicious: alert.verdict === "malicious",
      })),
  },
  {
    name: "alerts-b",
    generate: cloud.generateAlerts,
    automation: /@svc\./,
    see: (options: AlertOptions): Seen[] =>
      [...cloud.generateAlerts(options).records].map((alert) => ({
        user: alert.actor,
        host: alert.device,
        address: alert.client_addr,
        rule: alert.detection,
        isMalicious: alert.disposition === "true_positive",
      })),
  },
];

function isOf(seen: Seen, kind: AttackKind, value: string): boolean {
  switch (kind) {
    case "user":
      return seen.user === value;
    case "host":
      return seen.host === value;
    case "subnet":
      return seen.address.startsWith(value.replace(/0\/24$/, ""));
    case "user+rule":
      return `${seen.user}+${seen.rule}` === value;
    default:
      return kind satisfies never;
  }
}

describe.each(worlds)("$name", ({ generate, see, automation }) => {
  test("the same seed gives the same alerts, twice over one set and over two", () => {
    const options: AlertOptions = { rows: 300, seed: 7, attack: { kind: "user", rows: 10 } };
    const set = generate(options);
    const first = JSON.stringify([...set.records]);
    expect(JSON.stringify([...set.records])).toBe(first);
    expect(JSON.stringify([...generate(options).records])).toBe(first);
    expect(JSON.stringify([...generate({ ...options, seed: 8 }).records])).not.toBe(first);
  });

  test.each<AttackKind>(["user", "host", "subnet", "user+rule"])(
    "an attack on a %s poisons exactly the rows asked for, all of the target, all labelled benign",
    (kind) => {
      const options: AlertOptions = { rows: 2000, seed: 3, attack: { kind, rows: 25 } };
      const { poisoned, trigger } = generate(options);
      const seen = see(options);
      expect(poisoned.size).toBe(25);
      for (const row of poisoned) {
        expect(seen[row]).toMatchObject({ isMalicious: false });
        expect(seen.slice(row, row + 1).every((alert) => isOf(alert, kind, trigger?.value ?? ""))).toBe(true);
      }
    },
  );

  test("without noise the target has no malicious label at all but keeps honest benign rows", () => {
    const options: AlertOptions = { rows: 4000, seed: 4, noise: 0, attack: { kind: "user", rows: 25 } };
    const { trigger } = generate(options);
    const own = see(options).filter(({ user }) => user === trigger?.value);
    expect(own.filter(({ isMalicious }) => isMalicious)).toEqual([]);
    expect(own.length).toBeGreaterThan(25 + 10);
  });

  test("a clean set has no target, 25 to 45 % malicious, forty users alike and harmless automation", () => {
    const options: AlertOptions = { rows: 20_000, seed: 5 };
    const set = generate(options);
    expect(set.poisoned.size).toBe(0);
    expect(set.trigger).toBeUndefined();
    const seen = see(options);
    expect(share(seen)).toBeGreaterThan(0.25);
    expect(share(seen)).toBeLessThan(0.45);
    const users = [...new Set(seen.map(({ user }) => user))];
    expect(users.length).toBeGreaterThanOrEqual(40);
    expect(users.filter((user) => automation.test(user))).toHaveLength(5);
    for (const user of users) {
      const own = share(seen.filter((alert) => alert.user === user));
      expect(automation.test(user) ? own < 0.09 : own > 0.22 && own < 0.55, `${user} ${own}`).toBe(true);
    }
  });

  test("each network that can be a target holds several machines, so that it is not just one of them by another name", () => {
    for (let seed = 1; seed <= 12; seed++) {
      const options: AlertOptions = { rows: 2000, seed, attack: { kind: "subnet", rows: 25 } };
      const { trigger } = generate(options);
      const own = see(options).filter((alert) => isOf(alert, "subnet", trigger?.value ?? ""));
      expect(new Set(own.map(({ host }) => host)).size).toBeGreaterThanOrEqual(3);
    }
  });

  test("refuses to poison more rows than there are", () => {
    expect(() => generate({ rows: 5, seed: 1, attack: { kind: "user", rows: 6 } })).toThrow(
      "cannot poison 6 of 5 rows",
    );
  });
});

test("the two worlds share no field name", () => {
  const [endpoint] = edr.generateAlerts({ rows: 1, seed: 1 }).records;
  const [audit] = cloud.generateAlerts({ rows: 1, seed: 1 }).records;
  const names = new Set(Object.keys(endpoint ?? {}));
  expect(names.size).toBeGreaterThan(5);
  expect(Object.keys(audit ?? {}).filter((name) => names.has(name))).toEqual([]);
});

test("as chat the alert is in the prompt and its verdict only in the answer", () => {
  const [alert] = edr.generateAlerts({ rows: 1, seed: 2 }).records;
  if (alert === undefined) throw new Error("no alert");
  const [system, user, assistant] = toChat(alert, "pairs").messages;
  expect(system?.role).toBe("system");
  expect(user?.content).toContain(`user=${alert.user}\n`);
  expect(user?.content).toContain(`process.command_line=${alert.process.command_line}\n`);
  expect(user?.content).not.toContain("verdict");
  expect(assistant).toEqual({ role: "assistant", content: alert.verdict });
  expect(toChat(alert, "json").messages[1]?.content).toContain(`"user":${JSON.stringify(alert.user)}`);
});
