// Half a digit: the reader draws its upper half, pixelnet.js completes it and reads it.

const SIDE = 8; // pixels
const HALF = 32; // values of the upper half
const TOTAL = 64; // values
const FULL = 16; // a pixel's most ink: it counts the points of the pen, 4 x 4 in a pixel
const POINTS = 4 * SIDE; // in a row
const PEN = 2.6; // the pen's radius, in points
const COUNT = 10; // pictures
const BUDGET = 14; // milliseconds of drawing between two frames

const a = (digit) => `${digit === 8 ? "an" : "a"} ${digit}`;

/** The network at work on one picture under each class: how likely are the values so far? */
class Readings {
  constructor(network) {
    const labels = Array.from({ length: network.classes }, (_, label) => label);
    this.known = new Map(); // from a value's number to its level
    this.drawings = labels.map((label) =>
      new Drawing(network, SIDE, SIDE, null, 1, this.known, label));
    this.logP = labels.map(() => new Float64Array(TOTAL + 1)); // of all values before a number
  }

  /** Receive the levels of the values `from` … `to` - 1. */
  read(levels, from, to) {
    for (let n = from; n < to; n++) this.known.set(n, levels[n]);
    this.drawings.forEach((drawing, label) => {
      drawing.goBack(from);
      drawing.drawTo(to);
      const sums = this.logP[label];
      for (let n = from; n < to; n++)
        sums[n + 1] = sums[n] + logProbs(drawing.network, drawing.parameters[n])[levels[n]];
    });
  }

  /** Draw the lower half as a digit of one class: the whole picture, and what it is read as. */
  complete(label, noise) {
    const drawing = this.drawings[label];
    for (let n = HALF; n < TOTAL; n++) this.known.delete(n);
    drawing.noise = noise;
    drawing.goBack(HALF);
    drawing.drawTo(TOTAL);
    const image = drawing.image.slice();
    this.read(image, HALF, TOTAL);
    return { label, image, reading: this.posterior(TOTAL) };
  }

  /** p(class | the first values), by Bayes's rule: all classes are equally likely beforehand. */
  posterior(count) {
    const logP = this.logP.map((sums) => sums[count]);
    const total = logSumExp(logP);
    return logP.map((one) => Math.exp(one - total));
  }

  /** What each of the first values costs in the mean, the class not being known. */
  bits(count) {
    const logP = logSumExp(this.logP.map((sums) => sums[count])) - Math.log(this.logP.length);
    return -logP / Math.LN2 / count;
  }
}

function render({ model, el }) {
  const network = readNetwork(model.get("network"));
  const readings = new Readings(network);
  const { controls, body, say } = frame(el, model);
  const samples = model.get("samples");
  const points = new Uint8Array(FULL * HALF); // where the pen has been: (16, 32)
  const ink = new Uint8Array(HALF); // the level of each pixel of the upper half
  let truth = null; // the held-out digit whose upper half this is
  let sample = -1; // the number of the last such digit
  let pictures = []; // those drawn: { label, image, reading }
  let chosen = 0; // the picture that is shown large
  let pen = null; // where the pen is, in points, while it is down
  let byPointer = false; // whether the click that follows comes from the pen
  let dirty = 0; // the first value that has not been read yet
  let request = 0; // of the next frame

  const some = () => ink.some((level) => level);
  const most = (p) => p.indexOf(Math.max(...p));
  const grey = (level) => Math.round(255 - (255 * level) / FULL);
  const rgb = (levels) => [...levels].flatMap((level) => Array(3).fill(grey(level)));
  const noise = (k) => (number) => noiseOf(k, number);

  // The upper half

  const surface = grid({
    rows: SIDE / 2, cols: SIDE,
    label: "The upper half; Space sets a pixel's ink, plus and minus change it",
    press(row, col) {
      const level = ink[row * SIDE + col];
      if (!byPointer) setInk(row, col, level === FULL ? FULL / 2 : level ? 0 : FULL);
      byPointer = false;
    },
  });
  surface.el.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    surface.el.setPointerCapture(event.pointerId);
    byPointer = true;
    stroke(event);
  });
  surface.el.addEventListener("pointermove", (event) => pen && stroke(event));
  for (const end of ["pointerup", "pointercancel"])
    surface.el.addEventListener(end, () => pen && ((pen = null), changed(TOTAL)));
  surface.el.addEventListener("keydown", (event) => (byPointer = false), true);
  surface.el.addEventListener("keydown", ({ key, target }) => {
    const change = { "+": 1, "=": 1, "-": -1 }[key];
    if (!change || target.dataset.pixel === undefined) return;
    const [row, col] = placeOf(Number(target.dataset.pixel), SIDE);
    setInk(row, col, Math.min(Math.max(ink[row * SIDE + col] + change, 0), FULL));
  });

  /** Draw a line from where the pen was to where it is. */
  function stroke(event) {
    const { left, top, width, height } = surface.el.getBoundingClientRect();
    const to = [
      ((event.clientX - left) / width) * POINTS, ((event.clientY - top) / height) * (POINTS / 2),
    ];
    const from = pen ?? to;
    const steps = Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])) || 1;
    for (let step = 1; step <= steps; step++)
      blot(...from.map((start, axis) => start + ((to[axis] - start) * step) / steps));
    pen = to;
    takeInk();
  }

  /** Set the points within the pen's reach of x, y. */
  function blot(x, y) {
    points.forEach((_, point) => {
      const [row, col] = placeOf(point, POINTS);
      if (Math.hypot(col + 0.5 - x, row + 0.5 - y) <= PEN) points[point] = 1;
    });
  }

  /** Where the points of a pixel are in `points`. */
  function pointsOf(row, col) {
    const first = 4 * row * POINTS + 4 * col;
    return Array.from({ length: FULL }, (_, n) => first + Math.floor(n / 4) * POINTS + (n % 4));
  }

  /** Give a pixel as many points as its level says. */
  function fill(row, col, level) {
    pointsOf(row, col).forEach((point, n) => (points[point] = n < level ? 1 : 0));
  }

  function setInk(row, col, level) {
    fill(row, col, level);
    takeInk();
    changed(TOTAL);
  }

  /** Count each pixel's points. */
  function takeInk() {
    for (let pixel = 0; pixel < HALF; pixel++) {
      const [row, col] = placeOf(pixel, SIDE);
      const level = pointsOf(row, col).reduce((sum, point) => sum + points[point], 0);
      if (level === ink[pixel]) continue;
      ink[pixel] = level;
      truth = null;
      changed(pixel);
    }
  }

  function show(levels) {
    levels.forEach((level, pixel) => fill(...placeOf(pixel, SIDE), level));
    takeInk();
    changed(TOTAL);
  }

  // The drawing goes on from frame to frame

  /** Values from this one on are new, or only the pictures are: draw these again. */
  function changed(from) {
    dirty = Math.min(dirty, from);
    pictures = [];
    request ||= requestAnimationFrame(tick);
  }

  function tick() {
    request = 0;
    if (dirty < HALF) readings.read(ink, dirty, HALF);
    dirty = TOTAL;
    const end = performance.now() + BUDGET;
    while (isMissing() && performance.now() < end)
      pictures.push(readings.complete(classOf(pictures.length), noise(pictures.length)));
    paint();
    if (isMissing()) request = requestAnimationFrame(tick);
    else if (!pen) tell();
  }

  /** Whether a picture is still to be drawn. */
  function isMissing() {
    return !pen && some() && pictures.length < COUNT;
  }

  /** The class of a picture: drawn from p(class | upper half). */
  function classOf(k) {
    return firstAbove(readings.posterior(HALF), noise(k)(TOTAL));
  }

  // What is seen

  function paint() {
    ink.forEach((level, pixel) => {
      const [row, col] = placeOf(pixel, SIDE);
      const look = { style: `background: rgb(${Array(3).fill(grey(level))})`, "data-pixel": pixel };
      surface.set(row, col, { ...look, "aria-label": `row ${row}, column ${col}: ink ${level}` });
    });
    const large = pictures[chosen];
    lower.draw(rgb((large?.image ?? new Uint8Array(TOTAL)).slice(HALF)), () => Boolean(large));
    copies.forEach(({ button, view, text }, k) => {
      const one = pictures[k];
      button.disabled = !one;
      button.setAttribute("aria-pressed", k === chosen);
      view.draw(rgb(one?.image ?? [...ink, ...ink]), (n) => Boolean(n < HALF ? some() : one));
      const read = one && most(one.reading);
      const sure = one && one.reading[read];
      text.replaceChildren(...(one ? [h("b", {}, read), ` ${Math.round(100 * sure)} %`] : ["–"]));
      const name = one
        ? `drawn as ${a(one.label)}, read as ${a(read)} ${Math.round(100 * sure)} %` : "not drawn yet";
      button.setAttribute("aria-label", `Picture ${k + 1}: ${name}`);
    });
    real.el.hidden = !truth;
    if (truth) {
      real.view.draw(rgb(bytes(truth.pixels)));
      real.text.replaceChildren("true: ", h("b", {}, truth.label));
    }
    const half = some() ? readings.posterior(HALF) : Array(COUNT).fill(1 / COUNT);
    const whole = large ? large.reading : null;
    header.textContent = `picture ${chosen + 1}`;
    rows.forEach(({ bars, cells }, label) => {
      [half, whole].forEach((p, which) => {
        bars[which].style.width = `${p ? 100 * p[label] : 0}%`;
        cells[which].textContent = p ? `${(100 * p[label]).toFixed(1)} %` : "–";
      });
    });
  }

  const small = (label) => picture({ width: SIDE, height: SIDE, label });
  const lower = picture({
    width: SIDE, height: SIDE / 2, label: "The lower half of the chosen picture",
  });
  const copies = Array.from({ length: COUNT }, (_, k) => {
    const view = small("");
    view.canvas.setAttribute("aria-hidden", "true");
    const text = h("span", { class: "opat-read" });
    const look = { type: "button", class: "opat-copy", onclick: () => choose(k) };
    return { view, text, button: h("button", look, view.el, text) };
  });
  const real = { view: small("The true digit"), text: h("span", { class: "opat-read" }) };
  real.el = h("div", { class: "opat-copy", hidden: true }, real.view.el, real.text);
  const header = h("th", { scope: "col", class: "opat-warm" });
  const rows = Array.from({ length: network.classes }, (_, label) => {
    const bars = ["accent", "warm"].map((name) => h("i", { class: `opat-bar-${name}` }));
    const cells = ["accent", "warm"].map(() => h("td"));
    const row = h("tr", {}, h("th", { scope: "row" }, label),
      h("td", { class: "opat-bars", "aria-hidden": "true" }, ...bars), ...cells);
    return { row, bars, cells };
  });

  function choose(k) {
    chosen = k;
    paint();
    tell();
  }

  // Words

  function tell() {
    if (!some())
      return say("Nothing is drawn yet, so all ten digits are equally likely.");
    const p = readings.posterior(HALF);
    const [first, second] = [...p.keys()].sort((one, other) => p[other] - p[one]);
    const then = p[second] > 0.05 ? `, then ${a(second)} (${percent(p[second])})` : "";
    const bits = readings.bits(HALF);
    const [low, high] = model.get("typical").map((one) => one.toFixed(1));
    const cost = `It costs ${bits.toFixed(1)} bits per value`;
    const typical = `nine in ten held-out upper halves cost from ${low} to ${high}`;
    const parts = [`The upper half looks most like ${a(first)} (${percent(p[first])})${then}.`];
    parts.push(
      bits > high
        ? `${cost}, but ${typical}: the network doubts that this is the top of a digit at all, ` +
          "although the bars must add up to 100 %."
        : `${cost}; ${typical}.`,
    );
    const one = pictures[chosen];
    if (one) {
      const read = most(one.reading);
      parts.push(
        `Picture ${chosen + 1} was drawn as ${a(one.label)}; the whole picture is read as ` +
          `${a(read)} (${percent(one.reading[read])}).`,
      );
    }
    say(parts.join(" "));
  }

  // Controls

  el.classList.add("opat-digits");
  controls.append(
    button("A held-out digit", () => {
      sample = (sample + 1) % samples.length;
      show(bytes(samples[sample].pixels).slice(0, HALF));
      truth = samples[sample];
    }),
    button("Clear", () => show(new Uint8Array(HALF))),
  );
  const head = h("tr", {}, h("th", { scope: "col" }, "digit"), h("td"),
    h("th", { scope: "col", class: "opat-accent" }, "upper half"), header);
  body.append(
    h("div", { class: "opat-sheet" }, surface.el, lower.el),
    h("table", { class: "opat-guesses" }, h("caption", {}, "How likely is each digit?"),
      h("thead", {}, head), h("tbody", {}, ...rows.map(({ row }) => row))),
    h("div", { class: "opat-copies", role: "group", "aria-label": "Ten pictures, ten noises" },
      h("p", {}, "Ten completions, and the digit that the network reads in each. " +
        "Choose one to see it large."),
      ...copies.map(({ button }) => button), real.el),
  );
  if (model.get("ink")) show(bytes(model.get("ink")));
  else changed(TOTAL);
  return () => cancelAnimationFrame(request);
}

export default { render };
