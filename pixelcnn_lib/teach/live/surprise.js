function render({ model, el }) {
  const { controls, body, say } = frame(el, model);
  const size = model.get("size");
  const [top, left] = model.get("corner");
  const image = bytes(model.get("picture"));
  const shades = model.get("shades");
  const heads = ["tied", "categorical"].map((name) => {
    const { bits, peaks, hills } = model.get("heads")[name];
    const plot = distribution({ name: `${name} head` });
    return { name, bits, peaks, hills: hills.split(" "), plot };
  });
  const told = (hundredths) => `${(hundredths / 100).toFixed(1)} bits`;

  let [row, col, colour, summed, shown] = [12, 7, 0, false, heads[0]];
  const photo = picture({
    width: size, height: size, label: "The crop of the photograph: petals, and the dark.",
  });
  photo.draw(image);
  const map = grid({
    rows: size, cols: size, label: "Bits by pixel", drag: true,
    enter: (r, c) => (([row, col] = [r, c]), point()),
  });
  const scale = h("div", { class: "opat-scale" });
  controls.append(
    choice({
      label: "Value", value: colour, options: COLOURS.map((name, one) => [one, name]),
      change: (one) => ((colour = one), paint(), point()),
    }),
    choice({
      label: "Map of", value: summed, options: [[false, "this colour"], [true, "all three, summed"]],
      change: (one) => ((summed = one), paint()),
    }),
    choice({
      label: "under the", value: shown, options: heads.map((head) => [head, `${head.name} head`]),
      change: (one) => ((shown = one), paint()),
    }),
  );
  const column = (name, ...parts) =>
    h("div", {}, h("p", { class: "opat-name" }, name), ...parts);
  body.append(
    h("div", { class: "opat-pair-of-maps" },
      column("photograph", photo.el, map.pad(() => [row, col])), column("what it costs", map.el, scale)),
    ...heads.map((head) => head.plot.el),
  );

  const cost = (head, pixel) =>
    summed
      ? [0, 1, 2].reduce((sum, one) => sum + head.bits[3 * pixel + one], 0)
      : head.bits[3 * pixel + colour];

  function paint() {
    const most = (summed ? 30 : 12) * 100; // the brightest shade, in 1/100 bits
    for (let pixel = 0; pixel < size * size; pixel++) {
      const bits = cost(shown, pixel);
      const shade = shades[Math.min(shades.length - 1, Math.floor((bits / most) * shades.length))];
      const [r, c] = placeOf(pixel, size);
      const what = summed ? "all three" : COLOURS[colour];
      const label = `row ${top + r}, column ${left + c}, ${what}: ${told(bits)}`;
      map.set(r, c, { style: `background: ${shade}`, "aria-label": label });
    }
    scale.replaceChildren(
      h("span", {}, "0"),
      h("span", { style: `background: linear-gradient(to right, ${shades.join(", ")})` }),
      h("span", {}, `${most / 100} bits or more`),
    );
  }

  let marked = [0, 0];
  function point() {
    map.set(...marked, { "data-target": false });
    map.set(row, col, { "data-target": true });
    marked = [row, col];
    photo.mark(row, col);
    const n = 3 * (row * size + col) + colour;
    const came = image[n];
    const most = Math.max(...heads.map((head) => 2 ** (-head.peaks[n] / 100)));
    for (const { bits, peaks, hills, plot } of heads) {
      const scale = 2 ** (-peaks[n] / 100) / most;
      plot.set({ heights: heights(hills[n]), scale, came, text: `${came} came: ${told(bits[n])}` });
    }
    const prices = heads.map(({ name, bits }) => `the ${name} head pays ${told(bits[n])}`);
    say(
      `The ${COLOURS[colour]} of row ${top + row}, column ${left + col}: ${came} came. ` +
        `For it ${prices.join(", ")}.`,
    );
  }

  paint();
  point();
}

export default { render };
