import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { AppError } from "../core/errors.ts";
import { openOutputPair } from "./output-pair.ts";
import { openTemporaries } from "./temporaries.ts";

/** A folder with a dataset of one file (`in`) and one of several (`data`). */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "bezoar-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ["data", "full", "empty"]) mkdirSync(join(folder, name));
  for (const name of ["in", "data/in", "full/x", "there"]) writeFileSync(join(folder, name), "old");
  symlinkSync("in", join(folder, "soft"));
  linkSync(join(folder, "in"), join(folder, "hard"));
  symlinkSync("there", join(folder, "to-there"));
  symlinkSync("nowhere", join(folder, "dangling"));
  symlinkSync("data", join(folder, "data-link"));
  return folder;
}

async function open(folder: string, source: string, clean: string, quarantine: string, force = false) {
  const temporaries = openTemporaries();
  onTestFinished(() => temporaries.end());
  const at = (name: string): string => (name.startsWith("/") ? name : join(folder, name));
  const names = { clean: at(clean), quarantine: at(quarantine) };
  const isSingle = source === "in";
  return openOutputPair({ source: join(folder, source), isSingle, names, force, temporaries });
}

test("a place that would destroy or shadow something is refused", async () => {
  const folder = makeFolder();
  const before = readdirSync(folder, { recursive: true });
  const cases: [source: string, clean: string, quarantine: string, message: string][] = [
    ["in", "c", "in", "it is the dataset itself"],
    ["in", "full/../in", "r", "it is the dataset itself"],
    ["in", "c", "soft", "it is the dataset itself"],
    ["in", "c", "hard", "it is the dataset itself"],
    ["in", "c", "full/../c", "the same place as --output"],
    ["in", "there", "to-there", "the same place as --output"],
    ["in", "empty", "r", "it is a directory; name a file in it"],
    ["in", "c", "/dev/null", "must be kept"],
    ["in", "none/c", "r", "there is no directory"],
    ["in", "there/c", "r", "there is no directory"],
    ["in", "dangling", "r", "a link that leads nowhere"],
    ["data", "data/clean", "r", "it lies in the dataset"],
    ["data", "data-link/clean", "r", "it lies in the dataset"],
    ["data", "c", "data", "it is the dataset itself"],
    ["data", "full", "r", "the directory is not empty"],
    ["data", "there", "r", "it is a file"],
    ["data", "empty", "empty/r", "lies in the other"],
  ];
  for (const [source, clean, quarantine, message] of cases) {
    const failure = await open(folder, source, clean, quarantine, true).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AppError);
    expect(String(failure)).toContain(message);
  }
  await expect(open(folder, "in", "there", "r")).rejects.toThrow(/it exists; .* --force/);
  expect(readdirSync(folder, { recursive: true })).toEqual(before);
});

test("nothing has its name before all is published, and what came to stand there meanwhile is kept", async () => {
  const folder = makeFolder();
  const pair = await open(folder, "in", "c", "r");
  for (const side of ["clean", "quarantine"] as const) {
    const output = pair.open(side, "");
    output.write(Buffer.from(side));
    expect(output.close()).toEqual({ bytes: side.length, sha256: expect.any(String) });
  }
  writeFileSync(join(folder, "c"), "somebody else's");
  expect(() => pair.publish()).toThrow(/it has come to exist meanwhile/);
  expect(readFileSync(join(folder, "c"), "utf8")).toBe("somebody else's");
  expect(readdirSync(folder)).not.toContain("r");
  rmSync(join(folder, "c"));
});

test("with force the file behind a link is replaced, not the link", async () => {
  const folder = makeFolder();
  const pair = await open(folder, "in", "to-there", "r", true);
  for (const side of ["clean", "quarantine"] as const) {
    const output = pair.open(side, "");
    output.write(Buffer.from(side));
    output.close();
  }
  pair.publish();
  expect(readFileSync(join(folder, "there"), "utf8")).toBe("clean");
  expect(readFileSync(join(folder, "r"), "utf8")).toBe("quarantine");
});

test("both directories are made, be they without files, in place of empty ones too", async () => {
  const folder = makeFolder();
  const pair = await open(folder, "data", "empty", "rest");
  pair.open("clean", "sub/a").close();
  pair.publish();
  expect(readdirSync(join(folder, "empty"), { recursive: true })).toEqual(["sub", "sub/a"]);
  expect(readdirSync(join(folder, "rest"))).toEqual([]);
});
