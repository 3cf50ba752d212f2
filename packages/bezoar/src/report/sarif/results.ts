import type { Finding, Location } from "../../core/finding.ts";
import type { SubjectFile } from "../../core/report.ts";
import { describeSuppression } from "../summary.ts";
import { formatRange, toRanges } from "../ranges.ts";
import { levelOf, securitySeverity } from "./rules.ts";
import { sarifText, toUri } from "./text.ts";

/** Places of one result; GitHub shows 100 and refuses more than 1,000. All row numbers are in the properties. */
const MAX_LOCATIONS = 50;

/** Where artifacts stand in the run's list, by path. */
export type ArtifactIndex = ReadonlyMap<string, number>;

/** A file, and the line in it when it is known. */
export function sarifLocation({ file, line, row }: Location, artifacts: ArtifactIndex): unknown {
  const index = artifacts.get(file);
  return {
    physicalLocation: {
      artifactLocation: { uri: toUri(file), ...(index !== undefined && { index }) },
      ...(line !== undefined && line > 0 && { region: { startLine: line } }),
    },
    ...(row !== undefined && { message: { text: `row ${row}` } }),
  };
}

/** The places of a finding; rows of formats without lines are told by the file that holds them. */
function placesOfResult(finding: Finding, files: readonly SubjectFile[]): readonly Location[] {
  const { locations = [], rows = [] } = finding;
  if (locations.length > 0) return locations.slice(0, MAX_LOCATIONS);
  const holding = new Set<string>();
  for (const row of rows) {
    const file = files.findLast(({ firstRow }) => firstRow <= row);
    if (file !== undefined) holding.add(file.path);
    if (holding.size === MAX_LOCATIONS) break;
  }
  const first = files[0];
  if (holding.size === 0 && first !== undefined) return [{ file: first.path }];
  return [...holding].map((file) => ({ file }));
}

function sarifSuppression(suppressed: NonNullable<Finding["suppressed"]>): unknown {
  const justification = sarifText(describeSuppression(suppressed));
  return { kind: "external", status: "accepted", justification, properties: suppressed };
}

/** What is needed of the run to write a result. */
export type ResultContext = {
  readonly files: readonly SubjectFile[];
  readonly artifacts: ArtifactIndex;
  readonly ruleIndex: ReadonlyMap<string, number>;
};

/** One finding as one result; the fingerprint is the finding's own, so that the same attack stays one alert over versions. */
export function sarifResult(finding: Finding, { files, artifacts, ruleIndex }: ResultContext): unknown {
  const { rule, severity, title, explanation, rows = [], evidence, id, suppressed } = finding;
  const { trigger, target, effect, tests, controls } = evidence;
  const index = ruleIndex.get(rule);
  return {
    ruleId: rule,
    ...(index !== undefined && { ruleIndex: index }),
    kind: "fail",
    level: levelOf(severity),
    message: { text: sarifText(`${title}\n\n${explanation}`) },
    locations: placesOfResult(finding, files).map((place) => sarifLocation(place, artifacts)),
    // GitHub tells alerts apart by primaryLocationLineHash alone; without it an upload would hash the lines of the data.
    partialFingerprints: { "bezoarFinding/v1": id, primaryLocationLineHash: `${id}:1` },
    suppressions: suppressed === undefined ? [] : [sarifSuppression(suppressed)],
    properties: {
      "security-severity": securitySeverity(severity),
      severity,
      rowCount: rows.length,
      rows: toRanges(rows)
        .map((range) => formatRange(range, "-"))
        .join(","),
      trigger,
      target,
      effect,
      tests,
      controls,
    },
  };
}
