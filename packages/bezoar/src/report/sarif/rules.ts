import { SEVERITIES, type Finding, type Severity } from "../../core/finding.ts";
import type { Rule } from "../../core/rules.ts";
import { standing } from "../summary.ts";

/** GitHub reads this number as critical above 9.0, high from 7.0, medium from 4.0, low above 0.0; it must be a string. */
export function securitySeverity(severity: Severity): string {
  switch (severity) {
    case "critical":
      return "9.5";
    case "high":
      return "8.0";
    case "medium":
      return "5.5";
    case "low":
      return "2.5";
    case "info":
      return "0.0";
  }
}

/** SARIF knows three levels; DESIGN: critical and high mean that a person must look before the data is used. */
export function levelOf(severity: Severity): "error" | "warning" | "note" {
  switch (severity) {
    case "critical":
    case "high":
      return "error";
    case "medium":
      return "warning";
    case "low":
    case "info":
      return "note";
  }
}

/** Where the field describes a rule: the name of the taxonomy, whose it is, and which of its entries. */
const TAXONOMIES = [
  {
    name: "OWASP",
    fullName: "OWASP Top 10 for LLM Applications",
    version: "2025",
    organization: "OWASP",
    entry: ({ owasp }: Rule) => owasp,
  },
  {
    name: "MITRE ATLAS",
    fullName: "MITRE Adversarial Threat Landscape for AI Systems",
    organization: "MITRE",
    entry: ({ atlas }: Rule) => atlas,
  },
  {
    name: "NIST AI 100-2",
    fullName: "NIST AI 100-2 E2025, Adversarial Machine Learning: a Taxonomy and Terminology",
    version: "E2025",
    organization: "NIST",
    entry: ({ nist }: Rule) => nist,
  },
] as const;

const entriesOf = (rules: readonly Rule[], entry: (rule: Rule) => string) =>
  [...new Set(rules.map(entry))].toSorted();

/** The taxonomies that the rules refer to, with the entries that they name. */
export function sarifTaxonomies(rules: readonly Rule[]): unknown[] {
  return TAXONOMIES.map(({ entry, ...about }) => ({
    ...about,
    isComprehensive: false,
    taxa: entriesOf(rules, entry).map((id) => ({ id })),
  }));
}

/** The taxonomies by name, as the driver lists what it supports. */
export function supportedTaxonomies(): unknown[] {
  return TAXONOMIES.map(({ name }, index) => ({ name, index }));
}

/** The worst severity among a rule's findings; those that stand come before those that are suppressed. */
function worstOf(findings: readonly Finding[]): Severity | undefined {
  const stand = standing(findings);
  const counted = stand.length > 0 ? stand : findings;
  return SEVERITIES.find((severity) => counted.some((finding) => finding.severity === severity));
}

function helpText({ help, misses, innocent, docs }: Rule): string {
  return `${help}\n\nWhat it misses: ${misses}\n\nWhat would make a finding innocent: ${innocent}\n\nMore: ${docs}`;
}

function helpMarkdown({ help, misses, innocent, docs }: Rule): string {
  return `${help}\n\n**What it misses:** ${misses}\n\n**What would make a finding innocent:** ${innocent}\n\nMore: \`${docs}\``;
}

/** A rule as SARIF describes it; `security-severity` is that of the worst finding, since GitHub reads it from the rule. */
export function sarifRule(rule: Rule, rules: readonly Rule[], findings: readonly Finding[]): unknown {
  const worst = worstOf(findings.filter((finding) => finding.rule === rule.id));
  return {
    id: rule.id,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.help },
    help: { text: helpText(rule), markdown: helpMarkdown(rule) },
    defaultConfiguration: { level: rule.kind === "attack" ? "error" : "warning" },
    relationships: TAXONOMIES.map(({ name, entry }, index) => {
      const id = entry(rule);
      const target = { id, index: entriesOf(rules, entry).indexOf(id), toolComponent: { name, index } };
      return { target, kinds: ["relevant"] };
    }),
    properties: {
      tags: ["security", rule.kind, ...TAXONOMIES.map(({ name, entry }) => `${name} ${entry(rule)}`)],
      ...(worst !== undefined && { "security-severity": securitySeverity(worst) }),
    },
  };
}
