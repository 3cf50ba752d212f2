import { defineConfig } from "oxlint";

/** The layers of packages/bezoar/src from the ground up; a layer may import itself and the ones named here, nothing else. */
const layers = {
  core: [],
  formats: ["core"],
  endpoint: ["core"],
  content: ["core"],
  dataset: ["core", "formats", "endpoint", "content"],
  policy: ["core"],
  report: ["core"],
} satisfies Record<string, string[]>;

const all = [...Object.keys(layers), "cli"];

export default defineConfig({
  plugins: ["typescript", "unicorn", "oxc", "import", "promise", "node", "vitest"],
  categories: { correctness: "error", suspicious: "error", perf: "error" },
  ignorePatterns: ["**/dist/**"],
  rules: {
    "import/no-cycle": "error",
    "import/no-named-as-default-member": "off",
    "no-await-in-loop": "off",
    "unicorn/require-post-message-target-origin": "off", // a window's rule; these are worker threads
    "typescript/consistent-return": "off", // the compiler's noImplicitReturns knows exhaustive switches
    "typescript/consistent-type-assertions": ["error", { assertionStyle: "never" }],
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/switch-exhaustiveness-check": "error",
  },
  overrides: Object.entries(layers).map(([layer, allowed]: [string, string[]]) => ({
    files: [`packages/bezoar/src/${layer}/**`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            ...all
              .filter((other) => other !== layer && !allowed.includes(other))
              .map((other) => ({
                group: [`**/../${other}/**`, `../${other}/**`, `../../${other}/**`],
                message: `${layer} must not import ${other}`,
              })),
            ...(layer === "core" ? [{ group: ["node:*"], message: "core is pure" }] : []),
          ],
        },
      ],
    },
  })),
});
