import type { Rule } from "../core/rules.ts";
import { writeJson } from "./json.ts";
import { columnsOf, labelledText, padColumns, wrap, type Screen } from "./terminal/layout.ts";

const KIND_COLUMNS = 9;

/** The rules as a table for a terminal: name, kind, title. */
export function renderRules(screen: Screen, rules: readonly Rule[]): string {
  const nameColumns = Math.max(...rules.map(({ id }) => columnsOf(id))) + 2;
  const before = nameColumns + KIND_COLUMNS;
  const lines = rules.flatMap(({ id, kind, title }) => {
    const [first = "", ...rest] = wrap(title, Math.max(16, screen.width - before));
    const name = screen.paint("bold", padColumns(id, nameColumns));
    const aside = screen.paint(kind === "attack" ? "yellow" : "dim", padColumns(kind, KIND_COLUMNS));
    return [`${name}${aside}${first}`].concat(rest.map((line) => " ".repeat(before) + line));
  });
  const hint = [
    "",
    screen.paint("dim", "attack: evidence of tampering; quality: what a careful person checks besides"),
    screen.paint("dim", "bezoar explain RULE says what a rule sees, misses, and what would be innocent"),
  ];
  return `${[...lines, ...hint].join("\n")}\n`;
}

/** The rules as a Markdown table, each with its page. */
export function renderRulesMarkdown(rules: readonly Rule[]): string {
  const rows = rules.map(
    ({ id, kind, title, docs, owasp, atlas, nist }) =>
      `| [\`${id}\`](${docs}) | ${kind} | ${title} | ${owasp} | ${atlas} | ${nist} |`,
  );
  return `${[
    "| Rule | Kind | What it finds | OWASP LLM | MITRE ATLAS | NIST AI 100-2 |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n")}\n`;
}

/** The rules as data, as the catalogue has them. */
export function renderRulesJson(rules: readonly Rule[]): string {
  return writeJson(rules);
}

const references = ({ owasp, atlas, nist }: Rule) =>
  `OWASP ${owasp}, MITRE ATLAS ${atlas}, NIST AI 100-2 ${nist}`;

/** What a rule sees, what it misses, and what would make a finding innocent. */
export function explainRule(screen: Screen, rule: Rule): string[] {
  return [
    `${screen.paint("bold", rule.id)}  ${screen.paint("dim", rule.kind)}`,
    ...wrap(rule.title, screen.width),
    "",
    ...labelledText(screen, "sees", rule.help),
    ...labelledText(screen, "misses", rule.misses),
    ...labelledText(screen, "innocent", rule.innocent),
    ...labelledText(screen, "docs", rule.docs),
    ...labelledText(screen, "known as", references(rule)),
  ];
}

/** The same in Markdown. */
export function explainRuleMarkdown(rule: Rule): string {
  return [
    `### \`${rule.id}\`: ${rule.title}`,
    "",
    `- Kind: ${rule.kind}`,
    `- What it sees: ${rule.help}`,
    `- What it misses: ${rule.misses}`,
    `- What would make a finding innocent: ${rule.innocent}`,
    `- More: [${rule.docs}](${rule.docs})`,
    `- Known as: ${references(rule)}`,
  ].join("\n");
}
