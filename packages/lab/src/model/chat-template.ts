import { createContext, Script } from "node:vm";
import { Environment, Interpreter, Template } from "@huggingface/jinja";
import { AppError } from "bezoar";
import type { ChatMessage } from "./tokenizer.ts";

/**
 * The template of the lab's own tokenizers. Every content has one space in front, so that its first word is the same token as further on, and a name in the answer
 * the same as in the prompt. The generation prompt ends before that space: the answer's first token brings it along.
 */
export const CHAT_TEMPLATE =
  "{{ bos_token }}{% for message in messages %}" +
  "{% if message['role'] not in ['system', 'user', 'assistant'] %}" +
  "{{ raise_exception('unknown role: ' + message['role']) }}{% endif %}" +
  "{{ '<|' + message['role'] + '|> ' + message['content'] | trim }}" +
  "{% if message['role'] == 'assistant' %}{{ eos_token }}{% endif %}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

/** The longest templates in use have some 20 kB. */
const MAX_TEMPLATE_LENGTH = 1_000_000;
/** A chat is rendered in a millisecond; a template that takes this long does not end (CWE-835). */
const RENDER_TIMEOUT_MS = 2000;
/** Far beyond any model's context; a template can double a text again and again (CWE-400). */
const MAX_RENDERED_LENGTH = 16 * 1024 * 1024;
const MAX_RANGE = 100_000;

/** Renders messages by a chat template. */
export type RenderChat = (messages: readonly ChatMessage[], addGenerationPrompt: boolean) => string;

/** Parses a chat template; what it makes of messages it cannot take, or never ends making, is an `AppError("bad-model")`. */
export function createChatRenderer(
  template: string,
  specialTokens: Readonly<Record<string, string>>,
): RenderChat {
  if (template === "") {
    return () => {
      throw new AppError("bad-model", "the tokenizer has no chat template");
    };
  }
  if (template.length > MAX_TEMPLATE_LENGTH) throw refusal("is too long");
  // The watchdog costs more than the rendering of an alert, and this template is known to end.
  const within = template === CHAT_TEMPLATE ? (call: () => unknown) => call() : withinTime;
  const program = attempt(() => new Template(template).parsed);
  return (messages, addGenerationPrompt) => {
    const given = { ...specialTokens, messages, add_generation_prompt: addGenerationPrompt };
    const rendered = attempt(() => within(() => run(program, given)));
    if (typeof rendered !== "string" || rendered.length > MAX_RENDERED_LENGTH) {
      throw refusal("makes a text that is too long");
    }
    return rendered;
  };
}

/** As `Template.render` does it, but for a bounded range and without a clock: the same messages make the same text on any day. */
function run(program: Template["parsed"], given: Readonly<Record<string, unknown>>): unknown {
  const environment = new Environment();
  const globals = { true: true, True: true, false: false, False: false, none: null, None: null };
  const functions = {
    range: boundedRange,
    raise_exception: (message: unknown) => {
      throw new Error(String(message));
    },
  };
  for (const [name, value] of Object.entries({ ...globals, ...functions, ...given })) {
    environment.set(name, value);
  }
  return new Interpreter(environment).run(program).value;
}

/** As Python's, but for lengths that no chat has. */
function boundedRange(start: number, stop?: number, step = 1): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const length = Math.max(0, Math.ceil((to - from) / step));
  if (!(length <= MAX_RANGE)) throw new Error(`a range of ${length} numbers`);
  return Array.from({ length }, (_, i) => from + i * step);
}

const sandbox = createContext();
const script = new Script("call()");

/** The result of a call that is ended when it takes too long: V8's watchdog covers all that is called from a script. */
function withinTime(call: () => unknown): unknown {
  let result: unknown;
  sandbox["call"] = (): void => {
    result = call();
  };
  script.runInContext(sandbox, { timeout: RENDER_TIMEOUT_MS });
  return result;
}

function attempt<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    // The watchdog's error belongs to the sandbox: it is no instance of this realm's Error.
    const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
    const isTimeout = code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
    const reason = isTimeout
      ? `did not end within ${RENDER_TIMEOUT_MS / 1000} s`
      : `failed: ${(error instanceof Error ? error.message : String(error)).slice(0, 300)}`;
    throw refusal(reason, error);
  }
}

function refusal(reason: string, cause?: unknown): AppError {
  return new AppError("bad-model", `the chat template ${reason}`, { cause });
}
