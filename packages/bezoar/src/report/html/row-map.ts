import type { SubjectFile } from "../../core/report.ts";
import { formatCount, formatCounted } from "../format.ts";
import type { RowRange } from "../ranges.ts";
import { markup, type Markup } from "./escape.ts";

const MAX_BINS = 200; // narrower bars could not be told apart or pointed at
const MAX_FILE_LINES = 40; // more lines than this would hide the bars
const HEIGHT = 56;
const MIN_SHARE = 0.18; // of the height: a single row among millions stays visible

type Bin = { readonly first: number; readonly last: number; readonly count: number };

/** How many of the rows lie in each of up to `MAX_BINS` equal stretches of [0, total). */
function countByBin(ranges: readonly RowRange[], total: number): Bin[] {
  const bins = Math.min(MAX_BINS, total);
  const startOf = (bin: number) => Math.floor((bin * total) / bins);
  const result: Bin[] = [];
  let index = 0;
  for (let bin = 0; bin < bins; bin++) {
    const first = startOf(bin);
    const last = startOf(bin + 1) - 1;
    let count = 0;
    for (; ; index++) {
      const range = ranges[index];
      if (range === undefined || range[0] > last) break;
      count += Math.max(0, Math.min(range[1], last) - Math.max(range[0], first) + 1);
      if (range[1] > last) break;
    }
    result.push({ first, last, count });
  }
  return result;
}

function describeBin({ first, last, count }: Bin): string {
  const size = last - first + 1;
  const where = size === 1 ? `row ${first}` : `rows ${first}–${last}`;
  return size === 1 ? where : `${where}: ${formatCount(count)} of ${formatCount(size)}`;
}

const percent = (share: number) => `${(share * 100).toFixed(3)}%`;

function drawBin(bin: Bin, most: number, total: number): Markup {
  const share = MIN_SHARE + (1 - MIN_SHARE) * Math.sqrt(bin.count / most);
  const height = Math.round(share * HEIGHT);
  const size = bin.last - bin.first + 1;
  return markup`<g class="bin" data-first="${bin.first}"><title>${describeBin(bin)}</title><rect class="hit" x="${percent(bin.first / total)}" width="${percent(size / total)}" y="0" height="${HEIGHT}"/><rect class="bar" x="${percent(bin.first / total)}" width="${percent((size * 0.86) / total)}" y="${HEIGHT - height}" height="${height}" rx="1"/></g>`;
}

function drawFiles(files: readonly SubjectFile[], total: number): Markup[] {
  if (files.length < 2 || files.length > MAX_FILE_LINES) return [];
  return files.slice(1).map(({ firstRow, path }) => {
    const x = percent(firstRow / total);
    return markup`<line class="file" x1="${x}" x2="${x}" y1="0" y2="${HEIGHT}"><title>${path} starts at row ${firstRow}</title></line>`;
  });
}

/** Where the rows of a finding lie from the first row of the subject to the last; higher bars hold more of them. */
export function rowMap(ranges: readonly RowRange[], total: number, files: readonly SubjectFile[]): Markup {
  const bins = countByBin(ranges, total);
  const shown = bins.filter((bin) => bin.count > 0);
  const most = Math.max(1, ...shown.map((bin) => bin.count));
  const first = ranges[0]?.[0] ?? 0;
  const last = ranges.at(-1)?.[1] ?? 0;
  const perBar = Math.ceil(total / Math.max(1, bins.length));
  const scale =
    perBar > 1 ? `Each bar covers about ${formatCounted(perBar, "row")}.` : "Each bar is one row.";
  const label = `The rows lie between row ${first} and row ${last}, in ${formatCount(shown.length)} of ${formatCount(bins.length)} stretches of the data`;
  return markup`<figure class="map">
<figcaption>Where the rows lie</figcaption>
<svg role="img" aria-label="${label}" height="${HEIGHT}"><rect class="ground" x="0" y="${HEIGHT - 1}" width="100%" height="1"/>${drawFiles(files, total)}${shown.map((bin) => drawBin(bin, most, total))}</svg>
<div class="axis"><span>row 0</span><span class="readout" aria-live="polite"></span><span>row ${total - 1}</span></div>
<p class="note">${scale}${files.length > 1 && files.length <= MAX_FILE_LINES ? " Vertical lines are file boundaries." : ""}</p>
</figure>`;
}
