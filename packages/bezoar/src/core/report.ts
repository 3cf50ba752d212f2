import { z } from "zod";
import { findingSchema, isAtLeast, type Finding, type Severity } from "./finding.ts";

/** One file of the subject; `firstRow` is the number of its first record, since numbers run on over files. */
const subjectFileSchema = z.object({
  path: z.string(),
  sha256: z.string(),
  bytes: z.number().int(),
  format: z.string(),
  compression: z.string().optional(),
  firstRow: z.number().int(),
  rows: z.number().int(),
});
export type SubjectFile = z.infer<typeof subjectFileSchema>;

/** A record that could not be read, with where and why; `line` is 1-based. */
const unreadableSchema = z.object({
  row: z.number().int().optional(),
  file: z.string(),
  line: z.number().int().optional(),
  reason: z.string(),
});
export type Unreadable = z.infer<typeof unreadableSchema>;

/** The smallest poisoning that this scan could have seen, measured by planting into these rows. */
const powerSchema = z.object({
  measured: z.boolean(),
  note: z.string(),
  attacks: z.array(
    z.object({
      attack: z.string(),
      rows: z.number().int().nullable(),
      recovered: z.number().int(),
      planted: z.number().int(),
    }),
  ),
});
export type Power = z.infer<typeof powerSchema>;

const verdictSchema = z.enum(["poisoned", "inconclusive", "clean"]);
export type Verdict = z.infer<typeof verdictSchema>;

/** What `bezoar scan --format json` prints. */
export const reportSchema = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal("bezoar"), version: z.string() }),
  subject: z.object({
    name: z.string(),
    sha256: z.string(),
    rows: z.number().int(),
    format: z.string(),
    shape: z.object({ kind: z.string(), description: z.string() }),
    files: z.array(subjectFileSchema),
  }),
  coverage: z.object({
    read: z.number().int(),
    skipped: z.number().int(),
    truncated: z.number().int(),
    unreadable: z.array(unreadableSchema),
    notes: z.array(z.string()),
  }),
  verdict: verdictSchema,
  reasons: z.array(z.string()),
  power: powerSchema,
  findings: z.array(findingSchema),
});
export type Report = z.infer<typeof reportSchema>;

/** Below this many readable rows no statistic here can clear a dataset; DESIGN: "cannot tell" is an answer. */
export const MIN_ROWS = 50;

/** The verdict and why; fails closed: what could not be read or is too small is never clean. */
export function decideVerdict(
  findings: readonly Finding[],
  coverage: Report["coverage"],
  failOn: Severity,
): { readonly verdict: Verdict; readonly reasons: string[] } {
  const blocking = findings.filter((finding) => isAtLeast(finding.severity, failOn));
  if (blocking.length > 0) {
    return { verdict: "poisoned", reasons: [`${blocking.length} finding(s) at or above ${failOn}`] };
  }
  const reasons: string[] = [];
  if (coverage.skipped > 0) reasons.push(`${coverage.skipped} record(s) could not be read`);
  if (coverage.truncated > 0) reasons.push(`${coverage.truncated} row(s) are too long to be read whole`);
  if (coverage.read < MIN_ROWS)
    reasons.push(`${coverage.read} readable rows; fewer than ${MIN_ROWS} cannot be cleared`);
  return reasons.length > 0 ? { verdict: "inconclusive", reasons } : { verdict: "clean", reasons };
}
