import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../core/errors.ts";
import { parsePolicy } from "./parse-policy.ts";
import { policySchema, suppressionFileSchema } from "./policy-schema.ts";

const parse = (text: string) => parsePolicy(policySchema, text, "bezoar.yaml");

const GOOD = `version: 1
failOn: medium
scan:
  label: verdict
  entities: [user, host]
  skip: [content]
suppressions:
  - finding: "0123456789abcdef"
    reason: Authorised penetration test, ticket 4711
    who: m.keller
    expires: 2027-01-31
  - rule: content/secret
    reason: Documentation keys
    who: m.keller
    expires: 2027-01-31
`;

test("a policy as people write it is read whole", () => {
  const policy = parse(GOOD);
  expect(policy.failOn).toBe("medium");
  expect(policy.scan?.entities).toEqual(["user", "host"]);
  expect(policy.suppressions?.map((each) => each.expires)).toEqual(["2027-01-31", "2027-01-31"]);
});

test.each([
  ["a key nobody knows", GOOD.replace("failOn", "failon"), "bezoar.yaml:1: Unrecognized key"],
  ["a severity that is none", GOOD.replace("medium", "terrible"), "bezoar.yaml:2: failOn"],
  ["no reason", GOOD.replace(/ {4}reason: Doc.*\n/, ""), "bezoar.yaml:12: suppressions.1.reason"],
  ["an empty reason", GOOD.replace("Documentation keys", '" "'), "bezoar.yaml:13: suppressions.1.reason"],
  ["no expiry", GOOD.replace(/ {4}expires.*\n$/, ""), "suppressions.1.expires"],
  ["a date that is none", GOOD.replace("2027-01-31", "2027-02-31"), "bezoar.yaml:11: suppressions.0.expires"],
  ["a rule that is none", GOOD.replace("content/secret", "content/secrets"), "there is no such rule"],
  ["a fingerprint that is none", GOOD.replace("0123456789abcdef", "0123"), "16 hexadecimal digits"],
  [
    "a rule and a finding at once",
    GOOD.replace("  - rule: content/secret", '  - rule: content\n    finding: "x"'),
    "suppressions.1",
  ],
  ["a key given twice", `${GOOD}version: 1\n`, "bezoar.yaml:16"],
  ["no YAML", "version: [1\n", "bezoar.yaml:"],
  ["an alias", "version: &a 1\nfailOn: *a\n", "aliases are not allowed"],
  ["another version", "version: 2\n", "bezoar.yaml:1: version"],
  ["nothing", "", "bezoar.yaml:1: "],
])("%s is refused with its line", (_, text, message) => {
  expect(() => parse(text)).toThrow(message);
  expect(() => parse(text)).toThrow(AppError);
});

test("a file of suppressions has the same ones, and nothing else", () => {
  const text = GOOD.replace(/failOn[^]*skip: \[content\]\n/, "");
  expect(parsePolicy(suppressionFileSchema, text, "x.yaml").suppressions).toEqual(parse(GOOD).suppressions);
  expect(() => parsePolicy(suppressionFileSchema, GOOD, "x.yaml")).toThrow("failOn");
});

function outcome(text: string): unknown {
  try {
    return parse(text).version === 1 ? "as expected" : "no policy";
  } catch (error) {
    return error instanceof AppError ? "as expected" : error;
  }
}

test("whatever the text, the answer is a policy or a typed error", () => {
  const pieces = fc.constantFrom(
    ...GOOD.split(/(?<=[ \n])/),
    "&a ",
    "*a",
    "!!js/function x",
    "? ",
    "{",
    "]",
    "\u0000",
    "<<: ",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((parts) => parts.join("")),
      ),
      (text) => {
        expect(outcome(text)).toBe("as expected");
      },
    ),
    { numRuns: 500 },
  );
});
