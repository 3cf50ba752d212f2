import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "bezoar";
import { afterAll, expect, test } from "vitest";
import { openJournal } from "./journal.ts";

const folder = mkdtempSync(join(tmpdir(), "bezoar-journal-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a reply that was kept is there when the journal is opened again", () => {
  const path = join(folder, "kept.jsonl");
  const journal = openJournal(path);
  journal.keep("a question", "malicious alice");
  expect(openJournal(path).replyTo("a question")).toBe("malicious alice"); // not closed: the process may have been killed
  expect(openJournal(path).replyTo("another")).toBeUndefined();
});

test("a line that was cut short is dropped, and what follows is written on a line of its own", () => {
  const path = join(folder, "cut.jsonl");
  openJournal(path).keep("first", "benign bob");
  appendFileSync(path, `{"question":"second","rep`);
  const journal = openJournal(path);
  expect(journal.replyTo("first")).toBe("benign bob");
  journal.keep("third", "malicious é");
  expect(openJournal(path).replyTo("third")).toBe("malicious é");
  expect(readFileSync(path, "utf8").split("\n")).toHaveLength(4);
});

test("a header that was cut short begins anew", () => {
  const path = join(folder, "header.jsonl");
  writeFileSync(path, `{"journal":"bez`);
  openJournal(path).keep("a", "b");
  expect(openJournal(path).replyTo("a")).toBe("b");
});

test("a file that is no journal is refused and left as it is", () => {
  const path = join(folder, "notes.txt");
  writeFileSync(path, "my notes");
  expect(() => openJournal(path)).toThrow(AppError);
  expect(readFileSync(path, "utf8")).toBe("my notes");
});

test("a line that is no entry is told with its place", () => {
  const path = join(folder, "broken.jsonl");
  openJournal(path).keep("a", "b");
  appendFileSync(path, "{}\n");
  expect(() => openJournal(path)).toThrow("broken.jsonl:3 is no line of a journal");
});

test("a place where no file can be made is told", () => {
  expect(() => openJournal(join(folder, "absent", "j.jsonl"))).toThrow("cannot write");
  expect(() => openJournal(folder)).toThrow(AppError);
});
