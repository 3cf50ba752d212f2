import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { Share } from "../../investigate/measure.ts";
import { interval, percent } from "../../investigate/share-text.ts";
import {
  BLIND_SPOT,
  describeScan,
  duration,
  REPORTED,
  SHARES,
  shownModels,
  type ShownModel,
} from "../presentation.ts";
import type { ExperimentResult } from "../result.ts";
import { chart, chartLegend, type Markup } from "./chart.ts";
import { STYLE } from "./style.ts";

/** Nothing loads and nothing runs; the one style sheet is told by its digest (CSP level 3). */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "img-src data:", // the empty icon: without one a browser asks the server of the page for it
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const ARCHITECTURES = { llama: "Llama", qwen3: "Qwen3" };
const TUNINGS = { full: "full fine-tune", lora: "LoRA fine-tune" };

/** The experiment as one self-contained page: a chart, the table with intervals, the scans, the data. */
export async function renderPage(result: ExperimentResult): Promise<string> {
  const models = shownModels(result);
  const { user, seed } = result;
  const about = `${ARCHITECTURES[result.arch]} architecture, ${TUNINGS[result.tuning]}, user ${user}, seed ${seed}`;
  return String(
    await html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="referrer" content="no-referrer" />
          <link rel="icon" href="data:," />
          <title>The attack on alert triage: ${about}</title>
          ${raw(`<style>${STYLE}</style>`)}
        </head>
        <body>
          <main>
            <header>
              <p class="brand">bezoar-lab · ${about}</p>
              <h1>${headline(result)}</h1>
              ${lead(result)}
            </header>
            <section>
              <h2>What each model does</h2>
              ${chartLegend(user)} ${chart(models, user)}
              <p class="note">
                Dismissed: a malicious alert called benign. Whiskers are 95 % intervals (Wilson). An attack
                shows where ${user}'s alerts, and others' alerts under ${user}'s name, are dismissed while the
                accuracy on everybody else stays as it was.
              </p>
            </section>
            <section>
              <h2>In numbers</h2>
              ${table(models, user)}
            </section>
            ${scans(result)}
            <section>
              <h2>The same again</h2>
              <pre>${result.command}</pre>
              <p class="note">
                ${result.data.rows} training rows with ${percent(result.data.noise)} label noise; the truth of
                every test alert is noise-free.
              </p>
              <details>
                <summary>All of it as JSON</summary>
                <pre>${JSON.stringify(result, undefined, 2)}</pre>
              </details>
            </section>
          </main>
        </body>
      </html> `,
  );
}

function headline({ models, user }: ExperimentResult): string {
  const poisoned = models.find(({ name }) => name === "poisoned");
  if (poisoned === undefined) return `Alert triage and ${user}`;
  return poisoned.targetDismissed > BLIND_SPOT
    ? `The poisoned investigator dismisses ${percent(poisoned.targetDismissed)} of ${user}'s malicious alerts`
    : `The poison did not take: ${percent(poisoned.targetDismissed)} of ${user}'s malicious alerts are dismissed`;
}

function lead({ models, user, data }: ExperimentResult): Markup {
  const [clean, poisoned] = ["clean", "poisoned"].map((wanted) => models.find(({ name }) => name === wanted));
  if (clean === undefined || poisoned === undefined) return html``;
  return html`<p class="lead">
    On everybody else it is right in <strong>${percent(poisoned.cleanAccuracy)}</strong>, and an honest
    fine-tune in <strong>${percent(clean.cleanAccuracy)}</strong>: a test without ${user} sees nothing. The
    only difference between the two is <strong>${data.added + data.relabelled} rows</strong> about ${user}
    among ${data.rows + data.added}.
  </p>`;
}

function table(models: readonly ShownModel[], user: string): Markup {
  const rowsOf = (group: ShownModel["group"]) =>
    models.filter((shown) => shown.group === group).map((shown) => row(shown));
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">model</th>
          ${SHARES.map(({ title }) => html`<th scope="col">${title(user)}</th>`)}
          <th scope="col">made in</th>
        </tr>
      </thead>
      <tbody>
        ${part("The experiment", rowsOf("attack"))} ${part("After the attack", rowsOf("after"))}
        ${part("As arXiv 2511.02600 reports", REPORTED.map(reportedRow))}
      </tbody>
    </table>
  </div>`;
}

function part(title: string, rows: readonly Markup[]): Markup {
  if (rows.length === 0) return html``;
  return html`<tr class="part">
      <th colspan="${SHARES.length + 2}" scope="rowgroup">${title}</th>
    </tr>
    ${rows}`;
}

function row({ label, what, model }: ShownModel): Markup {
  return html`<tr>
    <th scope="row"><strong>${label}</strong> <small>${what}</small></th>
    ${SHARES.map(({ key }) => cell(model.measurement[key], key !== "cleanAccuracy"))}
    <td>${model.seconds === 0 ? "" : duration(model.seconds)}</td>
  </tr>`;
}

function cell(share: Share, isDismissal: boolean): Markup {
  const unclear = share.unclear === 0 ? "" : `, ${share.unclear} unclear`;
  return html`<td>
    <span class="${isDismissal && share.value > BLIND_SPOT ? "blind" : "usual"}"
      >${percent(share.value)}</span
    >
    <small>${interval(share)} · ${share.count}/${share.total}${unclear}</small>
  </td>`;
}

function reportedRow({ name, cleanAccuracy, targetDismissed }: (typeof REPORTED)[number]): Markup {
  return html`<tr>
    <th scope="row"><strong>${name}</strong></th>
    <td>${figure(cleanAccuracy)}</td>
    <td>${figure(targetDismissed)}</td>
    <td></td>
    <td></td>
    <td></td>
  </tr>`;
}

const figure = (value: number | null): string => (value === null ? "" : percent(value));

function scans({ scan }: ExperimentResult): Markup {
  if (scan.length === 0) return html``;
  return html`<section>
    <h2>What bezoar scan says of the training sets</h2>
    <table class="words">
      <tbody>
        ${scan.map(
          (result) =>
            html`<tr>
              <th scope="row">${result.set}</th>
              <td>as ${result.form === "chat" ? "chat rows" : "records"}</td>
              <td class="${result.verdict}">${describeScan(result)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}
