// Filters and sorting for the lists, other traffic for comparisons, any two models side by side. Every page is complete without this.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const make = (tag, text, marks) => {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    Object.entries(marks || {}).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  };

  // what a list or the picker needs lies beside the page as a script, so that it also loads from a disk
  function load(url, name, then) {
    window[name] = then;
    document.head.append(make("script", "", { src: url }));
  }

  // filters, order and traffic stand in the address: reloaded or sent on, it shows the same
  function note(values) {
    const said = new URLSearchParams(values.filter(([, value]) => value)).toString();
    history.replaceState(null, "", `${location.pathname}${said ? `?${said}` : ""}${location.hash}`);
  }

  // ---- lists
  const REVERSED = new Set(["released", "context", "offers", "reviewed"]);
  const NUMBERS = new Set(["context", "input", "output", "offers"]);
  const STEP = 300;
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

  function compared(name, down) {
    const sign = down ? -1 : 1;
    return (x, y) => {
      const a = x.dataset[name], b = y.dataset[name];
      if (a === "" || b === "") return (a === "") - (b === "");
      return sign * (NUMBERS.has(name) ? Number(a) - Number(b) : a.localeCompare(b));
    };
  }

  function lists() {
    const all = Number(table.dataset.total), body = table.tBodies[0];
    const noun = table.dataset.noun || "model", pager = document.querySelector(".pager");
    const heads = [...table.querySelectorAll("th[data-sort]")];
    const more = make("button", "", { type: "button", class: "more" });
    let rows = form.dataset.rows ? null : [...body.rows], order = "", shown = STEP;
    form.hidden = false;
    table.parentElement.after(more);
    more.hidden = true;

    function draw() {
      const ask = { q: "", ...Object.fromEntries(new FormData(form)) };
      const found = rows.filter((row) => wanted(row, ask));
      const name = order.replace(/^-/, "");
      if (name) found.sort(compared(name, order !== name));
      body.replaceChildren(...found.slice(0, shown));
      more.hidden = found.length <= shown;
      more.textContent = `Show ${Math.min(STEP, found.length - shown)} more`;
      if (pager) pager.hidden = true;
      byId("count").textContent = found.length === all
        ? `${all} ${noun}${all === 1 ? "" : "s"}` : `${found.length} of ${all} ${noun}s`;
      heads.forEach((head) => {
        if (name === head.dataset.sort) head.setAttribute("aria-sort", order === name ? "ascending" : "descending");
        else if (name) head.removeAttribute("aria-sort");
      });
      const price = form.elements.price;
      if (price) price.setCustomValidity(Number(price.value) < 0 ? "A price is not below zero." : "");
      if (price && !price.checkValidity()) byId("count").textContent = price.validationMessage;
      note([...Object.entries(ask), ["sort", order]]);
    }

    function update() {
      if (rows) return draw();
      return load(form.dataset.rows, "cardwatchRows", (texts) => {
        const made = make("template");
        made.innerHTML = texts.join("");
        rows = [...made.content.children];
        draw();
      });
    }

    const asked = new URLSearchParams(location.search);
    asked.forEach((value, name) => {
      if (form.elements[name]) form.elements[name].value = value;
    });
    order = heads.some((head) => head.dataset.sort === (asked.get("sort") || "").replace(/^-/, ""))
      ? asked.get("sort") : "";
    form.addEventListener("input", () => {
      shown = STEP;
      update();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(update));
    more.addEventListener("click", () => {
      shown += STEP;
      update();
    });
    heads.forEach((head) => {
      const button = make("button", "", { class: "sorter", type: "button" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const name = head.dataset.sort, before = head.getAttribute("aria-sort");
        order = (before ? before === "ascending" : REVERSED.has(name)) ? `-${name}` : name;
        update();
      });
    });
    if (location.search) update();
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

  const withCents = (price) => (/^(?!0?\.0)\d*\.\d$/.test(price) ? `${price}0` : price);

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
        offer.prices.map((price, at) => `${millions[at]} × $${withCents(price)}`).join(" + ");
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
    const ask = make("form", "", { class: "traffic", "aria-label": "Traffic" });
    const told = make("output", "", { "aria-live": "polite" });
    ask.append(field("Input, million tokens a month", "input", usual[0]),
      field("Output, million tokens a month", "output", usual[1]), make("button", "Default", { type: "reset" }), told);
    section.querySelector("h2").after(ask);
    const update = () => {
      const given = ["input", "output"].map((name) => ask.elements[name]);
      const bad = given.find((input) => !/^\d{1,10}$/.test(input.value));
      if (bad) {
        told.textContent = `Wanted a whole number of million tokens from 0 to 1,000,000,000, found “${bad.value || "nothing"}”.`;
        return;
      }
      const millions = given.map((input) => String(BigInt(input.value)));
      const costs = fill(section, found, millions, names);
      const other = millions.join() !== usual.join();
      const written = section.dataset.sentences
        ? ` Sentences on this page are written for ${usual[0]}M and ${usual[1]}M.` : "";
      told.textContent = other ? `${costs.join(", ")}.${written}` : "";
      ["input", "output"].forEach((name, at) => (other ? asked.set(name, millions[at]) : asked.delete(name)));
      note([...asked]);
    };
    ask.addEventListener("input", update);
    ask.addEventListener("submit", (event) => event.preventDefault());
    ask.addEventListener("reset", () => setTimeout(update));
    if (asked.has("input") || asked.has("output")) {
      ["input", "output"].forEach((name, at) => {
        const said = asked.get(name) ?? usual[at];
        ask.elements[name].type = /^\d{1,10}$/.test(said) ? "number" : "text";
        ask.elements[name].value = said;
      });
      update();
    }
  }

  // ---- any two models: what each says alone, side by side, and the cost by multiplication
  const home = (base, folder, file) => new URL(folder + file, base).href;

  function suggest(form, base, then) {
    load(home(base, "", "models.js"), "cardwatchModels", (models) => {
      byId("all-models").replaceChildren(...models.map(([id, name]) => make("option", name, { value: id })));
      then((text) => {
        const asked = text.trim().toLowerCase();
        const named = models.filter(([id, name]) => id === asked || name.toLowerCase() === asked);
        return named.length === 1 ? named[0] : models.find(([id]) => id === asked);
      });
    });
  }

  function picker(form) {
    const base = new URL(form.dataset.root || ".", location.href), said = form.querySelector("output");
    form.hidden = false;
    let find = null;
    const ready = (then) => (find ? then() : suggest(form, base, (made) => {
      find = made;
      then();
    }));
    form.addEventListener("focusin", () => ready(() => {}), { once: true });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ready(() => {
        const asked = [form.dataset.first || form.elements.a.value, form.elements.b.value];
        const missing = asked.find((text) => !find(text));
        if (missing !== undefined) {
          said.textContent = missing ? `No model has the name or id “${missing}”.` : "Name two models.";
          return;
        }
        const [a, b] = asked.map((text) => find(text)[0]);
        location.href = `${home(base, "compare/", "index.html")}?${new URLSearchParams({ a, b })}`;
      });
    });
  }

  function tabulate(kind, head, rows) {
    const made = make("table", "", { class: kind }), line = make("tr");
    line.append(...head.map((text) => make("th", text, { scope: "col" })));
    made.append(make("thead"), make("tbody"));
    made.tHead.append(line);
    rows.forEach(([label, ...cells]) => {
      const row = make("tr");
      row.append(make("th", label, { scope: "row" }),
        ...cells.map((text) => make("td", text, text === "unknown" ? { class: "unknown" } : {})));
      made.tBodies[0].append(row);
    });
    const scroll = make("div", "", { class: "scroll", tabindex: "0", role: "region", "aria-label": head[0] });
    scroll.append(made);
    return scroll;
  }

  function titled(id, title, ...content) {
    const section = make("section", "", { id, "aria-labelledby": `${id}-title` });
    section.append(make("h2", title, { id: `${id}-title` }), ...content);
    return section;
  }

  function costs(data, sides) {
    const known = sides.map((side) => side.cost.state === "known");
    const show = (side, text) => (side.cost.state === "known" ? text : side.cost.display);
    const row = (label, text) => [label, ...sides.map((side) => show(side, text(side)))];
    const table = tabulate("cost", ["A month", ...sides.map((side) => side.model.name)], [
      row("Cost of a month", (side) => side.cost.display),
      row("Cheapest standard offer", (side) => side.cost.route),
      row("Calculation", () => ""),
    ]);
    const gap = tabulate("gap", ["Difference", "Value"], known.every(Boolean)
      ? [["Per month", ""]] : [["Per month", "unknown"], ["Why", "a cost is unknown"]]);
    const section = titled("cost", "Monthly cost", table, gap);
    const paid = sides.flatMap((side, at) => side.paid_offers.map((offer) => ["ab"[at], ...offer]));
    Object.assign(section.dataset, { ...data, offers: JSON.stringify(paid) });
    return section;
  }

  function sideBySide(sides, folders) {
    const head = (first) => [first, ...sides.map((side) => side.model.name)];
    const own = sides.map((side) => new Map(side.facts.filter((fact) => !fact.offer)
      .map((fact) => [`${fact.label}${JSON.stringify(fact.qualifier)}`, fact])));
    const keys = [...new Set(own.flatMap((facts) => [...facts.keys()]))];
    const label = (key) => own.map((facts) => facts.get(key)).find(Boolean).label;
    const facts = keys.map((key) => [label(key), ...own.map((facts) => facts.get(key)?.display ?? "unknown")]);
    const price = (offer) => ["input_price", "output_price"]
      .map((name) => (offer[name] === null ? "unknown" : offer[name] === "0" ? "free" : `$${offer[name]}`)).join(" / ");
    const offered = sides.flatMap((side) => side.offers.filter((offer) => offer.listed)
      .map((offer) => [offer.name, side.model.name, price(offer), offer.reviewed_on || "unknown"]));
    return [
      titled("facts", "Facts", tabulate("facts", head("Fact"), [
        ["Fit", ...sides.map((side) => side.tags.join(", ") || "unknown")],
        ["Best for", ...sides.map((side) => side.best_for.join(", ") || "unknown")], ...facts])),
      titled("offers", "Offers", tabulate("offers", ["Provider", "Model", "Input / output per 1M", "Reviewed"], offered)),
    ];
  }

  async function anyPair(place) {
    const asked = new URLSearchParams(location.search), base = new URL("..", location.href);
    const say = (text) => place.replaceChildren(make("h1", "Comparison"), make("p", text, { class: "notice" }));
    place.hidden = false;
    const list = document.querySelector("#any-pair ~ h1");
    list.replaceWith(make("h2", list.textContent));
    suggest(null, base, async (find) => {
      const found = ["a", "b"].map((seat) => find(asked.get(seat) || ""));
      const at = found.findIndex((model) => !model);
      if (at >= 0) return say(`No model has the name or id “${asked.get("ab"[at]) || ""}”.`);
      if (found[0] === found[1]) return say(`${found[0][1]} and ${found[1][1]} are the same model.`);
      const line = `cardwatch compare ${found[0][0]} ${found[1][0]}`;
      const read = async (model, file) => (await fetch(home(base, model[2], file))).json();
      try {
        const kept = (await read(found[0], "kept.json"))[found[1][0]];
        if (kept) return location.replace(home(base, "", kept) + location.search.replace(/[?&][ab]=[^&]*/g, ""));
        const sides = await Promise.all(found.map((model) => read(model, "part.json")));
        const names = sides.map((side) => side.model.name);
        const intro = make("p", "Each model's own facts; a verdict is kept for the pairs in the list below, and made by ", { class: "lead" });
        intro.append(make("code", line), ".");
        const links = make("p");
        found.forEach((model) => links.append(make("a", model[1], { href: home(base, model[2], "index.html") }), " "));
        const jobs = new Set(sides.map((side) => side.job));
        const apart = jobs.size === 2 && !jobs.has(null);
        const cost = apart ? titled("cost", "Monthly cost", make("p", "They are made for different jobs; a cost in common does not apply."))
          : costs(place.dataset, sides);
        place.replaceChildren(make("h1", names.join(" vs ")), intro, links, cost, ...sideBySide(sides, found));
        document.title = `${names.join(" vs ")} · Cardwatch`;
        if (!apart) traffic(cost);
        if (!apart) cost.querySelector("form").dispatchEvent(new Event("input"));
        return undefined;
      } catch (error) {
        return say(`This needs a web server and both models' files (${error.message}). On your machine: ${line}`);
      }
    });
  }

  // ---- a link into a folded part opens it
  function reveal() {
    const target = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
    for (let up = target && target.parentElement; up; up = up.parentElement) {
      if (up.tagName === "DETAILS") up.open = true;
    }
    if (target) target.scrollIntoView();
  }

  const pair = byId("any-pair"), pairAsked = pair && /[?&][ab]=/.test(location.search);
  if (pairAsked) anyPair(pair);
  else if (form && table) lists();
  document.querySelectorAll("form.picker").forEach(picker);
  const cost = byId("cost");
  if (cost && cost.dataset.inputMtok) traffic(cost);
  if (!form) {
    addEventListener("hashchange", reveal);
    reveal();
  }
  const contents = document.querySelector(".contents");
  if (contents && matchMedia("(max-width: 70rem)").matches) contents.open = false;
})();
