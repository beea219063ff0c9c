function render({ model, el }) {
  const { controls, body, say } = frame(el, model);
  const [, cols, colours] = model.get("shape");
  const change = setter(model);
  const said = h("p", { class: "opat-said" });
  const { maps, panels, count, number, place } = valueMaps(model.get("shape"), {
    enter: tell,
    leave: () => say(summary),
    press: (...target) => change("target", target),
  });
  const names = { seen: "seen", unseen: "past but unseen", leak: "leak", future: "future" };
  controls.append(list({
    label: "Network with", value: model.get("net"),
    options: model.get("nets"),
    change: (net) => change("net", net),
  }));
  const field = h("div", { class: "opat-panels opat-maps" }, ...panels, legend(names, "target"));
  body.append(said, field);
  model.on("change:net", draw);
  model.on("change:target", draw);
  let seen, summary;
  draw();

  // What source is to the target: who comes later is no past.
  function kind(source) {
    const target = number(...model.get("target"));
    const yes = seen.at(target * count + source);
    return source < target ? (yes ? "seen" : "unseen") : yes ? "leak" : "future";
  }

  function tell(row, col, colour) {
    const n = number(row, col, colour);
    const is = kind(n);
    const self = is === "leak" ? "the target, which sees itself" : "the target";
    const what = n === number(...model.get("target")) ? self : names[is];
    say(`${capital(place(row, col, colour))}: ${what}.`);
  }

  function draw() {
    const [row, col, colour] = model.get("target");
    const target = number(row, col, colour);
    const counts = { seen: 0, unseen: 0, leak: 0, future: 0 };
    const found = model.get("found")[model.get("net")];
    said.textContent = found.said;
    seen = bits(found.seen);
    for (let n = 0; n < count; n++) {
      const [pixel, k] = placeOf(n, colours);
      const is = kind(n);
      counts[is] += 1;
      showKind(maps[k], ...placeOf(pixel, cols), n === target ? "target" : is, names);
      if (n === target && is === "leak") maps[k].set(row, col, { "data-kind": "leak" });
    }
    const leaks = counts.leak ? `${counts.leak} leak${counts.leak > 1 ? "s" : ""}` : "no leak";
    const sees = `it sees ${counts.seen} of the ${target} values before it`;
    summary = `Target ${place(row, col, colour)}: ${sees}; ${leaks}.`;
    say(summary);
  }
}

export default { render };
