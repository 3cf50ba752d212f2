import fc from "fast-check";
import { expect, test } from "vitest";
import type { Field } from "../row.ts";
import { entitiesInText } from "./entities-in-text.ts";
import { recordFields } from "./record-fields.ts";

test.each<[string, readonly Field[]]>([
  [
    'Triage {"user": "alice", "process": {"name": "cmd.exe"}} now.',
    [
      ["user", "alice"],
      ["process.name", "cmd.exe"],
    ],
  ],
  ['cut off {"user": "alice", "host": "web', [["user", "alice"]]],
  [
    "{'user': 'alice', 'port': 443, 'ok': True}",
    [
      ["user", "alice"],
      ["port", "443"],
      ["ok", "True"],
    ],
  ],
  [
    'user=alice src_ip=10.0.0.1, cmd="powershell -enc A".',
    [
      ["user", "alice"],
      ["src_ip", "10.0.0.1"],
      ["cmd", "powershell -enc A"],
    ],
  ],
  [
    "User: alice\n- **Source IP:** 10.0.0.1\nHost = `web-1`",
    [
      ["User", "alice"],
      ["Source IP", "10.0.0.1"],
      ["Host", "web-1"],
    ],
  ],
  [
    "Alert | user: alice | host: web-1",
    [
      ["user", "alice"],
      ["host", "web-1"],
    ],
  ],
  [
    "<e><user>alice</user><Data Name='TargetUserName'>bob</Data></e>",
    [
      ["user", "alice"],
      ["TargetUserName", "bob"],
    ],
  ],
  [
    "User alice ran cmd.exe on host WEB-1 from 10.0.0.5. The user was told; user=alice.",
    [
      ["user", "alice"],
      ["host", "WEB-1"],
      ["ip", "10.0.0.5"],
    ],
  ],
])("finds the fields of %j", (text, fields) => {
  expect(entitiesInText(text)).toEqual(fields);
});

test("CEF values may hold spaces", () => {
  const fields = entitiesInText(
    "CEF:0|Acme|IDS|1.0|100|worm stopped|10|src=10.0.0.1 msg=hello big world suser=alice",
  );
  expect(fields).toEqual([
    ["vendor", "Acme"],
    ["product", "IDS"],
    ["version", "1.0"],
    ["signature_id", "100"],
    ["name", "worm stopped"],
    ["severity", "10"],
    ["src", "10.0.0.1"],
    ["msg", "hello big world"],
    ["suser", "alice"],
  ]);
});

test("LEEF attributes are separated by tabs", () => {
  expect(entitiesInText("LEEF:1.0|Acme|Mail|4.0|15345|src=192.0.2.0\tusrName=joe.black")).toContainEqual([
    "usrName",
    "joe.black",
  ]);
});

test.each([
  "Note: this is a remark about the colon, which is common.",
  "Question: what is 3+4? Answer: 7",
  "if x == 3 then y = f(z); n=4 -> a=>b",
  "The user experience of a host who can cook is an account to remember, version 1.2.3.4.5.",
  "Meet me at 12:30, see https://example.org/a:b",
  'He said: "never". <p>A paragraph</p> and {{name}} {author}',
  "The result is as follows: we went home and had a very long dinner.",
])("ordinary text %j has no fields", (text) => {
  expect(entitiesInText(text)).toEqual([]);
});

test("long values count where key lines stand in a block", () => {
  const command = "powershell -nop -w hidden -enc AAAA -file C:\\run.ps1 and more";
  expect(entitiesInText(`User: alice\nHost: web-1\nCommand line: ${command}`)).toContainEqual([
    "Command line",
    command,
  ]);
  expect(entitiesInText(`Sequel: ${command}`)).toEqual([]);
});

test("a row's own fields come first, then those of its prompt", () => {
  const row = { number: 0, prompt: "user=alice", response: "", fields: [["id", "7"]] } as const;
  expect(recordFields(row)).toEqual([
    ["id", "7"],
    ["user", "alice"],
  ]);
  expect(recordFields({ ...row, prompt: "" })).toEqual([["id", "7"]]);
});

test.each([
  "{",
  '{"',
  "a=",
  "ab=",
  'ab="',
  "ab: c\n",
  "<ab>",
  "<ab c",
  '{"a":',
  "a: ",
  "'a':",
  "CEF:0|a\\|",
  "**",
  "user ",
  "user a",
  "1.",
  '"a":"\\',
  " ",
])("1 MB of %j is read in linear time and gives a bounded number of fields", (unit) => {
  const text = unit.repeat(1_000_000 / unit.length);
  const started = process.cpuUsage(); // the clock would also measure who else uses the machine
  expect(entitiesInText(text).length).toBeLessThanOrEqual(512);
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(1000);
});

test("any text is survived", () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom("{", "}", '"', ":", "=", "<a>", "</a>", "CEF:0|", "|", "\n", "\\", "user"),
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      for (const [path, value] of entitiesInText(parts.join("")))
        expect(value === "" || path === undefined).toBe(false);
    }),
    { numRuns: 500 },
  );
});
