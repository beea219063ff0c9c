function render({ model, el }) {
  const { controls, body, words, say } = frame(el, model);
  words.classList.add("opat-sees");
  const [size, deepest, networks] = ["size", "deepest", "networks"].map((name) => model.get(name));
  const [least, shares] = [model.get("least"), model.get("shares")];
  const change = setter(model);
  const STATE = ["network", "depth", "pixel"];
  const names = { seen: "seen", unseen: "past but unseen", future: "future" };
  const map = grid({
    rows: size, cols: size, label: "The pixels of an image", drag: true,
    enter: tell,
    leave: () => say(summary),
    press: (row, col) => change("pixel", [row, col]),
  });
  const layers = slider({
    label: "Layers after the first", min: 1, max: deepest, value: model.get("depth"),
    input: (depth) => change("depth", depth),
  });
  const minis = networks.map(() => Array.from({ length: size * size }, () => h("span")));
  const counts = networks.map(() => h("span", { class: "opat-count" }));
  const id = newId();
  const choices = networks.map((name, index) => {
    const checked = name === model.get("network");
    const onchange = () => change("network", name);
    const input = h("input", { type: "radio", name: id, checked, onchange });
    const mini = h("span", { class: "opat-mini", style: `--cols: ${size}`, "aria-hidden": "true" });
    mini.append(...minis[index]);
    return h("label", { class: "opat-net" }, h("span", {}, input, " ", name), mini, counts[index]);
  });
  controls.append(layers);
  body.append(
    h("div", { class: "opat-sight" },
      h("div", { class: "opat-field" }, map.el, legend(names, "target")),
      h("fieldset", { class: "opat-nets" }, h("legend", {}, "Network"), ...choices)),
  );
  for (const name of STATE) model.on(`change:${name}`, draw);
  let summary;
  draw();

  // The library computed the least depth at which a pixel sees another.
  function kind(network, n) {
    const [row, col] = model.get("pixel");
    const target = row * size + col;
    if (n >= target) return n === target ? "target" : "future";
    const depth = Number(least[network][(target * (target - 1)) / 2 + n]);
    return depth && depth <= model.get("depth") ? "seen" : "unseen";
  }

  function tell(row, col) {
    const is = kind(model.get("network"), row * size + col);
    say(`Row ${row}, column ${col}: ${names[is] ?? is}.`);
  }

  function draw() {
    const [network, depth, [row, col]] = STATE.map((name) => model.get(name));
    const past = row * size + col;
    let found = 0;
    networks.forEach((name, index) => {
      const kinds = minis[index].map((_, n) => kind(name, n));
      minis[index].forEach((mini, n) => (mini.dataset.kind = kinds[n]));
      const seen = kinds.filter((one) => one === "seen").length;
      counts[index].textContent = `${seen} of ${past}`;
      if (name === network) found = seen;
    });
    for (let n = 0; n < size * size; n++) {
      const [r, c] = placeOf(n, size);
      showKind(map, r, c, kind(network, n), names);
    }
    const share = past ? `, ${Math.round((100 * found) / past)}%` : "";
    summary =
      `${network}, ${depth} ${depth > 1 ? "layers" : "layer"} after the first: row ${row}, column ` +
      `${col} sees ${found} of the ${past} pixels before it${share}. Of all pairs of a pixel and ` +
      `one before it: ${shares[network][depth - 1]}%.`;
    say(summary);
  }
}

export default { render };
