import { Hono, type Context } from "hono";
import type { GeneratedToken, TokenProbability } from "../model/generate.ts";
import { gather, streamAnswer, usageOf } from "./answers.ts";
import { chatRequestSchema } from "./chat-request.ts";
import { eventStream } from "./event-stream.ts";
import { chatTokens } from "./prompt.ts";
import { readRequest } from "./read-request.ts";
import { answerOptions, includesUsage, type AnswerOptions } from "./sampling-fields.ts";
import type { ServedModel } from "./served-model.ts";
import { modelOf, type Serving } from "./serving.ts";
import { tokenText } from "./token-text.ts";

/** A checked request with what it is answered from. */
type Job = {
  readonly model: ServedModel;
  readonly ids: readonly number[];
  readonly options: AnswerOptions;
  readonly choices: number;
  readonly hasLogprobs: boolean;
};

/** POST /v1/chat/completions. */
export function chatCompletions(serving: Serving): Hono {
  return new Hono().post("/v1/chat/completions", async (c) => {
    const request = await readRequest(c, chatRequestSchema);
    const model = modelOf(serving, request.model);
    const withUsage = includesUsage(request);
    const options = answerOptions(serving, model, request, {
      maxTokens: request.max_completion_tokens ?? request.max_tokens,
      topLogprobs: request.top_logprobs,
    });
    const ids = await serving.turn(() => chatTokens(model, request.messages), c.req.raw.signal);
    const job = { model, ids, options, choices: request.n, hasLogprobs: request.logprobs };
    return request.stream ? streamed(c, serving, job, withUsage) : whole(c, serving, job);
  });
}

async function whole(c: Context, serving: Serving, job: Job): Promise<Response> {
  const { model, ids, options, hasLogprobs } = job;
  const choices: object[] = [];
  let count = 0;
  for (let index = 0; index < job.choices; index++) {
    const answer = await gather(streamAnswer(serving, model, ids, options, index, c.req.raw.signal));
    count += answer.tokens.length;
    choices.push({
      index,
      message: { role: "assistant", content: answer.text, refusal: null },
      logprobs: hasLogprobs ? logprobsOf(answer.tokens) : null,
      finish_reason: answer.finishReason,
    });
  }
  return c.json({
    ...frame(serving, model, "chat.completion"),
    choices,
    usage: usageOf(ids.length, count),
  });
}

function streamed(c: Context, serving: Serving, job: Job, withUsage: boolean): Response {
  const { model, ids, options, hasLogprobs } = job;
  const chunk = {
    ...frame(serving, model, "chat.completion.chunk"),
    ...(withUsage && { usage: null }),
  };
  return eventStream(
    c,
    async (send, signal) => {
      let count = 0;
      for (let index = 0; index < job.choices; index++) {
        const sendDelta = (delta: object, logprobs: object | null, finishReason: string | null) =>
          send({ ...chunk, choices: [{ index, delta, logprobs, finish_reason: finishReason }] });
        await sendDelta({ role: "assistant", content: "", refusal: null }, null, null);
        for await (const item of streamAnswer(serving, model, ids, options, index, signal)) {
          if (item.kind === "end") await sendDelta({}, null, item.finishReason);
          else {
            count++;
            const logprobs = hasLogprobs ? logprobsOf([item]) : null;
            if (item.text !== "" || hasLogprobs) await sendDelta({ content: item.text }, logprobs, null);
          }
        }
      }
      if (withUsage) await send({ ...chunk, choices: [], usage: usageOf(ids.length, count) });
    },
    serving.onFailure,
  );
}

/** What a reply and each chunk of a stream begin with. */
function frame(serving: Serving, { id, fingerprint }: ServedModel, object: string) {
  return {
    id: serving.newId("chatcmpl"),
    object,
    created: serving.nowSeconds(),
    model: id,
    system_fingerprint: fingerprint,
  };
}

function logprobsOf(tokens: readonly GeneratedToken[]) {
  return {
    content: tokens.map((token) => ({ ...entryOf(token), top_logprobs: token.top.map(entryOf) })),
    refusal: null,
  };
}

function entryOf(token: TokenProbability) {
  return { token: tokenText(token.bytes), logprob: token.logprob, bytes: [...token.bytes] };
}
