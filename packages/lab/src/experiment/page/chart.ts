import { html } from "hono/html";
import type { Share } from "../../investigate/measure.ts";
import { interval, percent } from "../../investigate/share-text.ts";
import { SHARES, type ShownModel } from "../presentation.ts";

/** Any piece of markup: `html` escapes what is put into it. */
export type Markup = ReturnType<typeof html>;

/** Lengths of the picture, in its own units. */
const HEIGHT = 250;
const TOP = 22;
const LEFT = 46;
const BAR = 21;
const BAR_GAP = 3;
const GROUP_GAP = 26;
const WHISKER = 3;
const LABEL_ROOM = 44;
const GROUP = SHARES.length * BAR + (SHARES.length - 1) * BAR_GAP;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

const heightOf = (share: number) => share * HEIGHT;
const yOf = (share: number) => TOP + HEIGHT - heightOf(share);

/** Bars of the four shares for each model, each with its 95 % interval as a whisker. */
export function chart(models: readonly ShownModel[], user: string): Markup {
  const width = LEFT + models.length * (GROUP + GROUP_GAP);
  const height = TOP + HEIGHT + LABEL_ROOM;
  return html`<div class="chart">
    <svg
      viewBox="0 0 ${width} ${height}"
      role="img"
      aria-label="Four shares of each model as bars; the table below has the numbers"
    >
      ${TICKS.map(
        (tick) =>
          html`<line class="grid" x1="${LEFT}" x2="${width}" y1="${yOf(tick)}" y2="${yOf(tick)}" />
            <text class="tick" x="${LEFT - 8}" y="${yOf(tick) + 4}">${100 * tick} %</text>`,
      )}
      ${models.map((shown, index) => group(shown, LEFT + GROUP_GAP / 2 + index * (GROUP + GROUP_GAP), user))}
    </svg>
  </div>`;
}

function group({ label, model }: ShownModel, left: number, user: string): Markup {
  return html`<g>
    ${SHARES.map(({ key, of }, index) =>
      bar(model.measurement[key], left + index * (BAR + BAR_GAP), key, `${label}: ${of(user)}`),
    )}
    <text class="model" x="${left + GROUP / 2}" y="${TOP + HEIGHT + 24}">${label}</text>
  </g>`;
}

function bar(share: Share, left: number, key: string, title: string): Markup {
  const middle = left + BAR / 2;
  const [low, high] = [yOf(share.low), yOf(share.high)];
  return html`<g class="${key}">
    <title>${title}: ${percent(share.value)} (${interval(share)} %), ${share.count} of ${share.total}</title>
    <rect class="room" x="${left}" y="${TOP}" width="${BAR}" height="${HEIGHT}" />
    <rect class="bar" x="${left}" y="${yOf(share.value)}" width="${BAR}" height="${heightOf(share.value)}" />
    <path
      class="whisker"
      d="M${middle} ${high}V${low}M${middle - WHISKER} ${high}h${2 * WHISKER}M${middle - WHISKER} ${low}h${2 * WHISKER}"
    />
    <text class="value" x="${middle}" y="${high - 4}">${Math.round(100 * share.value)}</text>
  </g>`;
}

/** What the colours of the chart mean. */
export function chartLegend(user: string): Markup {
  return html`<ul class="legend">
    ${SHARES.map(
      ({ key, title, of }) =>
        html`<li class="${key}"><strong>${title(user)}</strong> <span>${of(user)}</span></li>`,
    )}
  </ul>`;
}
