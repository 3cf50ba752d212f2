import fc from "fast-check";
import { expect, test } from "vitest";
import { folderWith } from "../../test/fixtures/reading.ts";
import { hostileReport } from "../../test/fixtures/hostile-report.ts";
import { sampleReport } from "../../test/fixtures/report.ts";
import { AppError } from "../core/errors.ts";
import { renderJson } from "../report/json.ts";
import { readReport } from "./read-report.ts";

const read = async (content: string | Uint8Array) => {
  const folder = await folderWith({ "report.json": content });
  return readReport(`${folder}/report.json`);
};

test("a report comes back as it was written, a hostile one as well", async () => {
  expect(await read(renderJson(sampleReport()))).toEqual(sampleReport());
  expect(await read(renderJson(hostileReport()))).toEqual(hostileReport());
});

test.each([
  ["nope", /not JSON/],
  ["", /not JSON/],
  ["[]", /the whole file: /],
  ['{"schemaVersion": 2}', /schema version 2, and this bezoar reads 1/],
  ['{"schemaVersion": 1, "schemaVersion": 1}', /duplicate key/],
  [`${"[".repeat(100_000)}${"]".repeat(100_000)}`, /nested deeper/],
  [
    renderJson(sampleReport()).replace('"severity": "high"', '"severity": "awful"'),
    /findings\.\d+\.severity: /,
  ],
])("what is no report is told with where and why: %.40s", async (content, reason) => {
  const failure = read(content);
  await expect(failure).rejects.toMatchObject({ code: "bad-report", message: expect.stringMatching(reason) });
});

test("a file that is not there and one that cannot be read are told apart", async () => {
  const folder = await folderWith({});
  await expect(readReport(`${folder}/none.json`)).rejects.toMatchObject({
    code: "not-found",
    message: `cannot read the report ${folder}/none.json: there is no such file; write one with bezoar scan DATASET -o report.json`,
  });
  await expect(readReport(folder)).rejects.toMatchObject({
    code: "not-readable",
    message: `cannot read the report ${folder}: it is a directory; name the JSON report in it, such as ${folder}/report.json`,
  });
  await expect(readReport("/dev/null/r.json")).rejects.toThrow(/there is no such file; write one with/);
});

test("a damaged report is read or refused, never anything else", async () => {
  const whole = Buffer.from(renderJson({ ...sampleReport(), findings: sampleReport().findings.slice(0, 1) }));
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(whole.length), async (changes, length) => {
      const damaged = Buffer.from(whole.subarray(0, Math.max(length, whole.length - 20)));
      for (const [at, byte] of changes) if (at < damaged.length) damaged[at] = byte;
      const outcome: unknown = await read(damaged).catch((error: unknown) => error);
      expect(outcome instanceof AppError ? outcome.code : "read").toMatch(/^(?:read|bad-report)$/);
    }),
    { numRuns: 60 },
  );
});
