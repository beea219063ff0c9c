function render({ model, el }) {
  const { controls, body, words, say } = frame(el, model);
  words.classList.add("opat-sees");
  const [size, deepest, networks] = ["size", "deepest", "networks"].map((name) => model.get(name));
  const [least, shares] = [model.get("least"), model.get("shares")];
  const change = setter(model);
  const map = sightMap({ model, size, say, kind: (n) => kind(model.get("network"), n) });
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
      h("div", { class: "opat-field" }, map.el, map.legend),
      h("fieldset", { class: "opat-nets" }, h("legend", {}, "Network"), ...choices)),
  );
  for (const name of ["network", "depth", "pixel"]) model.on(`change:${name}`, draw);
  draw();

  // The library computed the least depth at which a pixel sees another.
  function kind(network, n) {
    const [row, col] = model.get("pixel");
    const target = row * size + col;
    if (n >= target) return n === target ? "target" : "future";
    const depth = Number(least[network][(target * (target - 1)) / 2 + n]);
    return depth && depth <= model.get("depth") ? "seen" : "unseen";
  }

  function draw() {
    const [network, depth, [row, col]] = ["network", "depth", "pixel"].map((name) => model.get(name));
    networks.forEach((name, index) => {
      const kinds = minis[index].map((_, n) => kind(name, n));
      minis[index].forEach((mini, n) => (mini.dataset.kind = kinds[n]));
      const seen = kinds.filter((one) => one === "seen").length;
      counts[index].textContent = `${seen} of ${row * size + col}`;
    });
    const layers = depth > 1 ? "layers" : "layer";
    const all = `Of all pairs of a pixel and one before it: ${shares[network][depth - 1]}%.`;
    map.draw((sees) => `${network}, ${depth} ${layers} after the first: ${sees} ${all}`);
  }
}

export default { render };
