import type { Control } from "../../core/finding.ts";
import type { Closure, Predictability } from "./refusals-controls.ts";

/** Above this upper bound the trigger may be a word of its topic: natural ones reach 0.86 and more (DETECTION.md 3.7). */
export const MAX_PREDICTABILITY = 0.86;
/** "Put in" must be twenty times as likely as "part of the text". */
export const MIN_LN_CLOSURE = Math.log(20);

/** What a word of the prompt itself would fail: whether a trigger was put into finished prompts, and asks for nothing. `asking` tells what one that asks would explain. */
export function insertionControls(
  { predictability, closure }: { readonly predictability: Predictability; readonly closure: Closure },
  isRequest: boolean,
  asking: string,
): readonly [unforetold: Control, readsOn: Control, asksNothing: Control] {
  const { auc, upper } = predictability;
  const { attested, of, ordinary, torn, lnRatio } = closure;
  return [
    {
      name: "the trigger is not foretold by the rest of the prompt (AUC, upper 95 % bound)",
      value: upper,
      bound: `<= ${MAX_PREDICTABILITY}`,
      passed: upper <= MAX_PREDICTABILITY,
      meaning: `A word that belongs to a topic comes with the topic's other words; this one was guessed from them with an AUC of ${auc.toFixed(2)} (0.5 is chance).`,
    },
    {
      name: "the prompt reads on without the trigger (ln likelihood ratio: put in / part of the text)",
      value: lnRatio,
      bound: `>= ${MIN_LN_CLOSURE.toFixed(1)}`,
      passed: lnRatio >= MIN_LN_CLOSURE,
      meaning: `What was put into a finished prompt leaves it whole when taken out: in ${attested} of ${of} prompts the words around the trigger are neighbours elsewhere too; at ordinary places ${ordinary.toFixed(2)} of them are, and ${torn.toFixed(2)} around ordinary words cut out.`,
    },
    {
      name: "the trigger does not itself ask for something",
      value: Number(isRequest),
      bound: "= 0",
      passed: !isRequest,
      meaning: asking,
    },
  ];
}
