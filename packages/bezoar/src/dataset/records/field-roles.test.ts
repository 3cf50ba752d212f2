import { expect, test } from "vitest";
import type { Field } from "../row.ts";
import { clockOf, profileFields } from "./field-roles.ts";

function rolesOf(make: (i: number) => readonly Field[]): Record<string, string> {
  const profiles = profileFields(Array.from({ length: 400 }, (_, i) => make(i)));
  return Object.fromEntries(profiles.map((profile) => [profile.path, profile.role]));
}

test("tells the role of a field from its values, whatever it is called", () => {
  const roles = rolesOf((i) => [
    ["f1", `2025-03-0${1 + (i % 9)}T${10 + (i % 12)}:${10 + (i % 50)}:00Z`],
    ["f2", `10.0.${i % 7}.${i % 50}`],
    ["f3", String(i * 1.5)],
    ["f4", `C:\\Windows\\tool${i % 9}.exe`],
    ["f5", `the quick fox number ${i} jumps over ${i * 7}`],
    ["f6", `person${i % 40}`],
    ["f7", `id-${i}-${i * 31}`],
    ["f8", String(i % 4)],
    ["f9", String(1_700_000_000 + i * 977)],
  ]);
  expect(roles).toEqual({
    f1: "time",
    f2: "address",
    f3: "number",
    f4: "path",
    f5: "text",
    f6: "category",
    f7: "unique",
    f8: "category",
    f9: "time",
  });
});

test("a few placeholders do not change the role", () => {
  expect(rolesOf((i) => [["size", i % 25 === 0 ? "-" : String(i)]])).toEqual({ size: "number" });
});

test("reads clock times, time stamps and seconds since 1970", () => {
  expect(clockOf("23:15")).toEqual({ hour: 23, weekday: 0 });
  expect(clockOf("2025-03-04T05:06:07Z")).toEqual({ hour: 5, weekday: 2 });
  expect(clockOf("1700000000")).toEqual({ hour: 22, weekday: 2 });
  expect(clockOf("99999")).toBeUndefined();
});

test("names of programs are told from those of machines", () => {
  const [program, machine] = profileFields(
    Array.from({ length: 100 }, (_, i): Field[] => [
      ["f1", `tool${i % 30}.exe`],
      ["f2", `web-${i % 30}.example.com`],
    ]),
  );
  expect(program?.programs).toBe(1);
  expect(machine?.programs).toBe(0);
});
