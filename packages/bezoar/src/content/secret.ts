import { MAX_HITS, type ContentHit } from "./content-hit.ts";

/** A token of an issuer: its published form, and how much of the random part a placeholder would not reach. */
type Issuer = { readonly form: string; readonly name: string; readonly pattern: RegExp };

/** Forms that the issuers publish; each has a prefix of its own, and every repetition is bounded. */
const ISSUERS: readonly Issuer[] = [
  { form: "aws-key", name: "an AWS access key id", pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  {
    form: "github-token",
    name: "a GitHub token",
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b/g,
  },
  { form: "gitlab-token", name: "a GitLab token", pattern: /\bglpat-[A-Za-z0-9_-]{20}\b/g },
  { form: "slack-token", name: "a Slack token", pattern: /\bxox[abprs]-\d{9,14}-[A-Za-z0-9-]{20,120}\b/g },
  {
    form: "slack-webhook",
    name: "a Slack webhook",
    pattern: /hooks\.slack\.com\/services\/T[A-Z0-9]{8,12}\/B[A-Z0-9]{8,12}\/[A-Za-z0-9]{24}\b/g,
  },
  { form: "google-key", name: "a Google API key", pattern: /\bAIza[A-Za-z0-9_-]{35}\b/g },
  { form: "stripe-key", name: "a Stripe live key", pattern: /\b[sr]k_live_[A-Za-z0-9]{24,99}\b/g },
  {
    form: "anthropic-key",
    name: "an Anthropic key",
    pattern: /\bsk-ant-[a-z]{3,6}\d\d-[A-Za-z0-9_-]{80,120}/g,
  },
  {
    form: "openai-key",
    name: "an OpenAI key",
    pattern: /\bsk-(?:(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,180}|[A-Za-z0-9]{48}\b)/g,
  },
  { form: "npm-token", name: "an npm token", pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { form: "pypi-token", name: "a PyPI token", pattern: /\bpypi-AgE[A-Za-z0-9_-]{50,200}/g },
  { form: "hugging-face-token", name: "a Hugging Face token", pattern: /\bhf_[A-Za-z]{34}\b/g },
  { form: "sendgrid-key", name: "a SendGrid key", pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/g },
  {
    form: "jwt",
    name: "a signed JSON web token",
    pattern: /\beyJ[A-Za-z0-9_-]{14,400}\.eyJ[A-Za-z0-9_-]{14,4000}\.[A-Za-z0-9_-]{27,1000}/g,
  },
];

const PRIVATE_KEY = /-----BEGIN (?:(?:RSA|EC|DSA|OPENSSH|PGP) )?PRIVATE KEY(?: BLOCK)?-----/g;
/** Of a private key, so much base64 must follow; the shortest real one (Ed25519) has 64 characters. */
const MIN_KEY = 64;
const KEY_WINDOW = 600;

/** Shannon entropy in bits a character below which a token was typed, not drawn: 36 drawn ones reach 4.3 on average, 16 reach 3.3. */
const MIN_ENTROPY = 3;
const PLACEHOLDER =
  /example|xxxx|your|test|dummy|fake|placeholder|sample|redact|changeme|notreal|foobar|insert|secret|abcdef|123456|0000|aaaa|demo/i;
/** The payload of the example token of jwt.io and of countless tutorials. */
const SAMPLE_JWT = /"sub":\s{0,2}"?123456|John Doe|example/i;

/** Private keys and tokens of known issuers; examples, placeholders and repetitions are left out. What is said never holds the secret. */
export function findSecrets(text: string): ContentHit[] {
  const hits: ContentHit[] = [];
  const add = (
    start: number,
    end: number,
    form: string,
    name: string,
    severity: ContentHit["severity"] = "low",
  ) => {
    hits.push({ rule: "content/secret", form, start, end, what: name, severity });
  };
  for (const { 0: header, index } of text.matchAll(PRIVATE_KEY)) {
    if (hits.length >= MAX_HITS) break;
    const end = index + header.length;
    const body = text.slice(end, end + KEY_WINDOW).replaceAll(/\\n|\s/g, "");
    const key = /^[A-Za-z0-9+/=:,-]*/.exec(body)?.[0] ?? "";
    if (key.length >= MIN_KEY && isDrawn(key.slice(0, 400))) add(index, end, "private-key", "a private key");
  }
  for (const { form, name, pattern } of ISSUERS) {
    for (const { 0: token, index } of text.matchAll(pattern)) {
      if (hits.length >= MAX_HITS) return hits;
      if (!isDrawn(token) || (form === "jwt" && !isRealJwt(token))) continue;
      add(index, index + token.length, form, name);
    }
  }
  return hits;
}

/** Whether a token looks like one drawn at random: no placeholder, and the entropy of one. */
function isDrawn(token: string): boolean {
  if (PLACEHOLDER.test(token)) return false;
  const counts = new Map<string, number>();
  for (const sign of token) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / token.length) * Math.log2(count / token.length);
  return bits >= MIN_ENTROPY;
}

function isRealJwt(token: string): boolean {
  const [header = "", payload = ""] = token.split(".");
  return /^\{[^}]{0,300}"alg"\s{0,3}:/.test(fromBase64(header)) && !SAMPLE_JWT.test(fromBase64(payload));
}

function fromBase64(part: string): string {
  return Buffer.from(part, "base64url").toString("utf8");
}
