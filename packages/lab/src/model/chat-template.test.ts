import fc from "fast-check";
import { expect, test } from "vitest";
import { createChatRenderer } from "./chat-template.ts";

const USER = [{ role: "user", content: "hi" }];

test("a template sees messages, special tokens and the generation prompt", () => {
  const template =
    "{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m['content'] | trim }}{% endfor %}" +
    "{% if add_generation_prompt %}{{ eos_token }}{% endif %}{% for i in range(2) %}{{ i }}{% endfor %}";
  expect(createChatRenderer(template, { bos_token: "<s>", eos_token: "</s>" })(USER, true)).toBe(
    "<s>user: hi</s>01",
  );
});

test("a template has no clock", () => {
  expect(createChatRenderer("{{ strftime_now is defined }}", {})(USER, true)).toBe("false");
});

test.each<[what: string, template: string, message: string]>([
  ["raises", "{{ raise_exception('roles must alternate') }}", "failed: roles must alternate"],
  ["calls what is not there", "{{ nothing() }}", "the chat template failed"],
  ["counts for ever", "{% for i in range(1000000000000) %}{% endfor %}", "a range of 1000000000000 numbers"],
  ["counts without a step", "{% for i in range(0, 5, 0) %}{% endfor %}", "the chat template failed"],
  ["doubles a text without end", `{% set ns = namespace(x='a') %}${doubling()}{{ ns.x }}`, "chat template"],
])("a template that %s is an error of the model", (_, template, message) => {
  const render = createChatRenderer(template, {});
  expect(() => render(USER, true)).toThrow(message);
});

test("a template that never ends is ended", () => {
  const loop = (depth: number): string =>
    depth === 0 ? "{% set x = 1 %}" : `{% for i in range(1000) %}${loop(depth - 1)}{% endfor %}`;
  expect(() => createChatRenderer(loop(5), {})(USER, true)).toThrow("did not end within 2 s");
});

test("a template that is none is refused when it is loaded, and one that is missing when it is used", () => {
  expect(() => createChatRenderer("{% for %}", {})).toThrow("the chat template failed");
  expect(() => createChatRenderer("{{ (".repeat(50_000), {})).toThrow("the chat template failed");
  expect(() => createChatRenderer("", {})(USER, true)).toThrow("no chat template");
});

test("any text as a template ends in a text or in an error of the model", () => {
  const pieces = fc.constantFrom(
    "{{",
    "}}",
    "{%",
    "%}",
    " for ",
    " in ",
    "messages",
    "[0]",
    "|",
    "if",
    "'",
    "x",
    "+",
    "endfor",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
      expect(outcomeOf(parts.join(""))).toMatch(/^(text|bad-model)$/);
    }),
    { numRuns: 300 },
  );
});

function outcomeOf(template: string): string {
  try {
    createChatRenderer(template, {})(USER, true);
    return "text";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

function doubling(): string {
  return "{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}";
}
