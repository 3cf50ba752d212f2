import type { Finding, Location } from "../core/finding.ts";

/** "alerts.jsonl:35", or the file alone where its format has no lines. */
export function formatPlace({ file, line }: Pick<Location, "file" | "line">): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** Where the rows of a finding stand, as far as it says so. */
export function placesOf({ locations = [] }: Finding): ReadonlyMap<number, string> {
  return new Map(
    locations.flatMap((location) =>
      location.row === undefined ? [] : [[location.row, formatPlace(location)] as const],
    ),
  );
}
