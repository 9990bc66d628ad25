// Filters and sorting for the lists, other traffic for comparisons. Every page is complete without this.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const make = (tag, text, marks) => {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    Object.entries(marks || {}).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  };

  // ---- lists
  const REVERSED = new Set(["context", "offers", "reviewed"]);
  const NUMBERS = new Set(["context", "input", "output", "offers"]);
  const form = byId("filters"), table = byId("models");

  function wanted(row, ask) {
    const has = row.dataset;
    const text = `${has.words} ${has.name || ""} ${(has.vendor || "").toLowerCase()}`;
    return ask.q.toLowerCase().split(/\s+/).every((word) => text.includes(word))
      && (!ask.vendor || has.vendor === ask.vendor)
      && (!ask.price || (has.input !== "" && Number(has.input) <= Number(ask.price)))
      && (!ask.context || Number(has.context || -1) >= Number(ask.context))
      && (!ask.capability || has.caps.split(" ").includes(ask.capability))
      && (!ask.lifecycle || has.lifecycle === ask.lifecycle)
      && (!ask.fresh || has.fresh === ask.fresh);
  }

  function filter(rows) {
    const ask = { q: "", ...Object.fromEntries(new FormData(form)) };
    let shown = 0;
    rows.forEach((row) => {
      row.hidden = !wanted(row, ask);
      shown += !row.hidden;
    });
    const noun = table.dataset.noun || "model", all = rows.length;
    byId("count").textContent = shown === all
      ? `${all} ${noun}${all === 1 ? "" : "s"}` : `${shown} of ${all} ${noun}s`;
    const said = new URLSearchParams(Object.entries(ask).filter(([, value]) => value)).toString();
    history.replaceState(null, "", said ? `#${said}` : location.pathname);
  }

  function compared(name, down) {
    const sign = down ? -1 : 1;
    return (x, y) => {
      const a = x.dataset[name], b = y.dataset[name];
      if (a === "" || b === "") return (a === "") - (b === "");
      return sign * (NUMBERS.has(name) ? Number(a) - Number(b) : a.localeCompare(b));
    };
  }

  function sortBy(head, rows) {
    const name = head.dataset.sort, before = head.getAttribute("aria-sort");
    const down = before ? before === "ascending" : REVERSED.has(name);
    table.querySelectorAll("[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    rows.sort(compared(name, down));
    table.tBodies[0].append(...rows);
  }

  function lists() {
    const rows = [...table.tBodies[0].rows];
    form.hidden = false;
    new URLSearchParams(location.hash.slice(1)).forEach((value, name) => {
      if (form.elements[name]) form.elements[name].value = value;
    });
    form.addEventListener("input", () => filter(rows));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => filter(rows)));
    table.querySelectorAll("th[data-sort]").forEach((head) => {
      const button = make("button", "", { class: "sorter", type: "button" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sortBy(head, rows));
    });
    if (location.hash) filter(rows);
  }

  // ---- other traffic: exact decimals, as the page itself was calculated
  const DIGITS = 24, ONE = 10n ** BigInt(DIGITS), CENT = ONE / 100n;

  function exact(text) {
    const [whole, part] = `${text}.`.split(".");
    return BigInt(whole || "0") * ONE + BigInt(part.padEnd(DIGITS, "0").slice(0, DIGITS) || "0");
  }

  const commas = (number) => number.toString().replace(/\B(?=(\d{3})+$)/g, ",");

  function money(usd) {
    if (usd === 0n) return "free";
    if (usd >= 100n * ONE) return `$${commas((usd + ONE / 2n) / ONE)}`;
    if (2n * usd < CENT) return "under $0.01";
    const cents = (2n * usd + CENT) / (2n * CENT);
    return `$${cents / 100n}.${String(cents % 100n).padStart(2, "0")}`;
  }

  function tenths(low, high) {
    const found = (2000n * (high - low) + high) / (2n * high);
    return `${found / 10n}.${found % 10n}%`;
  }

  // the paid offers that may set a cost: side, name, then what is billed per million tokens in and out
  const offers = (section) =>
    JSON.parse(section.dataset.offers).map(([seat, name, ...prices]) => ({ seat, name, prices }));

  const month = (offer, millions) =>
    offer.prices.reduce((usd, price, at) => usd + BigInt(millions[at]) * exact(price), 0n);

  function cheapest(found, seat, millions) {
    return found.filter((offer) => offer.seat === seat)
      .map((offer) => ({ ...offer, usd: month(offer, millions) }))
      .reduce((best, offer) => (best && best.usd <= offer.usd ? best : offer), null);
  }

  function fill(section, found, millions, names) {
    const costs = section.querySelector("table.cost");
    const row = (label) => [...costs.tBodies[0].rows].find((line) => line.cells[0].textContent === label);
    costs.tHead.rows[0].cells[0].textContent =
      `${commas(millions[0])}M input and ${commas(millions[1])}M output tokens a month`;
    const best = ["a", "b"].map((seat) => cheapest(found, seat, millions));
    best.forEach((offer, at) => {
      if (!offer) return;
      row("Cost of a month").cells[at + 1].textContent = money(offer.usd);
      row("Cheapest standard offer").cells[at + 1].textContent = offer.name;
      row("Calculation").cells[at + 1].textContent =
        offer.prices.map((price, at) => `${millions[at]} × $${price}`).join(" + ");
    });
    difference(section.querySelector("table.gap"), best, names);
    return best.map((offer, at) => `${names[at]} ${row("Cost of a month").cells[at + 1].textContent}`);
  }

  // where the page tells no difference there is none at other traffic; a model without a paid offer is free
  function difference(gap, best, names) {
    if (gap.tBodies[0].dataset.untold) return;
    const [x, y] = best.map((offer) => (offer ? offer.usd : 0n)), [low, high] = x < y ? [x, y] : [y, x];
    const lines = high === 0n ? [["Per month", "unknown"], ["Why", "both are free"]] : [
      ["Per month", high === low ? "$0" : money(high - low)],
      ["Cheaper", high === low ? "neither" : names[x < y ? 0 : 1]],
      ["Cheaper by", tenths(low, high)],
    ];
    gap.tBodies[0].replaceChildren(...lines.map(([label, text]) => {
      const row = make("tr");
      row.append(make("th", label, { scope: "row" }), make("td", text));
      return row;
    }));
  }

  function field(text, name, value) {
    const label = make("label", text);
    const marks = { type: "number", name, min: "0", max: "1000000000", step: "1", inputmode: "numeric", value };
    label.append(make("input", "", marks));
    return label;
  }

  function traffic(section) {
    const usual = [section.dataset.inputMtok, section.dataset.outputMtok];
    const asked = new URLSearchParams(location.search);
    const found = offers(section);
    const heads = section.querySelector("table.cost").tHead.rows[0].cells;
    const names = [heads[1].textContent, heads[2].textContent];
    const gap = section.querySelector("table.gap").tBodies[0];
    if (gap.rows[0].cells[1].textContent === "unknown") gap.dataset.untold = "yes";
    const whole = (text, otherwise) => (/^\d{1,10}$/.test(text || "") ? String(BigInt(text)) : otherwise);
    const ask = make("form", "", { class: "traffic", "aria-label": "Traffic" });
    const told = make("output", "", { "aria-live": "polite" });
    const reset = make("button", "Default", { type: "reset" });
    ask.append(field("Input, million tokens a month", "input", usual[0]),
      field("Output, million tokens a month", "output", usual[1]), reset, told);
    section.querySelector("h2").after(ask);
    const update = () => {
      const millions = ["input", "output"].map((name, at) => whole(ask.elements[name].value, usual[at]));
      const costs = fill(section, found, millions, names);
      const other = millions.join() !== usual.join();
      told.textContent = other
        ? `${costs.join(", ")}. Sentences on this page are written for ${usual[0]}M and ${usual[1]}M.` : "";
    };
    ask.addEventListener("input", update);
    ask.addEventListener("submit", (event) => event.preventDefault());
    ask.addEventListener("reset", () => setTimeout(update));
    if (asked.has("input") || asked.has("output")) {
      ["input", "output"].forEach((name, at) => {
        ask.elements[name].value = whole(asked.get(name), usual[at]);
      });
      update();
    }
  }

  // ---- a link into a folded part opens it
  function reveal() {
    const target = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
    for (let up = target && target.parentElement; up; up = up.parentElement) {
      if (up.tagName === "DETAILS") up.open = true;
    }
    if (target) target.scrollIntoView();
  }

  if (form && table) lists();
  const cost = byId("cost");
  if (cost && cost.dataset.inputMtok) traffic(cost);
  if (!form) {
    addEventListener("hashchange", reveal);
    reveal();
  }
  const contents = document.querySelector(".contents");
  if (contents && matchMedia("(max-width: 70rem)").matches) contents.open = false;
})();
