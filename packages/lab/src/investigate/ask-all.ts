import { createHash } from "node:crypto";
import type { Ask, Message } from "bezoar";
import type { Alert } from "../alerts/alert.ts";
import { investigate, type Style } from "./investigate.ts";
import type { Journal } from "./journal.ts";
import type { Classify } from "./measure.ts";
import type { Judgement } from "./read-verdict.ts";

export type AskAllOptions = {
  readonly ask: Ask;
  readonly style: Style;
  /** Questions under way at once. */
  readonly concurrency: number;
  /** What a kept reply depends on besides the messages: the endpoint, the model, the bound of the reply. */
  readonly asked: readonly (string | number)[];
  readonly journal?: Journal;
  readonly onProgress?: (done: number, total: number) => void;
  /** Told of each reply that is no verdict. */
  readonly onUnclear?: (reply: string) => void;
};

/** Judges alerts by asking a served model; the first failure ends it, with every reply until then in the journal. */
export function askAll({ ask, style, concurrency, asked, journal, ...on }: AskAllOptions): Classify {
  const remembering: Ask = async (messages) => {
    const question = digest(asked, messages);
    const known = journal?.replyTo(question);
    if (known !== undefined) return known;
    const reply = await ask(messages);
    journal?.keep(question, reply);
    return reply;
  };
  return async (alerts) => {
    const judgements: Judgement[] = [];
    let done = 0;
    await inTurn(alerts, concurrency, async (alert, index) => {
      const { verdict, reply } = await investigate(alert, remembering, { style });
      judgements[index] = verdict;
      if (verdict === "unclear") on.onUnclear?.(reply);
      on.onProgress?.(++done, alerts.length);
    });
    return judgements;
  };
}

function digest(asked: readonly (string | number)[], messages: readonly Message[]): string {
  return createHash("sha256")
    .update(JSON.stringify([...asked, messages]))
    .digest("base64url");
}

/** Takes items one after the other, some at once; after a failure no further one is begun. */
async function inTurn(
  alerts: readonly Alert[],
  concurrency: number,
  task: (alert: Alert, index: number) => Promise<void>,
): Promise<void> {
  const waiting = alerts.entries();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const [index, alert] of waiting) {
      try {
        await task(alert, index);
      } catch (error) {
        failures.push(error);
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (failures.length > 0) throw failures[0];
}
