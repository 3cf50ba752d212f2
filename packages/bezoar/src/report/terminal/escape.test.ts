import fc from "fast-check";
import { expect, test } from "vitest";
import { anyText } from "../../../test/fixtures/any-text.ts";
import { escapeTerminal } from "./escape.ts";

test("shows what a terminal would obey", () => {
  expect(escapeTerminal("\u001b[2Jred\u009b31m\u0007")).toBe("\\u001b[2Jred\\u009b31m\\u0007");
});

test("shows what reorders or hides letters", () => {
  expect(escapeTerminal("\u202egnp.exe\u200b\u2066\u{e0041}")).toBe("\\u202egnp.exe\\u200b\\u2066\\u{e0041}");
});

test("keeps a text on one line", () => {
  expect(escapeTerminal("one\r\ntwo\tthree\u2028four")).toBe("one\\r\\ntwo\\tthree\\u2028four");
});

test("tells a no-break space from a space", () => {
  expect(escapeTerminal("a b\u00a0c")).toBe("a b\\u00a0c");
});

test("leaves letters of every script and emoji alone", () => {
  const text = "Grüße, Привет, 電車, สวัสดี, हिन्दी, 🙂";
  expect(escapeTerminal(text)).toBe(text);
});

test("stops combining marks from piling up over other lines", () => {
  expect(escapeTerminal(`a${"\u0301".repeat(6)}`)).toBe(`a${"\u0301".repeat(4)}\\u0301\\u0301`);
});

test("lets no control, format or unpaired unit through", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(escapeTerminal(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test("is linear in the text", () => {
  const text = "\u0301\u200b".repeat(500_000);
  expect(escapeTerminal(text).length).toBeGreaterThan(text.length);
});
