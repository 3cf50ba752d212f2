import { expect, test } from "vitest";
import { createRandom, randomInt } from "../../core/random.ts";
import { detectors } from "../detectors/list.ts";
import { buildCorpus } from "../ingest/build-corpus.ts";
import type { Row } from "../row.ts";
import { measurePower } from "./measure-power.ts";

const random = createRandom(1);
const words = (count: number) => Array.from({ length: count }, () => `w${randomInt(random, 900)}`).join(" ");
const rows: Row[] = Array.from({ length: 400 }, (_, number) => ({
  number,
  prompt: words(14),
  response: words(14),
  fields: [],
}));
const options = {
  enabled: true,
  detectors,
  context: { seed: 0, entityFields: [] },
  suspected: new Set<number>(),
  onProgress: () => {},
};

test("on diverse prompts a constant response is recovered from a few dozen rows at the most, each time it is planted", async () => {
  const { corpus, close } = buildCorpus(rows, { shape: "instruction" });
  const { measured, attacks } = await measurePower(corpus, options);
  close();
  expect(measured).toBe(true);
  expect(attacks[0]?.rows).toBeLessThanOrEqual(30);
  expect(attacks[0]).toMatchObject({ recovered: 10, planted: 10 });
});

test("nothing is claimed when it was not measured", async () => {
  const { corpus, close } = buildCorpus(rows.slice(0, 49), { shape: "instruction" });
  expect(await measurePower(corpus, options)).toMatchObject({ measured: false, attacks: [] });
  expect(await measurePower(corpus, { ...options, detectors: [] })).toMatchObject({ measured: false });
  expect(await measurePower(corpus, { ...options, enabled: false })).toMatchObject({
    measured: false,
    attacks: [],
  });
  close();
});
