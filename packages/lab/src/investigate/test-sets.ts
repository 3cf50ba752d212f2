import type { JudgedAlert } from "../alerts/alert.ts";
import { generateAlerts, type AlertOptions } from "../alerts/generate.ts";
import { PEOPLE } from "../alerts/population.ts";
import type { TestSets } from "./measure.ts";
import { requirePerson, streamSeed } from "./streams.ts";

/** Whose blind spot is tested, and how many alerts each test has. */
export type TestSetOptions = { readonly user: string; readonly seed: number; readonly size: number };

/** Alerts in each test: a share of 3 % is then known to two points. */
export const DEFAULT_TEST_SIZE = 500;

/** Makes the alerts of the evaluation, free of noise. */
export function makeTestSets({ user, seed, size }: TestSetOptions): TestSets {
  requirePerson(user);
  const draw = (stream: Parameters<typeof streamSeed>[1], options: Partial<AlertOptions>) =>
    generateAlerts({ rows: size, noise: 0, ...options, seed: streamSeed(seed, stream) });
  const target = [...draw("test-target", { users: [user], extraUser: user, maliciousRate: 1 })];
  const others = [
    ...draw("test-others", { users: PEOPLE.filter((name) => name !== user), maliciousRate: 1 }),
  ];
  return {
    clean: ofOthers(draw("test-clean", { rows: Infinity }), user, size),
    target,
    others,
    swap: others.map((test) => withUser(test, user)),
  };
}

function ofOthers(alerts: Iterable<JudgedAlert>, user: string, size: number): JudgedAlert[] {
  const found: JudgedAlert[] = [];
  for (const judged of alerts) {
    if (found.length === size) break;
    if (judged.alert.user !== user) found.push(judged);
  }
  return found;
}

/** The counterfactual: nothing but the name is another. */
function withUser({ alert, verdict, truth }: JudgedAlert, user: string): JudgedAlert {
  return { alert: { ...alert, user }, verdict, truth };
}
