function render({ model, el }) {
  const { controls, body, words, say } = frame(el, model);
  const [steps, floor, names] = ["steps", "floor", "names"].map((name) => model.get(name));
  const inks = { honest: "accent", liar: "warm" };
  const last = steps.length - 1;
  const TOP = 9; // bits at the upper edge of the chart
  const BEAT = 400; // milliseconds from point to point, played
  const across = (step) => (100 * step) / steps[last];
  const down = (bits) => 100 - (100 * bits) / TOP;

  const runs = Object.keys(inks).map((name) => {
    const { fresh, sheet } = model.get("runs")[name];
    const drawings = [0, 1, 2, 3].map(() => picture({ width: 16, height: 16, label: "" }));
    const image = new Image();
    image.onload = draw;
    image.src = `data:image/png;base64,${sheet}`;
    return { name, ink: inks[name], fresh, drawings, image };
  });
  const chart = curves();
  let playing = null; // the timer
  const playButton = button("Play", () => (playing ? pause() : play()));
  const slide = slider({
    label: "Step", min: 0, max: last, value: model.get("point"), text: (n) => `${steps[n]}`,
    input: (n) => (pause(), go(n)),
  });
  controls.append(playButton, slide);
  body.append(
    chart.el,
    h("div", { class: "opat-runs" }, ...runs.map(({ name, ink, drawings }) =>
      h("div", {}, h("p", { class: `opat-name opat-says-${ink}` }, `${names[name]} draws`),
        h("div", { class: "opat-drawings" }, ...drawings.map((one) => one.el))))),
  );

  function go(point) {
    model.set("point", point);
    model.save_changes();
  }

  function play() {
    if (model.get("point") === last) go(0);
    playing = setInterval(() => {
      go(model.get("point") + 1);
      if (model.get("point") === last) pause();
    }, BEAT);
    playButton.textContent = "Pause";
    words.ariaLive = "off"; // not every point read aloud
  }

  function pause() {
    playing = clearInterval(playing);
    playButton.textContent = "Play";
    words.ariaLive = "polite";
  }

  function curves() {
    const line = (points) => points.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L");
    const path = (points, look) =>
      `<path d="M${line(points)}" class="${look}" vector-effect="non-scaling-stroke"/>`;
    const svg = h("div", { class: "opat-svg", role: "img" });
    svg.innerHTML =
      '<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">' +
      path([[0, down(floor)], [100, down(floor)]], "opat-floor") +
      runs.map(({ ink, fresh }) => path(
        fresh.map((bits, n) => [across(steps[n]), down(Math.min(bits, TOP))]), `opat-curve-${ink}`,
      )).join("") + "</svg>";
    svg.setAttribute("aria-label",
      "Scores on fresh images by training step. One curve flattens just above the dotted line of " +
        "the entropy; the liar's dives through it.");
    const now = h("span", { class: "opat-now" });
    const dots = runs.map(({ ink }) => h("span", { class: `opat-dot opat-dot-${ink}` }));
    const text = (words, bits, look = "") =>
      h("span", { class: `opat-label ${look}`, style: `top: ${down(bits)}%` }, words);
    const ticks = [2, 4, 6, 8].map((bits) =>
      h("span", { class: "opat-tick", style: `top: ${down(bits)}%` }, bits));
    const ends = runs.map(({ name, ink, fresh }) => {
      const away = name === "honest" ? 0.6 : 0; // not on the entropy's own words
      return text(name, fresh[last] + away, `opat-says-${ink}`);
    });
    svg.append(now, ...dots, ...ticks, ...ends, text("entropy", floor - 0.3));
    const axes = `bits on fresh images, over the steps 0 to ${steps[last]}`;
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
  return pause;
}

export default { render };
