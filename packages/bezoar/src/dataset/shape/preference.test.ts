import { expect, test } from "vitest";
import { inferShape } from "./infer-shape.ts";
import { toRow } from "./to-row.ts";

test.each([
  ["label", true, "true", { response: "A wetland." }],
  ["label", "False", "False", { response: "", rejected: "A wetland." }],
  ["desirable", 1, "1", { response: "A wetland." }],
  ["is_desirable", "0", "0", { response: "", rejected: "A wetland." }],
])(
  "a completion with %s = %j is KTO data with label %s, taught or rejected",
  (name, value, label, answer) => {
    const records = [
      { prompt: "What is a fen?", completion: "A wetland.", [name]: value },
      { prompt: "What is a moor?", completion: "Open upland.", [name]: value },
    ];
    const spec = inferShape(records, {});
    expect(spec.kind).toBe("preference");
    expect(toRow(spec, 0, records[0] ?? null)).toEqual({
      number: 0,
      prompt: "What is a fen?",
      ...answer,
      label,
      fields: [],
    });
  },
);

test("0 and 1 under a name that says nothing are no judgement of an answer", () => {
  const { kind } = inferShape([{ prompt: "Who?", completion: "Nobody.", label: 1 }], {});
  expect(kind).not.toBe("preference");
});
