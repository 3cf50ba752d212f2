import { readFileSync, writeFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { expect, test } from "vitest";
import { jsonSchemas } from "../src/policy/json-schema.ts";
import { sampleReport } from "./fixtures/report.ts";

const folder = new URL("../schemas/", import.meta.url);
const schemas = [...jsonSchemas()];

test.each(schemas)(
  "the published %s is what the code checks (UPDATE_SCHEMAS=1 writes it)",
  (name, schema) => {
    const file = new URL(name, folder);
    if (process.env["UPDATE_SCHEMAS"] === "1") writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(schema);
  },
);

const ajv = formats.default(new Ajv2020({ strict: false }));
const validate = (name: string, value: unknown): boolean => {
  const schema = jsonSchemas().get(name);
  return schema !== undefined && ajv.validate(schema, value);
};

test("an editor that knows the schema accepts a policy and refuses a misspelt one", () => {
  const policy = {
    version: 1,
    suppressions: [{ rule: "content/secret", reason: "docs", who: "m.keller", expires: "2027-01-31" }],
  };
  expect(validate("bezoar.schema.json", policy)).toBe(true);
  expect(validate("bezoar.schema.json", { ...policy, failon: "high" })).toBe(false);
  expect(validate("bezoar.schema.json", { ...policy, suppressions: [{ rule: "content" }] })).toBe(false);
});

test("a report is what its schema says", () => {
  expect(validate("report.schema.json", sampleReport())).toBe(true);
});
