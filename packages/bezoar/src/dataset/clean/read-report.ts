import { readFile, stat } from "node:fs/promises";
import { AppError } from "../../core/errors.ts";
import { reportSchema, type Report } from "../../core/report.ts";
import { fileError } from "../../formats/byte-input.ts";

/** A report holds every row number of every finding; beyond this V8 could not hold its text. */
const MAX_REPORT_BYTES = 256 * 1024 * 1024;

/** Reads what `bezoar scan --format json` has written. */
export async function readReport(path: string): Promise<Report> {
  const bad = (why: string): AppError =>
    new AppError("bad-report", `${path}: ${why}; it takes what bezoar scan --format json has written`);
  let text: string;
  try {
    if ((await stat(path)).size > MAX_REPORT_BYTES) throw bad(`larger than ${MAX_REPORT_BYTES} bytes`);
    text = await readFile(path, "utf8");
  } catch (error) {
    throw error instanceof AppError ? error : fileError(path, error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad("this is no JSON");
  }
  const parsed = reportSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw bad(`this is no report (${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""})`);
}
