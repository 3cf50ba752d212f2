import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "bezoar";
import { z } from "zod";
import { SEVERITIES, VERDICTS, type JudgedAlert } from "../alerts/alert.ts";
import type { TestSets } from "./measure.ts";

/** More than any evaluation asks; a file beyond it is something else. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** Where the test sets lie in an export's folder. */
export const testFile = (set: keyof TestSets): string => join("test", `${set}.records.jsonl`);

const text = z.string();
const recordSchema = z.object({
  id: text,
  time: text,
  rule_id: text,
  rule: text,
  severity: z.enum(SEVERITIES),
  user: text,
  host: text,
  process: text,
  parent_process: text,
  command_line: text,
  source_ip: text,
  verdict: z.enum(VERDICTS),
});

/** Reads the tests of an export's folder; their verdicts are the truth. Also says who the target is. */
export async function readTestSets(
  folder: string,
): Promise<{ readonly sets: TestSets; readonly user: string }> {
  const sets = {
    clean: await readSet(folder, "clean"),
    target: await readSet(folder, "target"),
    others: await readSet(folder, "others"),
    swap: await readSet(folder, "swap"),
  };
  const user = sets.target[0]?.alert.user ?? "";
  for (const set of ["target", "swap"] as const) {
    if (sets[set].some(({ alert }) => alert.user !== user)) {
      throw new AppError("no-data", `${join(folder, testFile(set))} holds alerts of others than ${user}`);
    }
  }
  for (const set of ["target", "others", "swap"] as const) {
    if (sets[set].some(({ truth }) => truth !== "malicious")) {
      throw new AppError(
        "no-data",
        `${join(folder, testFile(set))} holds benign alerts, and only malicious ones can be dismissed`,
      );
    }
  }
  return { sets, user };
}

async function readSet(folder: string, set: keyof TestSets): Promise<JudgedAlert[]> {
  const path = join(folder, testFile(set));
  const lines = (await readWhole(path)).split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) throw new AppError("no-data", `${path} is empty`);
  return lines.map((line, index) => {
    const { verdict, ...alert } = parseRecord(line, `${path}:${index + 1}`);
    return { alert, verdict, truth: verdict };
  });
}

async function readWhole(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= MAX_FILE_BYTES) return await readFile(path, "utf8");
  } catch (cause) {
    throw new AppError("not-found", `${path} cannot be read: name a folder that bezoar-lab export wrote`, {
      cause,
    });
  }
  throw new AppError("not-readable", `${path} is larger than ${MAX_FILE_BYTES} bytes`);
}

function parseRecord(line: string, where: string): z.infer<typeof recordSchema> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw new AppError("not-readable", `${where} is no JSON`, { cause });
  }
  const parsed = recordSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError("not-readable", `${where} is no alert (${issue?.path.join(".")}: ${issue?.message})`);
}
