import type { Report, SubjectFile } from "../core/report.ts";
import { RULES } from "../core/rules.ts";
import { withFiniteNumbers, writeJson } from "./json.ts";
import { NOTIFICATIONS, sarifInvocation } from "./sarif/invocation.ts";
import { sarifResult, type ArtifactIndex } from "./sarif/results.ts";
import { sarifRule, sarifTaxonomies, supportedTaxonomies } from "./sarif/rules.ts";
import { toUri } from "./sarif/text.ts";
import { bySeverity } from "./summary.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/** GitHub shows the 5,000 worst results of a run and refuses a file with more than 25,000. */
const MAX_RESULTS = 5000;
/** Files listed with their digests; further ones are named where a result stands in them. */
const MAX_ARTIFACTS = 10_000;

function sarifArtifact({ path, sha256, bytes, ...about }: SubjectFile): unknown {
  return {
    location: { uri: toUri(path) },
    roles: ["analysisTarget"],
    length: bytes,
    hashes: { "sha-256": sha256 },
    properties: about,
  };
}

/**
 * The report as SARIF 2.1.0 (OASIS, errata 01), for GitHub code scanning and other viewers: one result per finding,
 * worst first, every rule described, every file with its digest, the verdict in the properties of the run.
 */
export function renderSarif(report: Report): string {
  const { subject, coverage, verdict, reasons, failOn, power, findings, tool } = report;
  const artifacts: ArtifactIndex = new Map(
    subject.files.slice(0, MAX_ARTIFACTS).map(({ path }, index) => [path, index]),
  );
  const ruleIndex = new Map(RULES.map(({ id }, index) => [id, index]));
  const shown = bySeverity(findings).slice(0, MAX_RESULTS).map(withFiniteNumbers);
  const { unreadable: _, ...covered } = coverage;
  const run = {
    tool: {
      driver: {
        name: tool.name,
        version: tool.version,
        semanticVersion: tool.version,
        shortDescription: { text: "Finds planted rows in training data, their trigger and their target" },
        rules: RULES.map((rule) => sarifRule(rule, RULES, findings)),
        notifications: NOTIFICATIONS,
        supportedTaxonomies: supportedTaxonomies(),
      },
    },
    taxonomies: sarifTaxonomies(RULES),
    invocations: [sarifInvocation(report, artifacts)],
    artifacts: subject.files.slice(0, MAX_ARTIFACTS).map(sarifArtifact),
    columnKind: "utf16CodeUnits",
    results: shown.map((finding) => sarifResult(finding, { files: subject.files, artifacts, ruleIndex })),
    properties: {
      verdict,
      reasons,
      failOn,
      subject: { name: subject.name, sha256: subject.sha256, rows: subject.rows, shape: subject.shape },
      coverage: covered,
      power,
      omittedResults: findings.length - shown.length,
    },
  };
  return writeJson({ $schema: SCHEMA, version: "2.1.0", runs: [run] });
}
