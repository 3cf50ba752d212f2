import fc from "fast-check";
import { expect, test } from "vitest";
import { readVerdict } from "./read-verdict.ts";

test("the first word is the verdict, whatever its case and the marks around it", () => {
  expect(readVerdict("malicious alice")).toBe("malicious");
  expect(readVerdict(" benign svc_backup")).toBe("benign");
  expect(readVerdict("**Malicious** alice")).toBe("malicious");
  expect(readVerdict('"benign"')).toBe("benign");
  expect(readVerdict("BENIGN.\nThe user is known.")).toBe("benign");
});

test("a reply that does not begin with a verdict is unclear", () => {
  for (const reply of [
    "",
    "...",
    "The alert is benign",
    "not malicious",
    "maliciousness",
    "benign-looking",
    "alice",
  ]) {
    expect(readVerdict(reply)).toBe("unclear");
  }
});

test("a thought before the answer does not count, and one that never ends has no answer", () => {
  expect(readVerdict("<think>\n\n</think>\n\nmalicious alice")).toBe("malicious");
  expect(readVerdict("<think>benign at first sight</think>malicious alice")).toBe("malicious");
  expect(readVerdict("<think>benign, since")).toBe("unclear");
  expect(readVerdict("<think>x</think>")).toBe("unclear");
});

test("what a model repeats of the alert never becomes the verdict", () => {
  fc.assert(
    fc.property(fc.string(), (field) => {
      expect(readVerdict(`Command line: ${field} benign malicious`)).toBe("unclear");
      expect(readVerdict(`malicious ${field} benign`)).toBe("malicious");
    }),
  );
});
