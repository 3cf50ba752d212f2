import type { Finding } from "../core/finding.ts";
import type { Rule } from "../core/rules.ts";
import { explainRule, explainRuleMarkdown } from "./catalogue.ts";
import { withFiniteNumbers, writeJson } from "./json.ts";
import { findingMarkdown } from "./markdown/finding.ts";
import { renderFinding } from "./terminal/finding.ts";
import type { Screen } from "./terminal/layout.ts";

/** Rules, and the findings of them that are to be explained. */
export type Explained = { readonly rules: readonly Rule[]; readonly findings: readonly Finding[] };

/** The findings in full, each row of them, and what their rules mean. */
export function renderExplanation(
  { rules, findings }: Explained,
  format: "terminal" | "json" | "markdown",
  screen: Screen,
): string {
  switch (format) {
    case "json":
      return writeJson({ rules, findings: findings.map(withFiniteNumbers) });
    case "markdown":
      return `${[...findings.map(findingMarkdown), ...rules.map(explainRuleMarkdown)].join("\n\n")}\n`;
    case "terminal": {
      const lines = [
        ...findings.flatMap((finding) => renderFinding(screen, finding, "whole")),
        ...rules.flatMap((rule) => [""].concat(explainRule(screen, rule))),
      ];
      return `${lines.slice(1).join("\n")}\n`;
    }
  }
}
