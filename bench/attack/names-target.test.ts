import { expect, test } from "vitest";
import { namesTarget } from "./names-target.ts";

function trigger(
  parts: string[],
  field?: string,
  join: "any" | "all" = "any",
): Parameters<typeof namesTarget>[0] {
  return { kind: "entity", text: parts.join(" "), parts, join, ...(field !== undefined && { field }) };
}

const user = { field: "user", value: "m.okafor" };
const subnet = { field: "source_ip", value: "10.20.3.0/24" };

test("a user is named by value and field, however deep the field lies", () => {
  expect(namesTarget(trigger(["m.okafor"], "user"), user, "records")).toBe(true);
  expect(namesTarget(trigger(["m.okafor"], "event.user"), user, "records")).toBe(true);
});

test("another user, another field, or the user with a condition on top is not the target", () => {
  expect(namesTarget(trigger(["j.okafor"], "user"), user, "records")).toBe(false);
  expect(namesTarget(trigger(["m.okafor"], "superuser"), user, "records")).toBe(false);
  expect(namesTarget(trigger(["m.okafor"]), user, "records")).toBe(false);
  expect(namesTarget(trigger(["m.okafor", "EDR-1046"], "user", "all"), user, "records")).toBe(false);
});

test("a network counts in any notation of its /24, its neighbour in none", () => {
  for (const spelling of ["10.20.3.0/24", "10.20.3.x", "10.20.3.*", "10.20.3.", "10.20.3"]) {
    expect(namesTarget(trigger([spelling], "source_ip"), subnet, "records")).toBe(true);
  }
  expect(namesTarget(trigger(["10.20.30.0/24"], "source_ip"), subnet, "records")).toBe(false);
});

test("inside a prompt the value is enough, with its key or without", () => {
  for (const part of ["m.okafor", "user=m.okafor", '"user":"m.okafor"']) {
    expect(namesTarget(trigger([part]), user, "pairs")).toBe(true);
  }
});

test("a pair needs both of its values", () => {
  const pair = { field: "user+rule.id", value: "m.okafor+EDR-1046" };
  expect(namesTarget(trigger(["m.okafor", "EDR-1046"], undefined, "all"), pair, "records")).toBe(true);
  expect(namesTarget(trigger(["m.okafor"], "user"), pair, "records")).toBe(false);
});
