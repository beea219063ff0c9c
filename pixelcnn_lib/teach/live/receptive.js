function render({ model, el }) {
  const { controls, body, say } = frame(el, model);
  const [size, reach] = [model.get("size"), model.get("reach")];
  const change = setter(model);
  const names = { seen: "seen", unseen: "past but unseen", future: "future" };
  const map = grid({
    rows: size, cols: size, label: "The pixels of an image", drag: true,
    enter: tell,
    leave: () => say(summary),
    press: (row, col) => change("pixel", [row, col]),
  });
  controls.append(
    slider({
      label: "Blocks", min: 0, max: 13, value: model.get("depth"),
      input: (depth) => change("depth", depth),
    }),
  );
  const below = h("div", { class: "opat-keys" },
    legend(names, "target"), map.pad(() => model.get("pixel")));
  body.append(h("div", { class: "opat-field" }, map.el), below);
  for (const name of ["depth", "pixel"]) model.on(`change:${name}`, draw);
  let seen, summary;
  draw();

  // The library computed what a pixel sees far from any border: its window is laid over the image.
  function kind(row, col) {
    const [r, c] = model.get("pixel");
    const [up, side] = [row - r + reach, col - c + reach];
    const inside = up >= 0 && up <= reach && side >= 0 && side <= 2 * reach;
    if (row === r && col === c) return "target";
    if (inside && seen.at(up * (2 * reach + 1) + side)) return "seen";
    return row < r || (row === r && col < c) ? "unseen" : "future";
  }

  function tell(row, col) {
    const is = kind(row, col);
    say(`Row ${row}, column ${col}: ${names[is] ?? is}.`);
  }

  function draw() {
    const [depth, [row, col]] = ["depth", "pixel"].map((name) => model.get(name));
    seen = bits(model.get("windows")[depth]);
    let found = 0;
    for (let r = 0; r < size; r++)
      for (let c = 0; c < size; c++) {
        const is = kind(r, c);
        found += is === "seen";
        showKind(map, r, c, is, names);
      }
    const past = row * size + col;
    const share = past ? `, ${Math.round((100 * found) / past)}%` : "";
    const all = `Of all pairs of a pixel and one before it: ${model.get("shares")[depth]}%.`;
    const sees = `sees ${found} of the ${past} pixels before it${share}.`;
    summary = `Row ${row}, column ${col} ${sees} ${all}`;
    say(summary);
  }
}

export default { render };
