function render({ model, el }) {
  const { controls, body, words, say } = frame(el, model);
  words.classList.add("opat-grown");
  const [rows, cols] = model.get("shape");
  const [ways, reads, knows] = ["ways", "reads", "knows"].map((name) => model.get(name));
  const change = (name) => (value) => (model.set(name, value), model.save_changes());
  const names = {
    seen: "known through the small pixel", unseen: "before it, but not known",
    leak: "known, and not before it: a leak", future: "not before it",
  };
  const large = grid({
    rows, cols, label: "The large map", press: (row, col) => change("pixel")([row, col]),
  });
  const small = grid({
    rows: rows / 2, cols: cols / 2, label: "The small map",
    press: (row, col) => change("pixel")([2 * row, 2 * col]),
  });
  controls.append(choice({
    label: "A small pixel reads", value: model.get("way"), options: ways,
    change: change("way"),
  }));
  const panel = (name, map) => h("div", {}, h("p", { class: "opat-name" }, name), map.el);
  body.append(
    h("div", { class: "opat-scales" },
      panel("The large map", large), panel("The small map", small)),
    legend(names, "the chosen pixel"),
  );
  for (const name of ["way", "pixel"]) model.on(`change:${name}`, draw);
  draw();

  function draw() {
    const [way, [row, col]] = ["way", "pixel"].map((name) => model.get(name));
    const chosen = row * cols + col;
    const [read, known] = [reads[way][chosen], knows[way][chosen]];
    for (let n = 0; n < rows * cols; n++) {
      const kind = n < known ? (n < chosen ? "seen" : "leak") : n < chosen ? "unseen" : "future";
      const place = `row ${Math.floor(n / cols)}, column ${n % cols}`;
      const also = read.includes(n) ? ", read by the small pixel" : "";
      const own = n === chosen ? "the chosen pixel, " : "";
      large.set(Math.floor(n / cols), n % cols, {
        "data-kind": n === chosen && kind === "future" ? "target" : kind,
        "data-target": n === chosen, "aria-label": `${place}: ${own}${names[kind]}${also}`,
      }, read.includes(n) ? "o" : "");
    }
    for (let r = 0; r < rows / 2; r++)
      for (let c = 0; c < cols / 2; c++) {
        const is = r === row >> 1 && c === col >> 1;
        small.set(r, c, {
          "data-kind": is ? "target" : null,
          "aria-label": `small row ${r}, column ${c}${is ? ": the chosen pixel grows from it" : ""}`,
        });
      }
    const [last, leaks] = [read.at(-1), known - chosen];
    const result = leaks > 0
      ? `So the chosen pixel sees itself${leaks > 1 ? ` and ${leaks - 1} after it` : ""}: a leak.`
      : "So the chosen pixel sees nothing that it must not see.";
    say(
      `The pixel in row ${row}, column ${col} grows from the small pixel in row ${row >> 1}, ` +
      `column ${col >> 1}, which reads the pixels marked o. Their features know all pixels before ` +
      `row ${Math.floor(last / cols)}, column ${last % cols}. ${result}`,
    );
  }
}

export default { render };
