import { expect, test } from "vitest";
import { createRandom, randomInt } from "../core/random.ts";
import { findSecrets } from "./secret.ts";

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const random = createRandom(7);
const drawn = (length: number, alphabet = ALPHANUMERIC) =>
  Array.from({ length }, () => alphabet[randomInt(random, alphabet.length)]).join("");
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

const RSA = "RSA PRIVATE";

// No real form stands in this file: each is put together here.
test.each([
  ["aws-key", `AKIA${drawn(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}`],
  ["github-token", `ghp_${drawn(36)}`],
  ["github-token", `github_pat_${drawn(22)}_${drawn(59)}`],
  ["gitlab-token", `glpat-${drawn(20)}`],
  ["slack-token", `xoxb-${drawn(12, "123456789")}-${drawn(12, "123456789")}-${drawn(24)}`],
  ["google-key", `AIza${drawn(35)}`],
  ["stripe-key", `sk_live_${drawn(24)}`],
  ["openai-key", `sk-proj-${drawn(48)}`],
  ["anthropic-key", `sk-ant-api03-${drawn(93)}`],
  ["npm-token", `npm_${drawn(36)}`],
  ["hugging-face-token", `hf_${drawn(34, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")}`],
  [
    "jwt",
    `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded({ sub: "u-88123", iat: 1_700_000_021 })}.${drawn(43)}`,
  ],
  ["private-key", `-----BEGIN ${RSA} KEY-----\n${drawn(64)}\n${drawn(64)}\n-----END`],
])("%s is found, and not repeated in what is said", (form, secret) => {
  const hits = findSecrets(`token = "${secret}"`);
  expect(hits).toMatchObject([{ form }]);
  expect(hits[0]?.what).not.toContain(secret.slice(4, 20));
});

test.each([
  ["the example of the AWS documentation", ["AKIA", "IOSFODNN7EXAMPLE"].join("")],
  ["a placeholder", `ghp_${"x".repeat(36)}`],
  ["a named placeholder", ["sk-proj-", "your_api_key_goes_here_your_api_key_goes_here_00"].join("")],
  ["one sign repeated", `npm_${"aB".repeat(18)}`],
  ["a cut key", `-----BEGIN ${RSA} KEY-----\n...\n-----END`],
  ["a public key", `-----BEGIN PUBLIC KEY-----\n${drawn(64)}`],
  [
    "the token of tutorials",
    `${encoded({ alg: "HS256" })}.${encoded({ sub: "1234567890", name: "John Doe" })}.${drawn(43)}`,
  ],
  ["hashes and ids", `${drawn(64, "0123456789abcdef")} ${drawn(8)}-${drawn(4)}`],
])("%s is innocent", (_, text) => {
  expect(findSecrets(`key: ${text}`)).toEqual([]);
});
