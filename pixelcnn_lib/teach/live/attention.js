const INK = [172, 0, 92]; // of what is looked at; attention.py has the same

function render({ model, el }) {
  const { controls, body, words, say } = frame(el, model);
  words.classList.add("opat-looked");
  const [names, palette, pictures] = ["names", "palette", "pictures"].map((one) => model.get(one));
  const [layers, heads] = [model.get("layers"), model.get("heads")];
  const [rows, cols] = [pictures[0].length, pictures[0][0].length];
  const roots = bytes(model.get("roots")); // of each picture, layer, head and target: 1 + target
  const before = (target) => (target * (target + 1)) / 2; // numbers of the targets before
  const change = (name, value) => (model.set(name, value), model.save_changes());
  const kind = (n) => names[pictures[model.get("picture")][Math.floor(n / cols)][n % cols]];
  const whole = (weight) => `${Math.round(100 * weight)}\u00a0%`;

  const image = grid({
    rows, cols, label: "The picture", leave: () => say(summary()),
    enter: (row, col) => say(row * cols + col < target() ? told(row, col) : summary()),
    press: (row, col) => change("target", [row, col]),
  });
  controls.append(list({
    label: "Picture with", value: model.get("picture"),
    options: pictures.map((_, n) => [n, titled(n)]), change: (n) => change("picture", n),
  }));
  const panels = Array.from({ length: layers * heads }, (_, n) => {
    const name = `Layer ${Math.floor(n / heads) + 1}, head ${(n % heads) + 1}`;
    const note = h("span", { class: "opat-note" });
    const map = picture({ width: cols, height: rows, label: name });
    const title = h("p", { class: "opat-name opat-looking" }, h("span", {}, name), note);
    return { name, note, map, el: h("div", {}, title, map.el) };
  });
  const entry = (style, text) => h("li", {}, h("span", { class: "opat-cell", style }), text);
  const ink = (share) => `background: rgb(${mixed([205, 205, 205], share)})`;
  body.append(
    h("div", { class: "opat-looker" },
      h("div", {}, h("p", { class: "opat-name" }, "The picture: choose a pixel"), image.el),
      h("ul", { class: "opat-legend" },
        entry(ink(0), "weight 0"), entry(ink(0.5), "25 %"), entry(ink(1), "100 %"),
        h("li", {}, h("span", { class: "opat-cell opat-later" }), "not drawn yet"))),
    h("div", { class: "opat-panels opat-heads" }, ...panels.map((panel) => panel.el)),
  );
  model.on("change:picture", draw);
  model.on("change:target", draw);
  draw();

  function titled(n) {
    const flat = pictures[n].flat();
    const colour = flat.find((one) => one > 2);
    const place = flat.indexOf(colour);
    return `a ${names[colour]} kite in column ${place}`;
  }

  function target() {
    const [row, col] = model.get("target");
    return row * cols + col;
  }

  // What a panel's head gives to nowhere (source -1) or to a pixel before the target.
  function weight(panel, source) {
    const each = before(rows * cols);
    const start = (model.get("picture") * layers * heads + panel) * each + before(target());
    return (roots[start + 1 + source] / 255) ** 2;
  }

  function mixed(grey, share) {
    return grey.map((one, n) => Math.round(one + (INK[n] - one) * share));
  }

  function told(row, col) {
    const n = row * cols + col;
    const shares = panels.map(({ name }, p) => `${name}: ${whole(weight(p, n))}.`);
    return `How much do the heads look at row ${row}, column ${col} (${kind(n)})? ${shares.join(" ")}`;
  }

  // Where a head looks most, in words.
  function most(panel) {
    let best = -1;
    for (let n = 0; n < target(); n++) if (weight(panel, n) > weight(panel, best)) best = n;
    const place = `row ${Math.floor(best / cols)}, column ${best % cols} (${kind(Math.max(best, 0))})`;
    return `${best < 0 ? "nowhere" : place}, ${whole(weight(panel, best))}.`;
  }

  function summary() {
    const [row, col] = model.get("target");
    const looks = panels.map(({ name }, p) => `${name}: ${most(p)}`);
    return `Where does row ${row}, column ${col} (${kind(target())}) look most? ${looks.join(" ")}`;
  }

  function draw() {
    const shown = pictures[model.get("picture")].flat();
    shown.forEach((one, n) => {
      const [row, col] = [Math.floor(n / cols), n % cols];
      const chosen = n === target();
      image.set(row, col, {
        style: `background: rgb(${palette[one]})`, "data-target": chosen,
        "aria-selected": String(chosen),
        "aria-label": `row ${row}, column ${col}: ${names[one]}${chosen ? ", the pixel that looks" : ""}`,
      });
    });
    panels.forEach(({ name, note, map }, p) => {
      const rgb = shown.flatMap((one, n) => {
        const mean = palette[one].reduce((sum, value) => sum + value, 0) / 3;
        const grey = 205 + (mean - 128) / 5; // pale
        return mixed([grey, grey, grey], n < target() ? Math.sqrt(weight(p, n)) : 0);
      });
      map.draw(rgb, (n) => n < target());
      map.mark(...model.get("target"));
      map.canvas.setAttribute("aria-label", `${name} looks most at: ${most(p)}`);
      note.textContent = `nowhere ${whole(weight(p, -1))}`;
    });
    say(summary());
  }
}

export default { render };
