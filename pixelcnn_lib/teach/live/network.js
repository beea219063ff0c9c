function render({ model, el }) {
  const { body, say } = frame(el, model);
  const [, cols, colours] = model.get("shape");
  const parts = model.get("parts");
  const change = setter(model);
  const names = { seen: "seen", unseen: "past but unseen", future: "future" };
  const flow = grid({
    rows: parts.length, cols: 1, label: "The parts of the network, from image to logits",
    enter: (row) => say(`${capital(parts[row].name)}: ${parts[row].makes}. ${parts[row].says}`),
    leave: () => say(summary),
    press: (row) => change("part", row),
  });
  const { maps, panels, count, number, place } = valueMaps(model.get("shape"), {
    enter: tell,
    leave: () => say(summary),
    press: (...target) => change("target", target),
  });
  const facts = h("div", { class: "opat-facts" });
  const [living, dead] = [3, 4].map((column) =>
    parts.flatMap((part) => part.rows).reduce((sum, row) => sum + row[column], 0));
  parts.forEach(box);
  flow.el.classList.add("opat-flow");
  body.append(h("div", { class: "opat-network" }, flow.el, facts,
    h("div", { class: "opat-views" }, ...panels, legend(names, "target"))));
  model.on("change:part", draw);
  model.on("change:target", draw);
  let seen, summary;
  draw();

  function box(part, row) {
    const line = flow.el.children[row];
    line.dataset.part = part.kind;
    line.firstChild.append(h("b", {}, part.name), " ", h("span", {}, part.makes));
  }

  // What source is to the target after the part; in the image, a place holds its own value.
  function kind(source, target) {
    if (source === target) return "target";
    if (source > target) return "future";
    return seen.at((target * (target - 1)) / 2 + source) ? "seen" : "unseen";
  }

  function tell(row, col, colour) {
    const is = kind(number(row, col, colour), number(...model.get("target")));
    say(`${capital(place(row, col, colour))}: ${names[is] ?? "the target"}.`);
  }

  function draw() {
    const [row, col, colour] = model.get("target");
    const [target, chosen] = [number(row, col, colour), parts[model.get("part")]];
    seen = bits(model.get("fields")[chosen.masks]);
    parts.forEach((part, index) =>
      flow.set(index, 0, { "aria-selected": String(part === chosen) }));
    let found = 0;
    for (let n = 0; n < count; n++) {
      const [pixel, k] = placeOf(n, colours);
      const is = kind(n, target);
      found += is === "seen";
      showKind(maps[k], ...placeOf(pixel, cols), is, names);
    }
    facts.replaceChildren(...describe(chosen));
    const sees = `sees ${found} of the ${target} values before it.`;
    summary = `After ${chosen.name}, ${place(row, col, colour)} ${sees}`;
    if (chosen.kind === "image")
      summary = `In the image, ${place(row, col, colour)} is only itself: its own level.`;
    say(summary);
  }

  function describe(part) {
    const cells = (tag, all) => all.map((one) => h(tag, tag === "th" ? { scope: "col" } : {}, one));
    const lines = part.rows.map(([name, from, to, ...weights]) => h("tr", {},
      ...cells("td", [name, `${from} → ${to}`, ...weights.map((one) => one.toLocaleString("en"))])));
    const table = h("table", {},
      h("thead", {}, h("tr", {}, ...cells("th", ["layer", "features", "living weights", "dead"]))),
      h("tbody", {}, ...lines));
    const [alive, zero] = [living, dead].map((one) => one.toLocaleString("en"));
    const all = `Whole network: ${alive} living weights, ${zero} dead.`;
    return [
      h("p", { class: "opat-name" }, `${capital(part.name)}: gives ${part.out}`),
      h("p", {}, part.says), ...(lines.length ? [table] : []),
      h("p", { class: "opat-whole" }, all),
    ];
  }
}

export default { render };
