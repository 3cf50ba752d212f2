/**
 * The one script of the page, as text: it pages tables and row numbers, reads out the map, and switches the theme.
 * Data enters the document by `textContent` alone, never as markup.
 */
export const SCRIPT = String.raw`
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const ROWS_PER_PAGE = 120;
  const plain = new Intl.NumberFormat("en-US");

  const element = (name, attributes, text) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };

  /** Buttons and keys that move through pages; show(page) draws one. */
  const addPager = (host, name, pages, show) => {
    let page = 0;
    const bar = element("div", { class: "pager", role: "group", "aria-label": name + ", pages" });
    const back = element("button", { type: "button" }, "Previous");
    const next = element("button", { type: "button" }, "Next");
    const where = element("span", { class: "where", "aria-live": "polite" });
    const go = (wanted) => {
      page = Math.min(pages - 1, Math.max(0, wanted));
      const focused = document.activeElement;
      back.disabled = page === 0;
      next.disabled = page === pages - 1;
      if (focused === back && back.disabled) next.focus();
      if (focused === next && next.disabled) back.focus();
      where.textContent = "Page " + plain.format(page + 1) + " of " + plain.format(pages);
      show(page);
    };
    back.addEventListener("click", () => go(page - 1));
    next.addEventListener("click", () => go(page + 1));
    bar.addEventListener("keydown", (event) => {
      const moves = { ArrowLeft: page - 1, ArrowRight: page + 1, Home: 0, End: pages - 1 };
      if (event.target.tagName === "INPUT" || !(event.key in moves)) return;
      event.preventDefault();
      go(moves[event.key]);
    });
    if (pages > 1) bar.append(back, where, next);
    host.append(bar);
    go(0);
    return { bar, go };
  };

  for (const host of document.querySelectorAll("[data-paged]")) {
    const size = Number(host.dataset.paged);
    const rows = [...host.querySelectorAll("tbody > tr")];
    const pages = Math.ceil(rows.length / size);
    if (pages > 1) {
      addPager(host, "Evidence", pages, (page) => {
        rows.forEach((row, index) => { row.hidden = Math.floor(index / size) !== page; });
      });
    }
  }

  /** "3-5,9" as runs, each with the number of rows before it. */
  const parseRuns = (text) => {
    let before = 0;
    return (text === "" ? [] : text.split(",")).map((part) => {
      const [first, last = first] = part.split("-").map(Number);
      const run = { first, last, before };
      before += last - first + 1;
      return run;
    });
  };
  /** The last run that satisfies a condition which holds for a beginning of the list; -1 when none does. */
  const lastRun = (runs, holds) => {
    let low = -1;
    let high = runs.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (holds(runs[middle])) low = middle; else high = middle - 1;
    }
    return low;
  };

  const copy = async (text, button) => {
    const label = button.textContent;
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = element("textarea", { readonly: "" });
      area.value = text;
      document.body.append(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
      button.focus();
    }
    button.textContent = done ? "Copied" : "Could not copy";
    setTimeout(() => { button.textContent = label; }, 1500);
  };

  const lists = new Map();
  for (const host of document.querySelectorAll("[data-rows]")) {
    const runs = parseRuns(data.rows[Number(host.dataset.rows)]);
    const end = runs.at(-1);
    const total = end === undefined ? 0 : end.before + end.last - end.first + 1;
    const numbers = host.querySelector(".numbers");
    host.querySelector(".note")?.remove();
    const { bar, go } = addPager(host, "Row numbers", Math.max(1, Math.ceil(total / ROWS_PER_PAGE)), (page) => {
      const from = page * ROWS_PER_PAGE;
      const to = Math.min(total, from + ROWS_PER_PAGE);
      const shown = [];
      for (let at = from, run = lastRun(runs, (r) => r.before <= from); at < to; run++) {
        const { first, last, before } = runs[run];
        for (let row = first + at - before; row <= last && at < to; row++, at++) shown.push(element("span", {}, String(row)), " ");
      }
      numbers.replaceChildren(...shown);
    });
    const goToRow = (row) => {
      const run = runs[Math.max(0, lastRun(runs, (r) => r.first <= row))];
      go(Math.floor((run.before + Math.max(0, Math.min(row, run.last) - run.first)) / ROWS_PER_PAGE));
    };
    const button = element("button", { type: "button" }, "Copy all");
    button.addEventListener("click", () => {
      const all = [];
      for (const { first, last } of runs) for (let row = first; row <= last; row++) all.push(row);
      void copy(all.join(","), button);
    });
    bar.append(button);
    if (total > ROWS_PER_PAGE) {
      const label = element("label", {}, "Go to row");
      const input = element("input", { type: "number", min: "0", inputmode: "numeric" });
      input.addEventListener("change", () => goToRow(Number(input.value)));
      label.append(input);
      bar.append(label);
    }
    lists.set(host.closest(".finding"), goToRow);
  }

  for (const figure of document.querySelectorAll(".map")) {
    const svg = figure.querySelector("svg");
    const readout = figure.querySelector(".readout");
    const bins = [...figure.querySelectorAll(".bin")];
    let chosen = -1;
    const choose = (index) => {
      bins[chosen]?.classList.remove("chosen");
      chosen = index;
      const text = bins[index]?.querySelector("title").textContent ?? "";
      bins[index]?.classList.add("chosen");
      readout.textContent = text;
      svg.setAttribute("aria-valuenow", String(index + 1));
      svg.setAttribute("aria-valuetext", text);
    };
    const summary = svg.getAttribute("aria-label");
    for (const [key, value] of Object.entries({ role: "slider", tabindex: "0", "aria-label": summary, "aria-valuemin": "1", "aria-valuemax": String(bins.length), "aria-valuenow": "1" })) svg.setAttribute(key, value);
    const jump = () => { lists.get(figure.closest(".finding"))?.(Number(bins[chosen]?.dataset.first)); };
    svg.addEventListener("pointermove", (event) => { const bin = event.target.closest(".bin"); if (bin) choose(bins.indexOf(bin)); });
    svg.addEventListener("pointerleave", () => { if (document.activeElement !== svg) choose(-1); });
    svg.addEventListener("click", (event) => { const bin = event.target.closest(".bin"); if (bin) { choose(bins.indexOf(bin)); jump(); } });
    svg.addEventListener("focus", () => { if (chosen < 0) choose(0); });
    svg.addEventListener("blur", () => choose(-1));
    svg.addEventListener("keydown", (event) => {
      const moves = { ArrowLeft: chosen - 1, ArrowDown: chosen - 1, ArrowRight: chosen + 1, ArrowUp: chosen + 1, Home: 0, End: bins.length - 1 };
      if (event.key === "Enter") return jump();
      if (!(event.key in moves)) return;
      event.preventDefault();
      choose(Math.min(bins.length - 1, Math.max(0, moves[event.key])));
    });
  }

  const root = document.documentElement;
  const isDark = () => root.dataset.theme === "dark" || (root.dataset.theme === undefined && matchMedia("(prefers-color-scheme: dark)").matches);
  const toggle = element("button", { type: "button", class: "theme" });
  const name = () => { toggle.textContent = isDark() ? "Light theme" : "Dark theme"; };
  toggle.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; name(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", name);
  name();
  document.querySelector(".verdict").append(toggle);
})();
`;
