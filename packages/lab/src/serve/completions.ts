import { Hono, type Context } from "hono";
import { gather, streamAnswer, usageOf } from "./answers.ts";
import { createLogprobLists, promptLogprobs, type CompletionToken } from "./completion-logprobs.ts";
import { completionRequestSchema } from "./completion-request.ts";
import { eventStream } from "./event-stream.ts";
import { promptTokens, type Prompt } from "./prompt.ts";
import { readRequest } from "./read-request.ts";
import { answerOptions, includesUsage, type AnswerOptions } from "./sampling-fields.ts";
import type { ServedModel } from "./served-model.ts";
import { modelOf, type Serving } from "./serving.ts";

/** A checked request with what it is answered from. */
type Job = {
  readonly model: ServedModel;
  readonly prompts: readonly { readonly prompt: Prompt; readonly ids: readonly number[] }[];
  readonly options: AnswerOptions;
  readonly choicesPerPrompt: number;
  readonly hasLogprobs: boolean;
  readonly hasEcho: boolean;
};

/** What comes before an answer: the prompt when it is to be repeated, else nothing. */
type Opening = { readonly text: string; readonly tokens: readonly CompletionToken[] };

/** POST /v1/completions. */
export function completions(serving: Serving): Hono {
  return new Hono().post("/v1/completions", async (c) => {
    const request = await readRequest(c, completionRequestSchema);
    const model = modelOf(serving, request.model);
    const withUsage = includesUsage(request);
    const { max_tokens: maxTokens, logprobs: topLogprobs } = request;
    const options = answerOptions(serving, model, request, { maxTokens, topLogprobs });
    const prompts: { readonly prompt: Prompt; readonly ids: readonly number[] }[] = [];
    for (const prompt of request.prompt) {
      const answer = Math.min(1, maxTokens);
      const tokens = () => promptTokens(model, prompt, answer, "prompt");
      prompts.push({ prompt, ids: await serving.turn(tokens, c.req.raw.signal) });
    }
    const job: Job = {
      model,
      prompts,
      options,
      choicesPerPrompt: request.n,
      hasLogprobs: topLogprobs !== undefined,
      hasEcho: request.echo,
    };
    return request.stream ? streamed(c, serving, job, withUsage) : whole(c, serving, job);
  });
}

async function whole(c: Context, serving: Serving, job: Job): Promise<Response> {
  const { signal } = c.req.raw;
  const choices: object[] = [];
  let count = 0;
  for (const { prompt, ids } of job.prompts) {
    const opening = await openingOf(serving, job, prompt, ids, signal);
    for (let choice = 0; choice < job.choicesPerPrompt; choice++) {
      const answer = await gather(streamAnswer(serving, job.model, ids, job.options, choice, signal));
      count += answer.tokens.length;
      choices.push({
        text: opening.text + answer.text,
        index: choices.length,
        logprobs: job.hasLogprobs ? createLogprobLists()([...opening.tokens, ...answer.tokens]) : null,
        finish_reason: answer.finishReason,
      });
    }
  }
  return c.json({ ...frame(serving, job.model), choices, usage: usageOf(promptCount(job), count) });
}

function streamed(c: Context, serving: Serving, job: Job, withUsage: boolean): Response {
  const chunk = { ...frame(serving, job.model), ...(withUsage && { usage: null }) };
  return eventStream(
    c,
    async (send, signal) => {
      let count = 0;
      let index = 0;
      for (const { prompt, ids } of job.prompts) {
        const opening = await openingOf(serving, job, prompt, ids, signal);
        for (let choice = 0; choice < job.choicesPerPrompt; choice++) {
          const lists = createLogprobLists();
          const sendText = (
            text: string,
            tokens: readonly CompletionToken[],
            finishReason: string | null = null,
          ) => {
            const logprobs = job.hasLogprobs && tokens.length > 0 ? lists(tokens) : null;
            return send({ ...chunk, choices: [{ text, index, logprobs, finish_reason: finishReason }] });
          };
          if (job.hasEcho) await sendText(opening.text, opening.tokens);
          for await (const item of streamAnswer(serving, job.model, ids, job.options, choice, signal)) {
            if (item.kind === "end") await sendText("", [], item.finishReason);
            else {
              count++;
              if (item.text !== "" || job.hasLogprobs) await sendText(item.text, [item]);
            }
          }
          index++;
        }
      }
      if (withUsage) await send({ ...chunk, choices: [], usage: usageOf(promptCount(job), count) });
    },
    serving.onFailure,
  );
}

async function openingOf(
  { turn }: Serving,
  { model, options, hasEcho, hasLogprobs }: Job,
  prompt: Prompt,
  ids: readonly number[],
  signal: AbortSignal,
): Promise<Opening> {
  if (!hasEcho) return { text: "", tokens: [] };
  const text = typeof prompt === "string" ? prompt : model.checkpoint.tokenizer.decode(prompt);
  if (!hasLogprobs) return { text, tokens: [] };
  const tokens = () => promptLogprobs(model, ids, model.engine().logits(ids), options.topLogprobs);
  return { text, tokens: await turn(tokens, signal) };
}

const promptCount = ({ prompts }: Job) => prompts.reduce((sum, { ids }) => sum + ids.length, 0);

/** What a reply and each chunk of a stream begin with. */
function frame(serving: Serving, { id, fingerprint }: ServedModel) {
  return {
    id: serving.newId("cmpl"),
    object: "text_completion",
    created: serving.nowSeconds(),
    model: id,
    system_fingerprint: fingerprint,
  };
}
