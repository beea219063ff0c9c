function render({ model, el }) {
  const { controls, body, words, say } = frame(el, model);
  const [steps, floor, names] = ["steps", "floor", "names"].map((name) => model.get(name));
  const inks = { honest: "accent", liar: "warm" };
  const last = steps.length - 1;
  const TOP = 80; // bits at the upper edge of the chart
  const BEAT = 400; // milliseconds from point to point, played
  const across = (step) => (100 * step) / steps[last];
  const down = (bits) => 100 - (100 * bits) / TOP;
  const line = (points) => points.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L");
  const path = (points, look) =>
    `<path d="M${line(points)}" class="${look}" vector-effect="non-scaling-stroke"/>`;
  const drawn = (paths) =>
    `<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">${paths}</svg>`;

  const runs = Object.keys(inks).map((name) => {
    const { fresh, sheet } = model.get("runs")[name];
    const drawings = [0, 1, 2, 3].map(() => picture({ width: 16, height: 16, label: "" }));
    const image = new Image();
    image.onload = draw;
    image.src = `data:image/png;base64,${sheet}`;
    return { name, ink: inks[name], fresh, drawings, image };
  });
  const chart = curves();
  const change = setter(model);
  const play = player({ words, beat: BEAT, step });
  const slide = slider({
    label: "Step", min: 0, max: last, value: model.get("point"), text: (n) => `${steps[n]}`,
    input: (n) => (play.pause(), change("point", n)),
  });
  controls.append(play.el, slide);
  body.append(
    chart.el,
    h("div", { class: "opat-runs" }, ...runs.map(({ name, ink, drawings }) =>
      h("div", {}, h("p", { class: `opat-name opat-says-${ink}` }, `${names[name]} draws`),
        h("div", { class: "opat-drawings" }, ...drawings.map((one) => one.el))))),
  );

  function step() { // from the last point to the first
    change("point", (model.get("point") + 1) % steps.length);
    return model.get("point") < last;
  }

  function curves() {
    const svg = h("div", { class: "opat-svg", role: "img" });
    svg.innerHTML = drawn(
      path([[0, down(floor)], [100, down(floor)]], "opat-floor") +
      runs.map(({ ink, fresh }) => path(
        fresh.map((bits, n) => [across(steps[n]), down(Math.min(bits, TOP))]), `opat-curve-${ink}`,
      )).join(""));
    svg.setAttribute("aria-label",
      "Bits for a new face by training step. One curve flattens above the dotted line of the " +
        "entropy; the liar's dives through it.");
    const now = h("span", { class: "opat-now" });
    const dots = runs.map(({ ink }) => h("span", { class: `opat-dot opat-dot-${ink}` }));
    const text = (words, bits, look = "") =>
      h("span", { class: `opat-label ${look}`, style: `top: ${down(bits)}%` }, words);
    const ticks = [20, 40, 60, 80].map((bits) =>
      h("span", { class: "opat-tick", style: `top: ${down(bits)}%` }, bits));
    const ends = runs.map(({ name, ink, fresh }) => text(name, fresh[last], `opat-says-${ink}`));
    svg.append(now, ...dots, ...ticks, ...ends, text("entropy", floor));
    const axes = `bits for a new face, over the steps 0 to ${steps[last]}`;
    const under = h("p", { class: "opat-under" }, axes);
    return { el: h("div", { class: "opat-chart" }, svg, under), now, dots };
  }

  function draw() {
    const n = model.get("point");
    slide.set(n);
    chart.now.style.left = `${across(steps[n])}%`;
    runs.forEach(({ name, fresh, drawings, image }, index) => {
      const place = { left: `${across(steps[n])}%`, top: `${down(Math.min(fresh[n], TOP))}%` };
      Object.assign(chart.dots[index].style, place);
      drawings.forEach(({ canvas }, which) => {
        const label = `Drawing ${which + 1} of ${names[name]} after ${steps[n]} steps`;
        canvas.setAttribute("aria-label", label);
        if (!image.complete) return;
        canvas.getContext("2d").drawImage(image, 16 * which, 16 * n, 16, 16, 0, 0, 16, 16);
      });
    });
    const scores = runs.map(({ name, fresh }) => {
      const off = Math.abs(fresh[n] - floor).toFixed(2);
      const side = fresh[n] < floor ? "below" : "above";
      return `${names[name]} scores ${fresh[n].toFixed(2)} bits, ${off} ${side} the entropy`;
    });
    say(`After ${steps[n]} steps ${scores.join("; ")}.`);
  }

  draw();
  model.on("change:point", draw);
  return play.pause;
}

export default { render };
