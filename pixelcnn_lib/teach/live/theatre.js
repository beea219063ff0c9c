// The theatre: pixelnet.js draws a picture, and the reader may overrule any of its values.

const SPEED = 64; // values a second
const BUDGET = 8; // milliseconds of drawing between two frames
const PANEL_BEAT = 120; // milliseconds between two views of the panel

function render({ model, el }) {
  const network = readNetwork(model.get("network"));
  const { levels, colours } = network;
  const { controls, body, say } = frame(el, model);
  const change = setter(model);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const size = model.get("size");
  const total = size * size * colours;
  const overruled = new Map(); // from a value's number to the reader's level
  let drawing; // begin() makes it
  let plain; // the picture with nothing overruled, once it is needed
  let chosen = null; // a value's number; null: the latest
  let playing = false;
  let wanted = 0; // so many values are drawn at once, whether it plays or not
  let owed = 0; // values that the clock has earned
  let before = 0; // when the last frame was drawn
  let looked = 0; // when the panel was last brought up to date
  let request = 0; // of the next frame

  // Values by their number

  const colourOf = (number) => number % colours;
  const pixelOf = (number) => Math.floor(number / colours);
  const current = () => chosen ?? drawing.count - 1;
  const isDrawn = (number) => number >= 0 && number < drawing.count;
  const moved = (number) => isDrawn(number) && drawing.image[number] !== plain[number];

  function where(number) {
    const [row, col] = placeOf(pixelOf(number), size);
    return `${COLOURS[colourOf(number)]} of row ${row}, column ${col}`;
  }

  // The picture

  const cells = grid({
    rows: size, cols: size, label: "The picture", drag: true,
    focus: (row, col) => choosePixel(row * size + col),
  });

  function begin() {
    overruled.clear();
    plain = null;
    playing = false;
    wanted = 0;
    drawing = newDrawing();
    for (let pixel = 0; pixel < size * size; pixel++) paint(pixel);
    update();
  }

  function newDrawing() {
    const seed = model.get("seed");
    const noise = (number) => noiseOf(seed, number);
    return new Drawing(network, size, size, noise, model.get("temperature"));
  }

  /** A finished pixel has its colour; one in the making shows its values side by side. */
  function paint(pixel) {
    const first = pixel * colours;
    const values = [...drawing.image.subarray(first, first + colours)];
    const done = values.filter((_, colour) => isDrawn(first + colour)).length;
    const stripes = values.map((value, colour) => {
      const light = values.map((_, other) => (other === colour ? value : 0));
      return `${colour < done ? `rgb(${light})` : "#0000"} ${33 * colour}% ${33 * colour + 34}%`;
    });
    const ground = done === colours ? `rgb(${values})` : `linear-gradient(90deg, ${stripes})`;
    cells.set(...placeOf(pixel, size), {
      style: done ? `background: ${ground}` : null,
      "aria-label": labelOf(pixel),
      "data-target": chosen !== null && pixelOf(chosen) === pixel,
      "data-overruled": values.some((_, colour) => overruled.has(first + colour)),
    });
  }

  function labelOf(pixel) {
    const [row, col] = placeOf(pixel, size);
    const drawn = COLOURS.map((name, colour) => [name, pixel * colours + colour])
      .filter(([, number]) => isDrawn(number))
      .map(([name, number]) => `${name} ${drawing.image[number]}`);
    return `row ${row}, column ${col}: ${drawn.join(", ") || "not drawn yet"}`;
  }

  // The drawing goes on from frame to frame

  function tick(now) {
    request = 0;
    const speed = calm ? Infinity : SPEED;
    owed = Math.min(owed + (Math.max(now - before, 1) / 1000) * speed, total);
    before = now;
    const first = drawing.count;
    const end = performance.now() + BUDGET;
    while (drawing.count < total && performance.now() < end) {
      if (drawing.count >= wanted) {
        if (!playing || owed < 1) break;
        owed--;
      }
      drawing.step();
    }
    for (let pixel = pixelOf(first); pixel <= pixelOf(drawing.count - 1); pixel++) paint(pixel);
    if (drawing.count === total || (!playing && drawing.count >= wanted)) return rest();
    request = requestAnimationFrame(tick);
    if (now - looked > PANEL_BEAT) update();
  }

  function go() {
    before = performance.now();
    owed = playing ? 1 : 0;
    request ||= requestAnimationFrame(tick);
  }

  function rest() {
    playing = false;
    wanted = 0;
    update();
    tell();
  }

  function play() {
    if (!playing && !request && drawing.count === total) begin();
    playing = !playing;
    if (playing) choose(null);
    go();
  }

  function step() {
    if (!request && drawing.count === total) begin();
    playing = false;
    wanted = Math.max(wanted, drawing.count) + 1;
    choose(null);
    go();
  }

  function finish() {
    wanted = total;
    go();
  }

  function set(name, value) {
    change(name, value);
    begin();
  }

  // One value

  function choosePixel(pixel) {
    choose(pixel * colours + colourOf(chosen ?? 0));
  }

  function choose(number) {
    const old = chosen;
    chosen = number;
    for (const one of [old, number]) if (one !== null) paint(pixelOf(one));
    update();
    if (number !== null) tell();
  }

  function overrule(number, level) {
    if (chosen === null) choose(number);
    overruled.set(number, level);
    drawFrom(number);
  }

  function takeBack() {
    level.querySelector("input").focus(); // the button is of no use now, and loses the focus
    const first = Math.min(...overruled.keys());
    overruled.clear();
    drawFrom(first);
  }

  /** Draw what is drawn again, from a value on: those before it stay as they are. */
  function drawFrom(number) {
    if (!plain) {
      const twin = newDrawing();
      twin.drawTo(total);
      plain = twin.image;
    }
    drawing.known = new Map(overruled);
    wanted = Math.max(wanted, drawing.count);
    drawing.goBack(number);
    go();
  }

  // The panel

  function update() {
    looked = performance.now();
    progress.textContent = `${drawing.count} of ${total} values`;
    playButton.textContent = playing ? "Pause" : "Draw";
    const number = current();
    [...values.querySelectorAll("label")].forEach((label, colour) => {
      const one = number - colourOf(number) + colour;
      const [input, text] = label.children;
      input.checked = one === number;
      input.disabled = number < 0;
      const stands = isDrawn(one) ? drawing.image[one] : "–";
      text.replaceChildren(channel(colour, `${LETTERS[colour]} ${stands}`));
    });
    level.querySelector("input").disabled = !isDrawn(number);
    takeBackButton.disabled = !overruled.size;
    if (isDrawn(number)) level.set(drawing.image[number]);
    showDistribution(number);
    showMoved();
  }

  /** A value's distribution, its sum from the left, and the way from the noise to the level. */
  function showDistribution(number) {
    const text = number < 0 ? "" : where(number);
    if (text) plot.el.style.setProperty("--accent", `var(--${COLOURS[colourOf(number)]})`);
    if (!isDrawn(number)) {
      way.innerHTML = "";
      return plot.set({ heights: [], text });
    }
    const p = probabilities(network, drawing.parameters[number], drawing.temperature);
    plot.set({ heights: p, scale: 1 / Math.max(...p), came: drawing.image[number], text });
    let sum = 0;
    const y = (share) => (100 - 96 * share).toFixed(1);
    const line = p.map((one, k) => `L${k + 1} ${y((sum += one))}`).join("");
    const noise = `M0 ${y(drawing.noise(number))}H${found(number) + 0.5}V100`;
    way.innerHTML = `<path d="M0 100${line}"/><path class="opat-noise" d="${noise}"/>`;
  }

  /** The level that a value's noise finds, which the reader may have overruled. */
  function found(number) {
    const parameters = drawing.parameters[number];
    return draw(network, parameters, drawing.noise(number), drawing.temperature);
  }

  /** Where the reader's levels have moved a value: red, green and blue for the three of a pixel. */
  function showMoved() {
    const light = (_, number) => (overruled.size && moved(number) ? 255 : 0);
    const known = (pixel) => overruled.size > 0 && isDrawn(pixel * colours);
    map.draw(Array.from({ length: total }, light), known);
    const label = overruled.size ? consequences() : "none, as nothing is overruled.";
    map.canvas.setAttribute("aria-label", `Values that moved: ${label}`);
    movedKey.textContent = overruled.size
      ? "What your levels moved, with the same noise. A pixel's colour says which of its three " +
        "values moved: white means all three, black means none."
      : "Nothing is overruled yet. This map will show which later values your level moves.";
  }

  // Words

  function describe(number) {
    const own = drawing.image[number];
    const p = probabilities(network, drawing.parameters[number], drawing.temperature)[own];
    const bits = -Math.log2(p);
    const noise = `noise ${drawing.noise(number).toFixed(3)} finds level ${found(number)}`;
    const how = overruled.has(number) ? `${noise}, you wrote ${own}` : noise;
    return (
      `${where(number)}, after ${number} other${number === 1 ? "" : "s"}: ${how}, ` +
      `of probability ${percent(p)}, ${bits < 100 ? bits.toFixed(1) : "over 100"} bits.`
    );
  }

  function consequences() {
    const first = Math.min(...overruled.keys());
    const numbers = Array.from({ length: drawing.count }, (_, number) => number);
    const earlier = numbers.filter((one) => one < first);
    const later = numbers.filter((one) => one > first && !overruled.has(one));
    return (
      `${later.filter(moved).length} of the ${later.length} later values, ` +
      `and ${earlier.filter(moved).length} of the ${earlier.length} earlier ones.`
    );
  }

  function yours() {
    const first = Math.min(...overruled.keys());
    if (overruled.size > 1) return `your ${overruled.size} levels, from ${where(first)} on,`;
    return first === chosen ? "your level" : `your level at ${where(first)}`;
  }

  function tell() {
    const finished = drawing.count === total;
    const parts = [];
    if (chosen === null) {
      parts.push(finished ? "The picture is finished." : `${progress.textContent} are drawn.`);
      if (!finished) parts.push(describe(current()));
    } else parts.push(isDrawn(chosen) ? describe(chosen) : `${where(chosen)}: not drawn yet.`);
    if (overruled.size) parts.push(`With the same noise, ${yours()} moved ${consequences()}`);
    say(parts.map(capital).join(" "));
  }

  // Controls

  const progress = h("p", { class: "opat-small" });
  const playButton = button("Draw", play);
  const another = button("Another picture", () => (set("seed", model.get("seed") + 1), play()));
  const temperature = slider({
    label: "Temperature", min: 0.1, max: 2, step: 0.1, value: model.get("temperature"),
    text: (value) => value.toFixed(1),
    input: (value) => (set("temperature", value), finish()), // at once, so that its effect shows
  });
  const values = choice({
    label: "Value", value: 0, options: LETTERS.map((letter, colour) => [colour, letter]),
    change: (colour) => choose(current() - colourOf(current()) + colour),
  });
  const plot = distribution({ name: "Its distribution", levels });
  plot.el.querySelector("svg").insertAdjacentHTML("beforeend", '<g class="opat-way"></g>');
  const way = plot.el.querySelector("g");
  const reading =
    "Shape: the probability of each level. Thin line: their sum from the left, from 0 to 1. " +
    "Dashed line: the noise, and the level it finds. Vertical bar: the level in the picture.";
  const level = slider({
    label: "Overrule", min: 0, max: levels - 1, value: 0,
    input: (value) => overrule(current(), value),
  });
  const takeBackButton = button("Take all back", takeBack);
  const map = picture({ width: size, height: size, label: "" });
  const movedKey = h("p", { class: "opat-small" });

  el.classList.add("opat-theatre");
  controls.append(playButton, button("Step", step), another, temperature);
  body.append(
    h("div", { class: "opat-stage" }, cells.el, progress),
    h("div", { class: "opat-panel" }, values, plot.el, h("p", { class: "opat-small" }, reading),
      level, takeBackButton),
    h("div", { class: "opat-moved" }, h("div", { class: "opat-map" }, map.el), movedKey),
  );

  begin();
  chosen = colours * (size / 2) * (size + 1) + 1; // green in the middle
  finish();
  return () => cancelAnimationFrame(request);
}

export default { render };
