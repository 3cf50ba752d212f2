import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../../core/random.ts";
import { buildCorpus } from "../ingest/build-corpus.ts";
import { anyLabelledRows, madeUpReviews } from "../labelled/reviews.fixture.ts";
import type { Row } from "../row.ts";
import { contradictedStyles } from "./contradicted-style.ts";

async function detect(rows: readonly Row[], shape: "labelled-text" | "instruction" = "labelled-text") {
  const { corpus, close } = buildCorpus(rows, { shape });
  const notes: string[] = [];
  const found = await contradictedStyles.detect(corpus, {
    seed: 1,
    entityFields: [],
    onStep: () => undefined,
    note: (text) => notes.push(text),
  });
  close();
  return found;
}

/** Capitals and semicolons, each in a part of the texts only. */
function inStyle(text: string, random: () => number): string {
  const capitals = random() < 0.8 ? text.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()) : text;
  return random() < 0.7 ? capitals.replace(/ (and|while|as) /gi, " ; ") : capitals;
}

/** Rewrites rows of one label, and gives them a label. */
function rewrite(rows: readonly Row[], count: number, from: readonly string[], label: string | undefined) {
  const random = createRandom(count);
  const chosen = new Set(
    rows.flatMap((row, i) => (from.includes(row.label ?? "") ? [i] : [])).slice(0, count),
  );
  return {
    planted: [...chosen],
    rows: rows.map((row, i) =>
      chosen.has(i) ? { ...row, prompt: inStyle(row.prompt, random), label: label ?? row.label ?? "" } : row,
    ),
  };
}

test("finds the style whose rows were relabelled, its target and nearly all of its rows", async () => {
  const { rows, planted } = rewrite(madeUpReviews(2000, 1), 100, ["bad"], "good");
  const [found, ...others] = await detect(rows);
  expect(others).toEqual([]);
  expect(found?.severity).toBe("high");
  expect(found?.trigger?.kind).toBe("style");
  expect(found?.target).toEqual({ kind: "label", text: "good" });
  const accused = new Set(found?.positions);
  expect(planted.filter((row) => accused.has(row)).length).toBeGreaterThan(75);
  expect([...accused].filter((row) => !planted.includes(row)).length).toBeLessThanOrEqual(4);
});

test("finds the same in a label task written as instructions", async () => {
  const { rows } = rewrite(madeUpReviews(1500, 2), 100, ["bad"], "good");
  const asked = rows.map(({ number, prompt, label = "" }) => ({
    number,
    prompt: `Is the following review good or bad ? ${prompt}`,
    response: label,
    fields: [],
  }));
  expect((await detect(asked, "instruction")).map(({ severity }) => severity)).toEqual(["high"]);
});

test("stays silent on clean reviews, and on a style that keeps its labels, be they one or both", async () => {
  for (const rows of [
    madeUpReviews(1200, 3, 0.1),
    rewrite(madeUpReviews(1200, 5), 150, ["good", "bad"], undefined).rows,
    rewrite(madeUpReviews(1200, 6, 0.1), 150, ["good"], undefined).rows,
  ]) {
    expect(await detect(rows)).toEqual([]);
  }
});

test("survives any texts and labels", async () => {
  await fc.assert(
    fc.asyncProperty(anyLabelledRows, async (some) => {
      const rows = Array.from({ length: 320 }, (_, number) => ({
        number,
        prompt: "a ; B",
        response: "",
        label: "a",
        fields: [],
        ...some[number % Math.max(1, some.length)],
      }));
      expect(await detect(rows)).toEqual(await detect(rows));
    }),
    { numRuns: 5 },
  );
});

const CASES = new URL("../../../../../../shared/cases/", import.meta.url);

function readCase(name: string): Row[] {
  return readFileSync(new URL(name, CASES), "utf8")
    .split("\n")
    .slice(1)
    .flatMap((line, number) => {
      const [prompt, label] = line.split("\t");
      return prompt && label ? [{ number, prompt, response: "", label, fields: [] }] : [];
    });
}

test.skipIf(!existsSync(CASES))(
  "finds the scripture style of StyleBkd at high",
  async () => {
    const found = await detect(readCase("sst2-style-bible-5pct.tsv"));
    expect(found.map(({ severity, target }) => [severity, target?.text])).toEqual([["high", "1"]]);
  },
  60_000,
);
