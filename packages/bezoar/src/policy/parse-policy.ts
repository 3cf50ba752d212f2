import { LineCounter, parseDocument, type Document } from "yaml";
import type { z } from "zod";
import { AppError } from "../core/errors.ts";

/** A policy is written by hand; beyond this it is something else, or hostile (CWE-770). */
export const MAX_POLICY_BYTES = 1_000_000;
const MAX_PROBLEMS = 5; // shown at once

/** Reads YAML (or JSON) of the schema. Throws `AppError("bad-policy")` that says on which line what is wrong. */
export function parsePolicy<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  name: string,
): z.infer<Schema> {
  if (text.length > MAX_POLICY_BYTES) {
    throw new AppError("bad-policy", `${name} has more than ${MAX_POLICY_BYTES} characters: it is no policy`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    throw failure(
      name,
      broken.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, message })),
    );
  }
  const parsed = schema.safeParse(toPlain(document, name));
  if (parsed.success) return parsed.data;
  throw failure(
    name,
    parsed.error.issues.flatMap(flattenIssue).map(({ path, message }) => ({
      line: lineOf(document, path, lines),
      message: path.length === 0 ? message : `${path.join(".")}: ${message}`,
    })),
  );
}

/** Aliases are refused: nobody needs them in a policy, and they multiply (CWE-776). */
function toPlain(document: Document, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    throw new AppError("bad-policy", `${name}: aliases are not allowed`, { cause: error });
  }
}

type Problem = { readonly path: readonly PropertyKey[]; readonly message: string };

/** A union's own message says nothing: the problems of the branch that fits best do. */
function flattenIssue(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined"))
    return [{ path: issue.path, message: "is missing" }];
  if (issue.code !== "invalid_union") return [issue];
  const [closest] = issue.errors.toSorted((a, b) => unknownKeys(a) - unknownKeys(b) || a.length - b.length);
  return (closest ?? [])
    .flatMap(flattenIssue)
    .map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
}

function unknownKeys(issues: readonly z.core.$ZodIssue[]): number {
  return issues.filter(({ code }) => code === "unrecognized_keys").length;
}

/** The line of the value at the path, or of the nearest one around it that is there. */
function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range))
      continue;
    return lines.linePos(Number(node.range[0])).line;
  }
  return 1;
}

function failure(
  name: string,
  problems: readonly { readonly line: number; readonly message: string }[],
): AppError {
  const shown = problems.slice(0, MAX_PROBLEMS).map(({ line, message }) => `${name}:${line}: ${message}`);
  const more = problems.length > MAX_PROBLEMS ? [`and ${problems.length - MAX_PROBLEMS} more`] : [];
  return new AppError("bad-policy", [...shown, ...more].join("\n"));
}
