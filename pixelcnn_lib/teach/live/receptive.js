function render({ model, el }) {
  const { controls, body, say } = frame(el, model);
  const [size, reach] = [model.get("size"), model.get("reach")];
  const change = setter(model);
  const map = sightMap({ model, size, say, kind });
  controls.append(
    slider({
      label: "Blocks", min: 0, max: 13, value: model.get("depth"),
      input: (depth) => change("depth", depth),
    }),
  );
  body.append(
    h("div", { class: "opat-field" }, map.el),
    h("div", { class: "opat-keys" }, map.legend, map.pad(() => model.get("pixel"))),
  );
  for (const name of ["depth", "pixel"]) model.on(`change:${name}`, draw);
  let seen;
  draw();

  // The library computed what a pixel sees far from any border: its window is laid over the image.
  function kind(n) {
    const [[row, col], [r, c]] = [placeOf(n, size), model.get("pixel")];
    const [up, side] = [row - r + reach, col - c + reach];
    const inside = up >= 0 && up <= reach && side >= 0 && side <= 2 * reach;
    if (row === r && col === c) return "target";
    if (inside && seen.at(up * (2 * reach + 1) + side)) return "seen";
    return row < r || (row === r && col < c) ? "unseen" : "future";
  }

  function draw() {
    const depth = model.get("depth");
    seen = bits(model.get("windows")[depth]);
    const all = `Of all pairs of a pixel and one before it: ${model.get("shares")[depth]}%.`;
    map.draw((sees) => `${capital(sees)} ${all}`);
  }
}

export default { render };
