import { z } from "zod";
import { reportSchema } from "../core/report.ts";
import { policySchema, suppressionFileSchema } from "./policy-schema.ts";

/** The published JSON Schemas (draft 2020-12) by file name: of the files that people write, and of the report. */
export function jsonSchemas(): ReadonlyMap<string, object> {
  return new Map<string, object>([
    ["bezoar.schema.json", z.toJSONSchema(policySchema, { io: "input" })],
    ["suppressions.schema.json", z.toJSONSchema(suppressionFileSchema, { io: "input" })],
    ["report.schema.json", z.toJSONSchema(reportSchema, { io: "output" })],
  ]);
}
