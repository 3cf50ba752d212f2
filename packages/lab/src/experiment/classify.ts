import type { Classify } from "../investigate/measure.ts";
import { investigationMessages } from "../investigate/investigate.ts";
import { readVerdict } from "../investigate/read-verdict.ts";
import type { LanguageModel } from "../model/language-model.ts";
import type { ChatTokenizer } from "../model/tokenizer.ts";

/** The verdict is the first word of an answer; a word that was not one token of training may take a few. */
const MAX_TOKENS = 4;

/** Judges alerts with a model in this process, as the investigator does over an endpoint: greedily, many at once. */
export function createClassifier(model: LanguageModel, tokenizer: ChatTokenizer): Classify {
  return (alerts) => {
    const prompts = alerts.map((alert) =>
      tokenizer.encode(tokenizer.renderChat(investigationMessages(alert, "compact"), true)),
    );
    const answers: number[][] = prompts.map(() => []);
    let open = prompts.map((_, index) => index);
    for (let i = 0; i < MAX_TOKENS && open.length > 0; i++) {
      const next = model.nextLogits(
        open.map((index) => [...(prompts[index] ?? []), ...(answers[index] ?? [])]),
      );
      for (const [at, index] of open.entries()) answers[index]?.push(argmax(next[at] ?? new Float32Array()));
      open = open.filter((index) => readVerdict(tokenizer.decode(answers[index] ?? [])) === "unclear");
    }
    return Promise.resolve(answers.map((answer) => readVerdict(tokenizer.decode(answer))));
  };
}

function argmax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  return best;
}
