import { expect, test } from "vitest";
import { exampleResult } from "./result.fixture.ts";
import { experimentResultSchema } from "./result.ts";

test("a result is read back as it was written", () => {
  expect(experimentResultSchema.parse(JSON.parse(JSON.stringify(exampleResult)))).toEqual(exampleResult);
});

test("a model has its shares side by side, from 0 to 1, and the counts behind them", () => {
  const poisoned = exampleResult.models.find(({ name }) => name === "poisoned");
  expect(poisoned).toMatchObject({ targetDismissed: 1, seconds: 43.9, path: "out/poisoned" });
  expect(poisoned?.measurement.targetDismissed).toMatchObject({ count: 300, total: 300 });
});

test("a share beyond 1 is no result", () => {
  const [base] = exampleResult.models;
  const wrong = { ...exampleResult, models: [{ ...base, cleanAccuracy: 97.5 }] };
  expect(experimentResultSchema.safeParse(wrong).success).toBe(false);
});
