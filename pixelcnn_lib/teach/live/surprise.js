function render({ model, el }) {
  const { controls, body, say } = frame(el, model);
  const size = model.get("size");
  const [top, left] = model.get("corner");
  const image = bytes(model.get("picture"));
  const shades = model.get("shades");
  const { bits, hills: packed } = model.get("values");
  const hills = packed.split(" ");
  const plot = distribution({ name: "what the model expected" });
  const told = (hundredths) => `${(hundredths / 100).toFixed(1)} bits`;

  let [row, col, colour, summed] = [12, 7, 0, false];
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
  );
  const column = (name, ...parts) =>
    h("div", {}, h("p", { class: "opat-name" }, name), ...parts);
  body.append(
    h("div", { class: "opat-pair-of-maps" },
      column("photograph", photo.el, map.pad(() => [row, col])), column("what it costs", map.el, scale)),
    plot.el,
  );

  const cost = (pixel) =>
    summed
      ? [0, 1, 2].reduce((sum, one) => sum + bits[3 * pixel + one], 0)
      : bits[3 * pixel + colour];

  function paint() {
    const most = (summed ? 30 : 12) * 100; // the brightest shade, in 1/100 bits
    for (let pixel = 0; pixel < size * size; pixel++) {
      const price = cost(pixel);
      const shade = shades[Math.min(shades.length - 1, Math.floor((price / most) * shades.length))];
      const [r, c] = placeOf(pixel, size);
      const what = summed ? "all three" : COLOURS[colour];
      const label = `row ${top + r}, column ${left + c}, ${what}: ${told(price)}`;
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
    plot.set({ heights: heights(hills[n]), came, text: `${came} came: ${told(bits[n])}` });
    say(
      `The ${COLOURS[colour]} of row ${top + row}, column ${left + col}: ${came} came. ` +
        `It costs ${told(bits[n])}.`,
    );
  }

  paint();
  point();
}

export default { render };
