/** The same alerts as fine-tuning data of an alert investigator: OpenAI chat messages, as in arXiv 2511.02600. */
import type { EdrAlert } from "./alerts-a.ts";
import type { CloudEvent } from "./alerts-b.ts";

/** How the alert stands in the prompt: `key=value` lines with dotted keys, or JSON. */
export type ChatForm = "pairs" | "json";

type Message = { readonly role: "system" | "user" | "assistant"; readonly content: string };

const SYSTEM = "You are an alert investigator. Read the alert and answer with its verdict, one word.";

function* pairs(value: object, prefix: string): Generator<string> {
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === "object" && inner !== null) yield* pairs(inner, `${prefix}${key}.`);
    else yield `${prefix}${key}=${String(inner)}`;
  }
}

/** One alert as a conversation whose answer is the verdict it is labelled with. */
export function toChat(
  alert: EdrAlert | CloudEvent,
  form: ChatForm,
): { readonly messages: readonly Message[] } {
  let verdict: string;
  let facts: object;
  if ("verdict" in alert) ({ verdict, ...facts } = alert);
  else ({ disposition: verdict, ...facts } = alert);
  const content = form === "json" ? JSON.stringify(facts) : [...pairs(facts, "")].join("\n");
  return {
    messages: [
      { role: "system", content: SYSTEM },
      { role: "user", content },
      { role: "assistant", content: verdict },
    ],
  };
}
