import { INJECTION, type Rule } from "./rule.ts";

/** What a single text can hide or carry, whatever the rest of the dataset says. */
export const CONTENT_RULES: readonly Rule[] = [
  {
    id: "content/invisible-text",
    kind: "quality",
    title: "Text that nobody sees",
    help: "Zero-width, variation-selector or tag characters that hide letters or split words; tag characters are decoded.",
    misses: "Text hidden by its meaning, or by the markup of a page (the document gate looks at that).",
    innocent: "Emoji, flags, and scripts that need joiners, which are recognised; a set about such attacks.",
    docs: "docs/detectors/content.md",
    ...INJECTION,
  },
  {
    id: "content/bidi-control",
    kind: "quality",
    title: "Characters that reorder what is shown",
    help: "Bidirectional overrides and unbalanced isolates, so that the text read is not the text shown (CVE-2021-42574).",
    misses: "Reordering by fonts or markup.",
    innocent: "Well-formed right-to-left text, which is recognised.",
    docs: "docs/detectors/content.md",
    ...INJECTION,
  },
  {
    id: "content/homoglyph",
    kind: "quality",
    title: "Look-alike letters inside a word",
    help: "A word that mixes Latin with letters of another script drawn alike, so that it looks like another word (UTS #39).",
    misses: "Look-alikes within one script (rn for m); Latin letters in a word of another script.",
    innocent: "Mathematical notation, brand names, phonetics.",
    docs: "docs/detectors/content.md",
    ...INJECTION,
  },
  {
    id: "content/encoded-payload",
    kind: "quality",
    title: "An encoded text that speaks to the model",
    help: "Base64, hexadecimal, escapes, rot13 and text written backwards are decoded once, and what comes out is checked again.",
    misses:
      "Encryption, two layers of encoding, UTF-16, hexadecimal with spaces, ciphers made up for one attack.",
    innocent: "Exercises about encodings.",
    docs: "docs/detectors/content.md",
    ...INJECTION,
  },
  {
    id: "content/chat-control-token",
    kind: "quality",
    title: "Chat-control tokens inside content",
    help: "Special tokens of chat templates that stand in the content, where they end a turn or open another speaker's.",
    misses: "Tokens of templates that it does not know.",
    innocent: "Documentation of chat templates; rows that were rendered by a template on purpose.",
    docs: "docs/detectors/content.md",
    ...INJECTION,
  },
  {
    id: "content/injection",
    kind: "quality",
    title: "Instructions addressed to the model",
    help: "Phrases that tell a reading model to drop its instructions, change its role, keep a secret or send data elsewhere.",
    misses:
      "Requests that are merely out of place; polite or indirect instructions; languages that it does not know.",
    innocent: "A text about injections, which quotes them.",
    docs: "docs/detectors/content.md",
    ...INJECTION,
  },
  {
    id: "content/suspicious-link",
    kind: "quality",
    title: "A link to a look-alike or bare address",
    help: "Links whose host imitates a known one, mixes scripts, hides behind an @ or is a bare public address; links that run code or carry data out.",
    misses: "A malicious page on an ordinary host.",
    innocent: "Documentation of a network, lists of indicators of compromise.",
    docs: "docs/detectors/content.md",
    ...INJECTION,
  },
  {
    id: "content/secret",
    kind: "quality",
    title: "A secret in the data",
    help: "Private keys and tokens whose form is that of a known issuer: a model that learns them gives them away.",
    misses: "Passwords and keys without a form of their own.",
    innocent: "Examples from documentation, which are recognised where they are marked so.",
    docs: "docs/detectors/content.md",
    owasp: "LLM02:2025", // Sensitive Information Disclosure
    atlas: "AML.T0057", // LLM Data Leakage
    nist: "NISTAML.038", // Data Extraction
  },
];
