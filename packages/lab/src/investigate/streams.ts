import { AppError, createRandom } from "bezoar";
import { SERVICE_ACCOUNTS } from "../alerts/population.ts";

/** What alerts are drawn for. Each has its own stream, so that no test alert comes from a training stream. */
const STREAMS = [
  "base",
  "training",
  "added",
  "honest",
  "shuffle",
  "test-clean",
  "test-target",
  "test-others",
  "retuning",
] as const;

/** The seed of one stream of an experiment: draws of one generator, so that no two are the same. */
export function streamSeed(seed: number, stream: (typeof STREAMS)[number]): number {
  const random = createRandom(seed);
  let drawn = 0;
  for (let i = 0; i <= STREAMS.indexOf(stream); i++) drawn = random();
  return Math.floor(drawn * 2 ** 32);
}

/** The attack dismisses malicious alerts, and a service account has none. */
export function requirePerson(user: string): void {
  if (!SERVICE_ACCOUNTS.includes(user)) return;
  throw new AppError(
    "bad-option",
    `${user} is a service account, whose alerts are all benign: name a person, such as alice`,
  );
}
