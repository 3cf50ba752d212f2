import type { Effect, Rate } from "../../core/finding.ts";
import { formatCount, formatCounted, formatInterval, formatPercent } from "../format.ts";
import { markup, type Markup } from "./escape.ts";

const HEIGHT = 18;
const MIDDLE = HEIGHT / 2;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

const percent = (share: number) => `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`;

/** One rate as a dot on its 95 % interval. Positions are in per cent, so that the drawing has any width without a script. */
function drawRate(rate: Rate, name: string, label: string, count: string): Markup {
  const interval = formatInterval(rate);
  const [low, value, high] = [percent(rate.low), percent(rate.value), percent(rate.high)];
  return markup`<div class="rate ${name}"><p><span>${label}</span> <span><strong>${formatPercent(rate.value)}</strong> <small>${interval}</small> <small>${count}</small></span></p>
<svg role="img" aria-label="${formatPercent(rate.value)}, 95% interval ${interval}" height="${HEIGHT}"><line class="track" x1="0%" x2="100%" y1="${MIDDLE}" y2="${MIDDLE}"/><line class="interval" x1="${low}" x2="${high}" y1="${MIDDLE}" y2="${MIDDLE}"/><line class="end" x1="${low}" x2="${low}" y1="3" y2="${HEIGHT - 3}"/><line class="end" x1="${high}" x2="${high}" y1="3" y2="${HEIGHT - 3}"/><circle cx="${value}" cy="${MIDDLE}" r="5"/></svg></div>`;
}

function drawTick(share: number): Markup {
  const anchor = share === 0 ? "start" : share === 1 ? "end" : "middle";
  return markup`<line x1="${percent(share)}" x2="${percent(share)}" y1="0" y2="4"/><text x="${percent(share)}" y="16" text-anchor="${anchor}">${formatPercent(share)}</text>`;
}

/** The rate among the rows with the trigger and among comparable rows without it, each with its interval, on one scale. */
export function effectPlot(effect: Effect): Markup {
  const hits = `${formatCount(effect.hits)} of ${formatCounted(effect.of, "row")}`;
  return markup`<figure class="effect">
<figcaption>${effect.name}</figcaption>
${drawRate(effect.rate, "with", "With the trigger", hits)}
${drawRate(effect.baseline, "without", "Without it", "comparable rows")}
<svg class="scale" aria-hidden="true" height="18">${TICKS.map(drawTick)}</svg>
<p class="note">Dots are shares, bars their 95% intervals.</p>
</figure>`;
}
