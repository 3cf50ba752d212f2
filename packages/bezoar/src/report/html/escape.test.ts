import fc from "fast-check";
import { expect, test } from "vitest";
import { anyText } from "../../../test/fixtures/any-text.ts";
import { escapeHtml, evidenceMarkup, jsonMarkup, markup } from "./escape.ts";

test("markup in data stays text", () => {
  expect(escapeHtml(`<img src=x onerror='a("b")'>`)).toBe(
    "&lt;img src=x onerror=&#39;a(&quot;b&quot;)&#39;&gt;",
  );
});

test("an entity in data is shown as it was written", () => {
  expect(escapeHtml("&lt;")).toBe("&amp;lt;");
});

test("no markup and no control character but line breaks and tabs survives", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const escaped = escapeHtml(text);
      expect(escaped).not.toMatch(/[<>"']/);
      expect(escaped.replaceAll(/[\n\t]/g, "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test("a template escapes all that is filled in but markup", () => {
  const name = `"><script>`;
  expect(markup`<a title="${name}">${[markup`<b>${name}</b>`]}${undefined}${3}</a>`.html).toBe(
    `<a title="&quot;&gt;&lt;script&gt;"><b>&quot;&gt;&lt;script&gt;</b>3</a>`,
  );
});

test("evidence sets invisible characters apart from the same letters", () => {
  expect(evidenceMarkup("\\u202e\u202e").html).toBe(`\\u202e<span class="esc">\\u202e</span>`);
});

test("evidence adds no markup but its own", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const rest = evidenceMarkup(text).html.replaceAll(
        /<span class="(?:esc|nl)"(?: aria-hidden="true")?>|<\/span>/g,
        "",
      );
      expect(rest).not.toMatch(/[<>"']/);
    }),
  );
});

test("a data block cannot be ended from inside and means the same", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyText, fc.constant("</script><!--"))), (texts) => {
      const { html } = jsonMarkup(texts);
      expect(html).not.toMatch(/[<>&]/);
      expect(JSON.parse(html)).toEqual(texts);
    }),
  );
});
