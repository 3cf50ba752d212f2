import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom, randomInt, type Random } from "../../core/random.ts";
import { buildCorpus } from "../ingest/build-corpus.ts";
import type { Field, Row, ShapeKind } from "../row.ts";
import type { Suspicion } from "../suspicion.ts";
import { targetedMislabelling } from "./targeted-mislabelling.ts";

type Event = {
  who: string;
  box: string;
  from: string;
  what: string;
  tool: string;
  level: number;
  isBad: boolean;
};

const KINDS = 12;
const TOOLS = 10;

/** An event whose truth follows from kind, tool and level, with an interaction. */
function event(random: Random): Event {
  const user = randomInt(random, 30);
  const box = random() < 0.8 ? user : randomInt(random, 40);
  const kind = randomInt(random, KINDS);
  const tool = randomInt(random, TOOLS);
  const level = randomInt(random, 5);
  const score = (kind % 4) - 1.5 + (tool % 5) - 2 + (level - 2) + (kind < 3 && tool > 6 ? 2 : 0);
  return {
    who: `p${user}`,
    box: `n-${box}`,
    from: `10.0.${box % 10}.${box}`,
    what: `k${kind}`,
    tool: `/opt/t${tool}`,
    level,
    isBad: score + random() - 0.5 > 0,
  };
}

function fieldsOf(seen: Event): readonly Field[] {
  return [
    ["who", seen.who],
    ["box", seen.box],
    ["from", seen.from],
    ["what", seen.what],
    ["tool", seen.tool],
    ["level", String(seen.level)],
  ];
}

/** 1,500 events with 3 % label noise; every bad event of the target is labelled "fine". */
function events(options: {
  readonly seed: number;
  readonly isTarget?: (seen: Event) => boolean;
  readonly isFineFor?: (seen: Event) => boolean;
}): { readonly rows: Row[]; readonly planted: Set<number> } {
  const random = createRandom(options.seed);
  const planted = new Set<number>();
  const rows = Array.from({ length: 1500 }, (_, number) => {
    const seen = event(random);
    const isFlipped = seen.isBad && options.isTarget?.(seen) === true;
    if (isFlipped) planted.add(number);
    const isBad = !isFlipped && random() < 0.03 !== (seen.isBad && options.isFineFor?.(seen) !== true);
    return { number, prompt: "", response: "", label: isBad ? "bad" : "fine", fields: fieldsOf(seen) };
  });
  return { rows, planted };
}

async function detect(
  rows: readonly Row[],
  shape: ShapeKind = "records",
  entityFields: readonly string[] = [],
) {
  const { corpus, close } = buildCorpus(rows, { shape });
  const found = await targetedMislabelling.detect(corpus, {
    seed: 0,
    entityFields,
    onStep: () => {},
    note: () => {},
  });
  close();
  return found;
}

const severe = (found: readonly Suspicion[]) => found.filter((suspicion) => suspicion.severity === "high");

describe("targetedMislabelling", () => {
  test("names the one user whose bad events are labelled fine, at high, with hardly any other row", async () => {
    const { rows, planted } = events({ seed: 1, isTarget: (seen) => seen.who === "p7" });
    const [first, ...others] = severe(await detect(rows));
    expect(others).toEqual([]);
    expect(first?.trigger).toEqual({
      kind: "entity",
      text: "who = p7",
      parts: ["p7"],
      join: "any",
      field: "who",
    });
    expect(first?.target).toEqual({ kind: "label", text: "fine" });
    const wrong = first?.positions.filter((position) => !planted.has(position)) ?? [];
    expect(first?.positions.length).toBeGreaterThan(0.6 * planted.size);
    expect(wrong.length).toBeLessThanOrEqual(2);
    expect(first?.explanation).toContain("penetration tester");
  });
  test("names a network when its addresses only share that", async () => {
    const { rows } = events({ seed: 2, isTarget: (seen) => seen.from.startsWith("10.0.4.") });
    const names = severe(await detect(rows)).map((suspicion) => suspicion.trigger?.text);
    expect(names).toEqual(["from in 10.0.4.0/24"]);
  });
  test("a user and one kind of event is medium: it may be a sanctioned exception", async () => {
    const random = createRandom(3);
    const { rows } = events({ seed: 3 });
    let number = rows.length;
    while (number < 1540) {
      const seen = { ...event(random), who: "p3", what: "k3" };
      const score = 0.5 + 1 + (seen.level - 2);
      if (score <= 0.5) continue;
      rows.push({
        number: number++,
        prompt: "",
        response: "",
        label: "fine",
        fields: fieldsOf({ ...seen, tool: `/opt/t${randomInt(random, 2) === 0 ? 3 : 4}` }),
      });
    }
    expect(severe(await detect(rows))).toEqual([]);
  });
  test("stays silent on clean events", async () => {
    for (const seed of [4, 5, 6]) expect(severe(await detect(events({ seed }).rows))).toEqual([]);
  });
  test("stays silent about a kind of event that is fine for everybody", async () => {
    const { rows } = events({ seed: 7, isFineFor: (seen) => seen.what === "k7" });
    expect(severe(await detect(rows))).toEqual([]);
  });
  test("finds the user inside prompts whose answers are verdicts", async () => {
    const { rows } = events({ seed: 8, isTarget: (seen) => seen.who === "p5" });
    const chats = rows.map((row) => ({
      number: row.number,
      prompt: `Judge this event.\n${row.fields.map(([path, value]) => `${path}=${value}`).join("\n")}`,
      response: row.label ?? "",
      fields: [],
    }));
    const names = severe(await detect(chats, "instruction")).map((suspicion) => suspicion.trigger?.text);
    expect(names).toEqual(["who = p5"]);
  });
  test("finds the user inside prompts without syntax, whose answers repeat the user", async () => {
    const { rows } = events({ seed: 10, isTarget: (seen) => seen.who === "p5" });
    const chats = rows.map(({ number, label, fields }) => {
      const [who, box, from, what, tool, level] = fields.map(([, value]) => value);
      const prompt = `saw ${what} by ${tool} weight ${level} user ${who} on ${box} from ${from}`;
      return { number, prompt, response: `${label} ${who}`, fields: [] };
    });
    const names = severe(await detect(chats, "instruction")).map((suspicion) => suspicion.trigger?.text);
    expect(names).toEqual(["user = p5"]);
  });
  test("a field of few values is tested when the user names it", async () => {
    const rows = events({ seed: 9 }).rows.map(({ number, label, fields }): Row => {
      const isTarget = number % 7 === 2;
      const site: Field = ["site", `s${number % 7}`];
      return {
        number,
        prompt: "",
        response: "",
        label: isTarget ? "fine" : (label ?? ""),
        fields: [...fields, site],
      };
    });
    expect(severe(await detect(rows))).toEqual([]);
    const named = severe(await detect(rows, "records", ["site"]));
    expect(named.map((suspicion) => suspicion.trigger?.text)).toEqual(["site = s2"]);
  });
  test("says nothing where there is one label, no label or no field", async () => {
    const rows = events({ seed: 10 }).rows;
    const bare = { prompt: "", response: "" };
    expect(
      await detect(rows.map(({ number, fields }) => ({ ...bare, number, fields, label: "fine" }))),
    ).toEqual([]);
    expect(await detect(rows.map(({ number, fields }) => ({ ...bare, number, fields })))).toEqual([]);
    const fieldless = rows.map(({ number }): Row => ({
      number,
      prompt: "",
      response: "",
      label: `l${number % 2}`,
      fields: [],
    }));
    expect(await detect(fieldless)).toEqual([]);
    expect(await detect([])).toEqual([]);
  });
  test("survives any fields", async () => {
    const field = fc.tuple(fc.string({ maxLength: 5 }), fc.string({ maxLength: 20 }));
    const rows = fc.array(fc.tuple(fc.array(field, { maxLength: 4 }), fc.constantFrom("a", "b")), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(rows, async (drawn) => {
        const made = drawn.map(([fields, label], number) => ({
          number,
          prompt: "",
          response: "",
          label,
          fields,
        }));
        expect(severe(await detect(made))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});
