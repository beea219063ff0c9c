function render({ model, el }) {
  const { controls, body, say } = frame(el, model);
  const [rows, cols] = model.get("shape");
  const rgb = bytes(model.get("rgb"));
  const last = rows * cols - 1;
  const change = (name, value) => (model.set(name, value), model.save_changes());
  const go = (n) => change("place", Math.max(0, Math.min(last, n)));
  const names = {
    drawn: "drawn already", target: "the present pixel",
    future: "not drawn yet", outside: "beyond the edge: zero",
  };
  const line = slider({
    label: "Present pixel", min: 1, max: last + 1, value: model.get("place") + 1,
    text: (n) => `${n} of ${last + 1}`, input: (n) => go(n - 1),
  });
  const map = grid({
    rows, cols, label: "The picture, half drawn", press: (row, col) => go(row * cols + col),
  });
  map.el.addEventListener("focusin", ({ target }) => {
    go([...map.el.querySelectorAll(".opat-cell")].indexOf(target));
  });
  const edge = h("span", { class: "opat-edge" });
  const view = h("div");
  controls.append(
    choice({
      label: "Kernel", value: model.get("size"), options: [[3, "3x3"], [7, "7x7"]],
      change: (size) => change("size", size),
    }),
    button("◂ Back", () => go(model.get("place") - 1)),
    button("Step ▸", () => go(model.get("place") + 1)),
    line,
  );
  body.append(
    h("div", { class: "opat-slides" }, h("div", { class: "opat-over" }, map.el, edge), view),
    h("ul", { class: "opat-legend" }, ...["target", "future", "outside"].map((kind) =>
      h("li", {}, h("span", { class: "opat-cell", "data-under": kind }), names[kind]))),
  );
  for (const name of ["place", "size"]) model.on(`change:${name}`, draw);
  draw();

  // What a place of the picture, or beyond its edge, looks like.
  function look(row, col, under) {
    const n = row * cols + col;
    const style = under === "drawn" ? `background: rgb(${rgb.slice(3 * n, 3 * n + 3)})` : null;
    return { "data-under": under, style, "aria-label": `row ${row}, column ${col}: ${names[under]}` };
  }

  function draw() {
    const [place, size] = [model.get("place"), model.get("size")];
    const [row, col, half] = [Math.floor(place / cols), place % cols, (size - 1) / 2];
    const under = (r, c) => {
      if (r < 0 || c < 0 || r >= rows || c >= cols) return "outside";
      const n = r * cols + c;
      return n < place ? "drawn" : n === place ? "target" : "future";
    };
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < cols; c++)
        map.set(r, c, { ...look(r, c, under(r, c)), "data-target": r === row && c === col });
    const percent = (part, whole) => `${(100 * part) / whole}%`;
    Object.assign(edge.style, {
      left: percent(col - half, cols), top: percent(row - half, rows),
      width: percent(size, cols), height: percent(size, rows),
    });
    line.set(place + 1);
    view.replaceChildren(kernel({
      size, label: "Under the kernel", name: [`Under the ${size}x${size} kernel`],
      look: (r, c) => {
        const kind = under(row - half + r, col - half + c);
        const text = { future: "?", outside: "0" }[kind] ?? "";
        return [look(row - half + r, col - half + c, kind), text];
      },
    }).el);
    const [drawn, later, outside] = model.get("counts")[size][place];
    const beyond = outside ? `, ${outside} lie beyond the edge` : "";
    say(`The present pixel is row ${row}, column ${col}. Under the other ${size * size - 1} taps, ` +
      `${drawn} pixels are drawn already, ${later} are not drawn yet${beyond}.`);
  }
}

export default { render };
