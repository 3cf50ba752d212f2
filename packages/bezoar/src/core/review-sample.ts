import { z } from "zod";
import { SCHEMA_VERSION, severitySchema } from "./finding.ts";

const sampledRowSchema = z.object({
  row: z.number().int(),
  file: z.string(),
  line: z.number().int().optional(),
  /** Which part of the dataset it stands for: a label, or a length, within a file. */
  stratum: z.string(),
  /** Why a person should look at it: the findings that name it; empty for a row drawn at random. */
  because: z.array(
    z.object({ finding: z.string(), rule: z.string(), severity: severitySchema, title: z.string() }),
  ),
  texts: z.array(z.object({ name: z.string(), text: z.string() })),
});
export type SampledRow = z.infer<typeof sampledRowSchema>;

/** What `bezoar sample --format json` prints: the rows a person should look at first, then rows drawn at random by stratum. */
export const reviewSampleSchema = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  subject: z.object({ name: z.string(), sha256: z.string(), rows: z.number().int() }),
  seed: z.number().int(),
  suspects: z.array(sampledRowSchema),
  random: z.array(sampledRowSchema),
  strata: z.array(z.object({ name: z.string(), rows: z.number().int(), sampled: z.number().int() })),
  /** Rows that the random part was drawn from: all readable ones but the suspects. */
  population: z.number().int(),
  /** At 95 % confidence: when so many of the random rows are defective, at most this share of the population is. */
  leaves: z.array(z.object({ defects: z.number().int(), rate: z.number() })),
});
export type ReviewSample = z.infer<typeof reviewSampleSchema>;
