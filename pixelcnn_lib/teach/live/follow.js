function render({ model, el }) {
  const { controls, body, words, say } = frame(el, model);
  const LOOKS = ["future", "seen", "unseen", "leak"]; // the kinds of masks.py, in its order
  const PIXELS = ["left", "middle", "right"];
  const MEANS = ["hidden", "reaches the target", "comes before the target, but has no path", "leak"];
  const NUMBERS = [...Array(9).keys()];
  const change = setter(model);
  const state = () => model.get("states")[model.get("masks")];
  const joins = (layer, above, below) => state().layers[layer][above][below] === "1";
  const kind = (value) => Number(state().kinds[model.get("target")][value]);
  const leaks = (value) => LOOKS[kind(value)] === "leak";
  const name = (n) => `the ${PIXELS[Math.floor(n / 3)]} pixel's ${COLOURS[n % 3]}`;

  words.classList.add("opat-paths");
  controls.append(choice({
    label: "Masks of the two layers", value: model.get("masks"),
    options: model.get("options").map((one) => [one, one]),
    change: (masks) => change("masks", masks),
  }));
  const label = "Predictions, features and values of three pixels";
  const view = grid({ rows: 3, cols: 9, label, press });
  view.el.classList.add("opat-follow");
  const lines = [...view.el.querySelectorAll(".opat-row")];
  const side = (text = "") => h("span", { class: "opat-side", "aria-hidden": "true" }, text);
  ["predictions", "features", "image"].forEach((text, row) => lines[row].append(side(text)));
  const gaps = [1, 0].map((layer, row) => { // layer 2 lies below the top row
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const gap = { note: side(), svg, layer };
    lines[row].after(h("div", { class: "opat-arrows", "aria-hidden": "true" }, svg, gap.note));
    return gap;
  });
  const titles = PIXELS.map((one) => h("span", {}, one));
  titles.push(side("pixel"));
  view.el.append(h("div", { class: "opat-pixel-names", "aria-hidden": "true" }, ...titles));
  const names = { seen: "on a path", unseen: "earlier, no path", future: "hidden", leak: "leak" };
  body.append(view.el, legend(names, "target"));
  for (const one of ["masks", "target", "chosen"]) model.on(`change:${one}`, draw);
  new ResizeObserver(draw).observe(view.el);
  draw();

  function press(row, n) {
    const [at, chosen] = model.get("chosen");
    if (row === 0) model.set("target", n);
    change("chosen", row === 0 || (at === row && chosen === n) ? [] : [row, n]);
  }

  // The paths to the target: pairs of a value and the feature through which it comes.
  function paths() {
    const [at, chosen] = model.get("chosen");
    const all = NUMBERS.flatMap((value) => NUMBERS.map((feature) => ({ value, feature })));
    return all.filter(({ value, feature }) =>
      joins(1, model.get("target"), feature) && joins(0, feature, value) &&
        (at !== 1 || feature === chosen) && (at !== 2 || value === chosen));
  }

  function draw() {
    const target = model.get("target");
    const [at, chosen] = model.get("chosen");
    const shown = paths();
    for (const n of NUMBERS) {
      const [letter, color] = [LETTERS[n % 3], { "data-colour": LETTERS[n % 3] }];
      const through = shown.filter((path) => path.feature === n);
      const look = through.length && (through.some((path) => leaks(path.value)) ? "leak" : "seen");
      const is = n === target ? "the target" : "choose it as the target";
      view.set(0, n, {
        ...color, "data-kind": n === target && "target",
        "aria-label": `Prediction of ${name(n)}: ${is}`,
      }, letter);
      view.set(1, n, {
        ...color, "data-kind": look || false, "data-chosen": at === 1 && chosen === n,
        "aria-label": `${capital(name(n))} features: on ${look ? "a" : "no"} path shown`,
      }, letter);
      view.set(2, n, {
        ...color, "data-kind": LOOKS[kind(n)], "data-chosen": at === 2 && chosen === n,
        "aria-label": `${capital(name(n))}: ${MEANS[kind(n)]}`,
      }, letter);
    }
    const masks = model.get("masks").split(", then ");
    for (const { note, svg, layer } of gaps) {
      note.textContent = `layer ${layer + 1}: ${masks[1] ? `mask ${masks[layer]}` : masks[0]}`;
      arrows(svg, layer === 1
        ? shown.map((path) => [path.feature, target, leaks(path.value)])
        : shown.map((path) => [path.value, path.feature, leaks(path.value)]));
    }
    say(tell(shown));
  }

  // Draw each [from, to, leaks] once, from the bottom of the gap to its top; leaks come last.
  function arrows(svg, all) {
    const { width, height } = svg.getBoundingClientRect();
    const middle = (n) => ((n + 0.5 + [0.06, 0, -0.06][n % 3]) * width) / 9;
    const once = new Map(all.sort((a, b) => a[2] - b[2]).map((one) => [`${one[0]} ${one[1]}`, one]));
    svg.setAttribute("viewBox", `0 0 ${width || 1} ${height || 1}`);
    svg.replaceChildren(...[...once.values()].map(([from, to, leaking]) => {
      const [x1, y1, x2, y2] = [middle(from), height - 3, middle(to), 4];
      const angle = Math.atan2(y2 - y1, x2 - x1);
      const barb = (turn) =>
        `M${x2} ${y2}L${x2 - 8 * Math.cos(angle + turn)} ${y2 - 8 * Math.sin(angle + turn)}`;
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", `M${x1} ${y1}L${x2} ${y2}${barb(0.4)}${barb(-0.4)}`);
      path.setAttribute("class", leaking ? "opat-leaking" : `opat-ink-${COLOURS[from % 3]}`);
      return path;
    }));
  }

  function tell(shown) {
    const target = model.get("target");
    const [at, chosen] = model.get("chosen");
    if (at === 2) {
      const by = shown.map((path) => path.feature);
      const start = capital(name(chosen));
      if (by.length) {
        const many = by.length === 1 ? "one path" : `${by.length} paths`;
        const verdict = leaks(chosen) ? " That is a leak." : "";
        return `${start} reaches the target by ${many}: through ${listed(by, " features")}.${verdict}`;
      }
      const why = chosen === target ? "it is the value to be predicted"
        : chosen > target ? "it comes after the target" : "although it comes before the target";
      return `${start} has no path to the target: ${why}.`;
    }
    if (at === 1) {
      const holds = NUMBERS.filter((value) => joins(0, chosen, value));
      const what = holds.length ? listed(holds) : "no value at all";
      const feeds = joins(1, target, chosen) ? "feed" : "do not feed";
      return `${capital(name(chosen))} features are computed from ${what}. They ${feeds} the target.`;
    }
    const of = (look) => NUMBERS.filter((value) => LOOKS[kind(value)] === look);
    const [seen, missing, leaking] = ["seen", "unseen", "leak"].map(of);
    const own = leaking.includes(target) ? ["itself"] : [];
    const later = leaking.filter((value) => value !== target);
    const wrong = [...own, ...(later.length ? [`${listed(later)}, which come later`] : [])];
    return [
      `Target: ${name(target)}. Paths lead to it from ${seen.length ? listed(seen) : "no earlier value"}.`,
      wrong.length ? `Leak: paths also lead from ${wrong.join(" and from ")}.` : "No leak.",
      missing.length ? `Missing: no path from ${listed(missing)}.` : "",
    ].join(" ").trim();
  }

  // "the left pixel's red and green, and the middle pixel's red"
  function listed(numbers, what = "") {
    const and = (parts) => [parts.slice(0, -1).join(", "), parts.at(-1)].filter(Boolean).join(" and ");
    const parts = PIXELS.map((pixel, index) => {
      const here = [...new Set(numbers)].filter((n) => Math.floor(n / 3) === index).sort();
      return here.length && `the ${pixel} pixel's ${and(here.map((n) => COLOURS[n % 3]))}${what}`;
    });
    return parts.filter(Boolean).join(", and ");
  }
}

export default { render };
