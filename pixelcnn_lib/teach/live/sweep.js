function render({ model, el }) {
  const { controls, body, words, say } = frame(el, model);
  words.classList.add("opat-swept");
  const [rows, cols] = model.get("shape");
  const [maps, reads] = [model.get("maps"), model.get("reads")];
  const last = rows + cols - 1; // steps
  const BEAT = 900; // milliseconds from step to step, played
  const doing = {
    now: "computed in this step", read: "read by this step", done: "computed before",
    later: "not computed yet", zero: "only zeros",
  };
  const place = (n) => placeOf(n, cols);
  const stepOf = Object.fromEntries(Object.entries(maps).map(([side, map]) => [
    side, Array.from({ length: rows * cols }, (_, n) => map[place(n)[0]].indexOf(n) + 1),
  ]));

  const image = grid({
    rows, cols, label: "The image", press: (row, col) => goTo(row * cols + col),
  });
  const map = grid({
    rows, cols: last, label: "The skewed map",
    press: (row, col) => goTo(maps[model.get("side")][row][col]),
  });
  const [inImage, inMap] = [arrows(cols), arrows(last)];
  const play = player({ words, beat: BEAT, step: forward });
  const line = slider({
    label: "Step", min: 0, max: last, value: model.get("step"), text: (n) => `${n} of ${last}`,
    input: (n) => (play.pause(), go(n)),
  });
  controls.append(
    choice({
      label: "LSTM from", value: model.get("side"),
      options: [["left", "the left"], ["right", "the right"]], change: (side) => change({ side }),
    }),
    play.el, line,
  );
  const numbers = Array.from({ length: last }, (_, n) => h("span", {}, n + 1));
  const caption = h("p", { class: "opat-name" });
  const kinds = Object.entries(doing).map(([sweep, text]) =>
    h("li", {}, h("span", { class: "opat-cell", "data-sweep": sweep }), text));
  body.classList.add("opat-sweep");
  body.append(
    h("div", { class: "opat-maps", style: `--image: ${cols}fr; --map: ${last}fr` },
      h("div", {}, h("p", { class: "opat-name" }, "The image"),
        h("div", { class: "opat-over" }, image.el, inImage.el)),
      h("div", {}, caption,
        h("div", { class: "opat-row opat-steps", style: `--cols: ${last}`, "aria-hidden": "true" },
          ...numbers),
        h("div", { class: "opat-over" }, map.el, inMap.el))),
    h("ul", { class: "opat-legend" }, ...kinds),
  );
  for (const name of ["side", "step"]) model.on(`change:${name}`, draw);
  draw();
  return play.pause;

  function change(values) {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  }

  function go(step) {
    change({ step: Math.max(0, Math.min(last, step)) });
  }

  function forward() { // from the last step to the first
    go((model.get("step") + 1) % (last + 1));
    return model.get("step") < last;
  }

  function goTo(n) { // to the step that computes this pixel's state
    play.pause();
    if (n >= 0) go(stepOf[model.get("side")][n]);
  }

  // A layer over a grid of `across` columns that draws arrows between cells: set([[from, to], …])
  function arrows(across) {
    const layer = h("div", { class: "opat-arrows", "aria-hidden": "true" });
    const path = (pairs) => pairs.map(([from, to]) => arrow(from, to)).join("");
    const set = (pairs) => {
      const box = `viewBox="0 0 ${across} ${rows}" preserveAspectRatio="none"`;
      layer.innerHTML = `<svg ${box}><path d="${path(pairs)}"/></svg>`;
    };
    return { el: layer, set };
  }

  // An arrow over the edge between two neighbours, each [row, col]; lengths in cells.
  function arrow([row, col], [toRow, toCol]) {
    const long = Math.hypot(toCol - col, toRow - row);
    const [x, y] = [(toCol - col) / long, (toRow - row) / long];
    const at = ([along, aside]) =>
      [col + 0.5 + along * x - aside * y, row + 0.5 + along * y + aside * x]
        .map((one) => one.toFixed(3)).join(" ");
    const [start, end] = [long / 2 - 0.22, long / 2 + 0.22];
    const side = [[start, 0.05], [end - 0.18, 0.05], [end - 0.18, 0.14]];
    const other = side.map(([along, aside]) => [along, -aside]).reverse();
    return `M${[...side, [end, 0], ...other].map(at).join("L")}Z`;
  }

  function draw() {
    const [side, step] = [model.get("side"), model.get("step")];
    const present = stepOf[side].flatMap((at, n) => (at === step ? [n] : []));
    const read = [...new Set(present.flatMap((n) => reads[side][n]))].sort((a, b) => a - b);

    function look(n, where) {
      if (n < 0) return { "data-sweep": "zero", "aria-label": `${where}: ${doing.zero}` };
      const at = stepOf[side][n];
      const sweep = at > step ? "later" : at === step ? "now" : read.includes(n) ? "read" : "done";
      return { "data-sweep": sweep, "aria-label": `${where}, pixel ${n}: ${doing[sweep]}` };
    }

    for (let row = 0; row < rows; row++) {
      for (let col = 0; col < cols; col++) {
        const n = row * cols + col;
        image.set(row, col, look(n, `row ${row}, column ${col}`), `${n}`);
      }
      for (let col = 0; col < last; col++) {
        const n = maps[side][row][col];
        map.set(row, col, look(n, `row ${row}, step ${col + 1}`), n < 0 ? "" : `${n}`);
      }
    }
    const onMap = (n) => [place(n)[0], stepOf[side][n] - 1];
    const pairs = present.flatMap((n) => reads[side][n].map((from) => [from, n]));
    inImage.set(pairs.map((pair) => pair.map(place)));
    inMap.set(pairs.map((pair) => pair.map(onMap)));
    numbers.forEach((one, n) => one.toggleAttribute("data-now", n + 1 === step));
    caption.textContent = side === "left" ? "The image, skewed" : "The mirrored image, skewed";
    line.set(step);
    say(swept(side, step, present, read));
  }

  function several(numbers) { // in words
    const listed = [numbers.slice(0, -1).join(", "), numbers.at(-1)].filter(String).join(" and ");
    return `${numbers.length === 1 ? "pixel" : "pixels"} ${listed}`;
  }

  function swept(side, step, present, read) {
    if (!step) {
      const first = side === "left" ? "" : "The image is mirrored first. ";
      return `No state is computed yet. ${first}In the skewed map, each row begins one column ` +
        "farther to the right than the row above it. So a diagonal of the image becomes a column.";
    }
    const states = ({ length }) => (length > 1 ? "states" : "state");
    const from = read.length
      ? `It reads the ${states(read)} of ${several(read)}, in the column before.`
      : "It reads no state: there is nothing before.";
    const computed = `computes the ${states(present)} of ${several(present)}`;
    return `Step ${step} of ${last} ${computed}. ${from}`;
  }
}

export default { render };
