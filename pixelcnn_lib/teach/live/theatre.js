// The theatre: pixelnet.js draws a picture, and the reader may interfere.

const SPEEDS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, Infinity]; // values a second
const BUDGET = 8; // milliseconds of drawing between two frames

function render({ model, el }) {
  const network = readNetwork(model.get("network"));
  const { levels, colours } = network;
  const { controls, body, say } = frame(el, model);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const compact = model.get("compact");
  const overruled = new Map(); // from a value's number to the reader's level
  let speed = calm ? Infinity : model.get("speed");
  let size, total, half, drawing, cells, map, plain; // begin() sets these
  let chosen = null; // a value's number; null: the latest
  let playing = false;
  let hurry = 0; // so many values are wanted at once, whatever the speed
  let owed = 0; // values that the clock has earned
  let before = 0; // when the last frame was drawn
  let looked = 0; // when the panel was last brought up to date
  let request = 0; // of the next frame

  // Values by their number

  const colourOf = (number) => number % colours;
  const pixelOf = (number) => Math.floor(number / colours);
  const current = () => chosen ?? drawing.count - 1;
  const isDrawn = (number) => number >= 0 && number < drawing.count;
  const distributionOf = (number) =>
    probabilities(network, drawing.parameters[number], drawing.temperature);
  const found = (number) =>
    draw(network, drawing.parameters[number], drawing.noise(number), drawing.temperature);
  const moved = (number) => isDrawn(number) && drawing.image[number] !== plain[number];

  function place(pixel) {
    return [Math.floor(pixel / size), pixel % size];
  }

  function where(number) {
    const [row, col] = place(pixelOf(number));
    return `${COLOURS[colourOf(number)]} of row ${row}, column ${col}`;
  }

  // The picture

  function begin() {
    size = model.get("size");
    total = size * size * colours;
    half = upperHalf(photograph());
    overruled.clear();
    plain = null; // the picture with nothing overruled, once it is needed
    playing = false;
    hurry = half.size;
    if (chosen >= total) chosen = null;
    drawing = newDrawing();
    cells = grid({
      rows: size, cols: size,
      label: compact ? "The picture" : "The picture; keys R, G and B choose a pixel's value",
      press: (row, col) => choosePixel(row * size + col),
    });
    for (let pixel = 0; pixel < size * size; pixel++) {
      const [row, col] = place(pixel);
      const below = half.size > 0 && row === size / 2; // the first row that is not given
      cells.set(row, col, { "data-pixel": pixel, "data-below": below });
      paint(pixel);
    }
    cells.el.addEventListener("focusin", ({ target }) => choosePixel(Number(target.dataset.pixel)));
    cells.el.addEventListener("keydown", (event) => {
      const colour = ["r", "g", "b"].indexOf(event.key.toLowerCase());
      if (colour < 0 || chosen === null || event.ctrlKey || event.metaKey || event.altKey) return;
      event.stopPropagation(); // Jupyter's own keys stay out of it
      choose(chosen - colourOf(chosen) + colour);
    });
    stage.replaceChildren(cells.el);
    map = picture({ width: size, height: size, label: "" });
    movedBox.replaceChildren(map.el);
    showTruth();
    say("");
    update();
  }

  function newDrawing() {
    const seed = model.get("seed");
    const noise = (number) => noiseOf(seed, number);
    return new Drawing(network, size, size, noise, model.get("temperature"), half);
  }

  function photograph() {
    return model.get("photographs").find(({ name }) => name === model.get("start"));
  }

  /** The values of a photograph, cut from its middle. */
  function cut({ pixels }) {
    const all = bytes(pixels); // (32, 32, 3)
    const margin = (32 - size) / 2;
    return Array.from({ length: total }, (_, number) => {
      const [row, col] = place(pixelOf(number));
      return all[((row + margin) * 32 + col + margin) * colours + colourOf(number)];
    });
  }

  /** The known values of a photograph's upper half: from number to level. */
  function upperHalf(photograph) {
    return new Map(photograph ? [...cut(photograph).slice(0, total / 2).entries()] : []);
  }

  /** Show the photograph whose upper half is given beside the picture that the network draws. */
  function showTruth() {
    const photo = photograph();
    truth.hidden = !photo;
    if (!photo) return;
    const label = `The photograph: ${photo.name}`;
    const whole = picture({ width: size, height: size, label });
    whole.draw(cut(photo));
    const text = `${label}. The network was given the rows above its middle only.`;
    truth.replaceChildren(whole.el, h("p", { class: "opat-small" }, text));
  }

  /** A finished pixel has its colour; one in the making shows its values side by side. */
  function paint(pixel) {
    const first = pixel * colours;
    const values = [...drawing.image.subarray(first, first + colours)];
    const done = values.filter((_, colour) => isDrawn(first + colour)).length;
    const alone = values.map((value, colour) => {
      const light = values.map((_, other) => (other === colour ? value : 0));
      return `${colour < done ? `rgb(${light})` : "#0000"} ${33 * colour}% ${33 * colour + 34}%`;
    });
    const ground = done === colours ? `rgb(${values})` : `linear-gradient(90deg, ${alone})`;
    const [row, col] = place(pixel);
    cells.set(row, col, {
      style: done ? `background: ${ground}` : null,
      "aria-label": labelOf(pixel),
      "data-target": chosen !== null && pixelOf(chosen) === pixel,
      "data-overruled": values.some((_, colour) => overruled.has(first + colour)),
    });
  }

  function labelOf(pixel) {
    const [row, col] = place(pixel);
    const drawn = COLOURS.map((name, colour) => [name, pixel * colours + colour])
      .filter(([, number]) => isDrawn(number))
      .map(([name, number]) => `${name} ${drawing.image[number]}`);
    return `row ${row}, column ${col}: ${drawn.join(", ") || "not drawn yet"}`;
  }

  // The drawing goes on from frame to frame

  function tick(now) {
    request = 0;
    owed = Math.min(owed + (Math.max(now - before, 1) / 1000) * speed, total);
    before = now;
    const first = drawing.count;
    const end = performance.now() + BUDGET;
    while (drawing.count < total && performance.now() < end) {
      if (drawing.count >= hurry) {
        if (!playing || owed < 1) break;
        owed--;
      }
      drawing.step();
    }
    for (let pixel = pixelOf(first); pixel <= pixelOf(drawing.count - 1); pixel++) paint(pixel);
    if (drawing.count === total || (!playing && drawing.count >= hurry)) return rest();
    request = requestAnimationFrame(tick);
    if (now - looked > 120) update();
  }

  function go() {
    before = performance.now();
    owed = playing ? 1 : 0;
    request ||= requestAnimationFrame(tick);
  }

  function rest() {
    playing = false;
    hurry = 0;
    model.set("values", btoa(String.fromCharCode(...drawing.image)));
    model.save_changes();
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
    hurry = Math.max(hurry, drawing.count) + 1;
    choose(null);
    go();
  }

  function finish() {
    hurry = total;
    go();
  }

  function set(name, value) {
    model.set(name, value);
    model.save_changes();
    begin();
  }

  // One value

  const choosePixel = (pixel) => choose(pixel * colours + colourOf(chosen ?? 0));

  function choose(number) {
    const old = chosen;
    chosen = number;
    for (const one of [old, number]) if (one !== null) paint(pixelOf(one));
    update();
    if (number !== null) tell();
  }

  /** Put the reader's level in a value's place. */
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
    plain ??= undisturbed();
    drawing.known = new Map([...half, ...overruled]);
    hurry = Math.max(hurry, drawing.count);
    drawing.goBack(number);
    go();
  }

  function undisturbed() {
    const twin = newDrawing();
    twin.drawTo(total);
    return twin.image;
  }

  // The panel

  function update() {
    looked = performance.now();
    progress.textContent = `${drawing.count} of ${total} values`;
    playButton.textContent = playing ? "Pause" : "Draw";
    if (compact) return;
    const number = current();
    [...values.querySelectorAll("label")].forEach((label, colour) => {
      const one = number - colourOf(number) + colour;
      const [input, text] = label.children;
      const stands = isDrawn(one) ? drawing.image[one] : "–";
      input.checked = one === number;
      input.disabled = number < 0;
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
    const p = distributionOf(number);
    plot.set({ heights: p, scale: 1 / Math.max(...p), came: drawing.image[number], text });
    let sum = 0;
    const y = (share) => (100 - 96 * share).toFixed(1);
    const line = p.map((one, k) => `L${k + 1} ${y((sum += one))}`).join("");
    const noise = `M0 ${y(drawing.noise(number))}H${found(number) + 0.5}V100`;
    way.innerHTML = `<path d="M0 100${line}"/><path class="opat-noise" d="${noise}"/>`;
  }

  /** Where the reader's levels have moved a value: red, green and blue for the three of a pixel. */
  function showMoved() {
    const change = (_, number) => (overruled.size && moved(number) ? 255 : 0);
    const known = (pixel) => overruled.size > 0 && isDrawn(pixel * colours);
    map.draw(Array.from({ length: total }, change), known);
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
    const p = distributionOf(number)[own];
    const bits = -Math.log2(p);
    const noise = `noise ${drawing.noise(number).toFixed(3)} finds level ${found(number)}`;
    let how = noise;
    if (overruled.has(number)) how = `${noise}, you wrote ${own}`;
    else if (half.has(number)) how = `given, level ${own}`;
    return (
      `${where(number)}, after ${number} other${number === 1 ? "" : "s"}: ${how}, ` +
      `of probability ${percent(p)}, ${bits < 100 ? bits.toFixed(1) : "over 100"} bits.`
    );
  }

  function consequences() {
    const first = Math.min(...overruled.keys());
    const numbers = Array.from({ length: drawing.count }, (_, number) => number);
    const earlier = numbers.filter((one) => one < first);
    const own = (one) => overruled.has(one) || half.has(one);
    const later = numbers.filter((one) => one > first && !own(one));
    return (
      `${later.filter(moved).length} of the ${later.length} later values, ` +
      `and ${earlier.filter(moved).length} of the ${earlier.length} earlier ones.`
    );
  }

  function yours() {
    const [first] = [...overruled.keys()].sort((a, b) => a - b);
    if (overruled.size > 1) return `your ${overruled.size} levels, from ${where(first)} on,`;
    return first === chosen ? "your level" : `your level at ${where(first)}`;
  }

  function tell() {
    const finished = drawing.count === total;
    const parts = [];
    if (chosen === null) {
      parts.push(finished ? "The picture is finished." : `${progress.textContent} are drawn.`);
      if (half.size) parts.push(`The upper half is given: ${photograph().name}, ${photograph().by}.`);
    }
    if (!compact && chosen !== null && !isDrawn(chosen)) parts.push(`${where(chosen)}: not drawn yet.`);
    else if (!compact && (chosen !== null || !finished)) parts.push(describe(current()));
    if (compact && chosen !== null) parts.push(`${labelOf(pixelOf(chosen))}.`);
    if (overruled.size) parts.push(`With the same noise, ${yours()} moved ${consequences()}`);
    say(parts.map((part) => part[0].toUpperCase() + part.slice(1)).join(" "));
  }

  // Controls

  const stage = h("div", { class: "opat-stage" });
  const truth = h("div", { class: "opat-stage", hidden: true });
  const progress = h("p", { class: "opat-small" });
  const movedBox = h("div", { class: "opat-map" });
  const movedKey = h("p", { class: "opat-small" });
  const playButton = button("Draw", play);
  const another = button(compact ? "Another picture" : "Another seed", () => {
    seed.value = model.get("seed") + 1;
    set("seed", model.get("seed") + 1);
    play();
  });
  // a setting that changes draws the picture at once, so that its effect shows
  const change = (name) => (value) => (set(name, value), finish());
  const seed = h("input", {
    type: "number", min: 0, max: 2 ** 31 - 1, value: model.get("seed"),
    onchange: () => {
      seed.value = Math.abs(Math.trunc(Number(seed.value))) % 2 ** 31; // what is used
      change("seed")(Number(seed.value));
    },
  });
  const values = choice({
    label: "Value", value: 0, options: LETTERS.map((letter, colour) => [colour, letter]),
    change: (colour) => choose(current() - colourOf(current()) + colour),
  });
  const plot = distribution({ name: "Its distribution", levels });
  plot.el.querySelector("svg").insertAdjacentHTML("beforeend", '<g class="opat-way"></g>');
  const way = plot.el.querySelector("g");
  const level = slider({
    label: "Overrule", min: 0, max: levels - 1, value: 0,
    input: (value) => overrule(current(), value),
  });
  const takeBackButton = button("Take all back", takeBack);

  if (compact) {
    el.classList.add("opat-compact");
    controls.append(playButton, another);
    body.append(stage, progress);
  } else {
    el.classList.add("opat-theatre");
    const photographs = model.get("photographs").map(({ name }) => [name, `upper half of ${name}`]);
    controls.append(
      playButton, button("Step", step), button("Finish", finish), another,
      h("label", { class: "opat-list" }, h("span", {}, "Seed"), seed),
      slider({
        label: "Speed", min: 0, max: SPEEDS.length - 1, value: SPEEDS.indexOf(speed),
        text: (index) => (SPEEDS[index] === Infinity ? "at once" : `${SPEEDS[index]} values/s`),
        input: (index) => (speed = SPEEDS[index]),
      }),
      slider({
        label: "Temperature", min: 0.1, max: 2, step: 0.1, value: model.get("temperature"),
        text: (value) => value.toFixed(1), input: change("temperature"),
      }),
      choice({
        label: "Size", value: model.get("size"), options: [16, 24, 32].map((one) => [one, one]),
        change: change("size"),
      }),
      list({
        label: "Given", value: model.get("start"), options: [[null, "nothing"], ...photographs],
        change: change("start"),
      }),
    );
    const reading =
      "Shape: the probability of each level. Thin line: their sum from the left, from 0 to 1. " +
      "Dashed line: the noise, and the level it finds. Vertical bar: the level in the picture.";
    body.append(
      h("div", {}, stage, progress), truth,
      h("div", { class: "opat-panel" }, values, plot.el, h("p", { class: "opat-small" }, reading),
        level, takeBackButton),
      h("div", { class: "opat-moved" }, movedBox, movedKey),
    );
  }

  begin();
  if (model.get("autoplay") && !calm) {
    const sight = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return;
      sight.disconnect();
      play();
    });
    sight.observe(el);
  } else {
    if (!compact) chosen = colours * (size / 2) * (size + 1) + 1; // green in the middle
    finish();
  }
  return () => cancelAnimationFrame(request);
}

export default { render };
