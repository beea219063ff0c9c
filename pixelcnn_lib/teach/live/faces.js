// A face: the book's network draws it, or the reader's own. The reader asks for glasses, gives pixels
// other colours, and looks at what each pixel costs.

const SPEED = 25; // pixels a second of a new face
const AGAIN = 90; // of a face that is drawn again
const OTHERS = 8; // other endings
const DEAR = 4; // bits at which a price is as bright as it can be
const BUDGET = 8; // milliseconds of drawing between two frames
const SURE = 0.9; // the probability from which on a colour counts as certain

function render({ model, el }) {
  const book = readNetwork(model.get("network"));
  const given = model.get("own").form ? readOwn(JSON.stringify(model.get("own"))) : null; // from Python
  let network = given ? asDrawer(given) : book;
  const palette = model.get("palette"); // [[name, red, green, blue], ...]
  const wishes = model.get("wishes"); // [[text, labels], ...]
  const { controls, body, say } = frame(el, model);
  const change = setter(model);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const compact = model.get("compact");
  const offered = compact ? 4 : 6; // colours of a pixel
  const wished = new Set(); // numbers of wishes
  const overruled = new Map(); // from a pixel to the reader's colour
  let drawing; // begin() makes it
  let earlier = []; // the colours of the face that is being drawn again
  let reason = null; // why it is drawn again: words, and the first pixel that may change
  let chosen = null; // a pixel
  let playing = false;
  let speed = SPEED;
  let owed = 0; // pixels that the clock has earned
  let before = 0; // when the last frame was drawn
  let request = 0; // of the next frame
  let endings = []; // the other faces that begin in the same way
  let priced = false; // whether prices are shown in place of colours

  const nameOf = (colour) => palette[colour][0];
  const rgbOf = (colour) => palette[colour].slice(1);
  const isDrawn = (pixel) => pixel !== null && pixel < drawing.count;
  const chances = (pixel) => softmax(drawing.logits[pixel]);
  const chanceOf = (pixel) => chances(pixel)[drawing.image[pixel]];
  const pixels = Array.from({ length: TOTAL }, (_, pixel) => pixel);

  function where(pixel) {
    const [row, col] = placeOf(pixel, SIDE);
    return `row ${row}, column ${col}`;
  }

  // The face

  /** A drawing with the reader's wishes. */
  function newDrawing(seed, known) {
    const labels = wishes[0][1].map((_, label) =>
      Math.max(0, ...[...wished].map((wish) => wishes[wish][1][label])));
    return new Drawing(network, SIDE, SIDE, (pixel) => noiseOf(seed, pixel), known, labels);
  }

  /** Make ready for a new face. */
  function begin() {
    overruled.clear();
    chosen = null;
    earlier = [];
    reason = null;
    speed = SPEED;
    drawing = newDrawing(model.get("seed"), overruled);
    pixels.forEach(paint);
    showPixel();
    update();
  }

  /** Draw the face again with the same noise, from a pixel on. next: the drawing that goes on. */
  function drawAgain(from, why, next = drawing) {
    earlier = pixels.map((pixel) => (isDrawn(pixel) ? drawing.image[pixel] : earlier[pixel]));
    reason = { from, why };
    speed = AGAIN;
    drawing = next;
    drawing.goBack(from);
    pixels.slice(from).forEach(paint);
    play();
  }

  function play() {
    endings = [];
    playing = true;
    owed = 1;
    before = performance.now();
    onNextFrame(tick);
    update();
  }

  function onNextFrame(work) {
    cancelAnimationFrame(request);
    request = requestAnimationFrame(work);
  }

  function tick(now) {
    owed = Math.min(owed + (Math.max(now - before, 1) / 1000) * (calm ? Infinity : speed), TOTAL);
    before = now;
    const end = performance.now() + BUDGET;
    while (drawing.count < TOTAL && owed >= 1 && performance.now() < end) {
      drawing.step();
      owed--;
      paint(drawing.count - 1);
      if (drawing.count - 1 === chosen) showPixel();
    }
    if (drawing.count < TOTAL) onNextFrame(tick);
    else rest();
  }

  /** The face is finished: if no pixel is chosen, choose the one that was expected least. */
  function rest() {
    playing = false;
    const chance = pixels.map(chanceOf);
    const parts = [reason ? changes() : summary(chance)];
    if (chosen === null) {
      choose(chance.indexOf(Math.min(...chance)));
      if (!compact) parts.push(`The least expected is ${describe(chosen)}`);
    }
    update();
    say(parts.join(" "));
  }

  function playOrPause() {
    if (!playing) {
      if (drawing.count === TOTAL) begin();
      return play();
    }
    playing = false;
    cancelAnimationFrame(request);
    update();
  }

  /** A pixel that is to be drawn again keeps its colour until then, but pale. */
  function paint(pixel) {
    const ready = isDrawn(pixel);
    const colour = ready ? drawing.image[pixel] : earlier[pixel];
    const price = ready ? -Math.log2(chanceOf(pixel)) : 0;
    const heat = Math.round(100 * Math.sqrt(Math.min(1, price / DEAR)));
    const ink = priced ? `color-mix(in srgb, #ffe45c ${heat}%, #1b1340)` : `rgb(${rgbOf(colour ?? 0)})`;
    const words = priced ? `${price.toFixed(1)} bits` : nameOf(colour ?? 0);
    cells.set(...placeOf(pixel, SIDE), {
      style: colour === undefined ? null : `background: ${ink}`,
      "aria-label": `${where(pixel)}: ${ready ? words : "not drawn yet"}`,
      "data-pale": !ready && colour !== undefined,
      "data-target": pixel === chosen,
      "data-overruled": overruled.has(pixel),
    });
  }

  // One pixel

  function choose(pixel) {
    const old = chosen;
    chosen = pixel;
    for (const one of [old, pixel]) if (one !== null) paint(one);
    showPixel();
    update();
  }

  function look(pixel) {
    choose(pixel);
    say(capital(isDrawn(pixel) ? describe(pixel) : `${where(pixel)} is not drawn yet.`));
  }

  /** Go on from the chosen pixel by so many rows and columns. */
  function move(down, right) {
    const [row, col] = placeOf(chosen, SIDE);
    const inside = (place) => Math.min(Math.max(place, 0), SIDE - 1);
    look(inside(row + down) * SIDE + inside(col + right));
  }

  function overrule(colour) {
    if (!isDrawn(chosen) || colour === drawing.image[chosen]) return;
    const share = percent(chances(chosen)[colour]);
    overruled.set(chosen, colour);
    drawAgain(chosen, `You made ${where(chosen)} ${nameOf(colour)}, which had ${share}.`);
  }

  /** Take back the last colour that the reader has given. */
  function undo() {
    const last = [...overruled.keys()].at(-1);
    overruled.delete(last);
    if (!overruled.size) another.focus(); // the button is of no use now, and loses the focus
    drawAgain(last, `The colour of ${where(last)} is the network's own again.`);
  }

  function wish(number) {
    if (!wished.delete(number)) wished.add(number);
    const words = [...wished].sort().map((one) => wishes[one][0]);
    const why = words.length ? `Wished: ${words.join(", ")}.` : "Nothing is wished.";
    drawAgain(0, why, newDrawing(model.get("seed"), overruled));
  }

  // The panel

  /** The likeliest colours of a pixel, with its own as the last if it is none of them. */
  function offersOf(pixel) {
    const p = chances(pixel);
    const order = [...p.keys()].sort((one, other) => p[other] - p[one]).slice(0, offered);
    const own = drawing.image[pixel];
    if (!order.includes(own)) order[offered - 1] = own;
    return order.map((colour) => ({ colour, p: p[colour] }));
  }

  /** Show what the chosen pixel could have been. */
  function showPixel() {
    place.textContent = chosen === null ? "No pixel is chosen yet" : capital(where(chosen));
    const offers = isDrawn(chosen) ? offersOf(chosen) : [];
    swatches.forEach((swatch, k) => swatch.show(offers[k]));
  }

  /** A button with a colour. show(offer): of { colour, p }, or of nothing. */
  function newSwatch() {
    const [ink, name, share] = [h("i"), h("span"), h("b")];
    let colour;
    const el = button("", () => overrule(colour));
    el.classList.add("opat-swatch");
    el.append(ink, name, share);
    return {
      el,
      show(offer) {
        el.disabled = !offer;
        colour = offer?.colour;
        el.setAttribute("aria-pressed", Boolean(offer) && colour === drawing.image[chosen]);
        ink.style.background = offer ? `rgb(${rgbOf(colour)})` : "";
        name.textContent = offer ? nameOf(colour) : "–";
        share.textContent = offer ? percent(offer.p).replace("below", "<") : "";
      },
    };
  }

  /** Bring all buttons up to date but those of the colours. */
  function update() {
    playButton.textContent = playing ? "Pause" : "Draw";
    undoButton.disabled = !overruled.size;
    othersButton.disabled = drawing.count < TOTAL || chosen === null;
    for (const arrow of arrows) arrow.disabled = chosen === null;
    wishButtons.forEach((one, number) => one.setAttribute("aria-pressed", wished.has(number)));
    wishButtons.forEach((one) => (one.disabled = network !== book)); // one's own knows no wishes
    others.hidden = !endings.length;
  }

  /** Draw with another network. own: null for the book's. */
  function take(own) {
    network = own ? asDrawer(own) : book;
    wished.clear();
    begin();
    say(own ? "Your own network draws. It knows no wishes." : "The book's network draws.");
    play();
  }

  function showPrices(now) {
    priced = now;
    pixels.forEach(paint);
  }

  /** Draw other endings: all pixels before the chosen one stay, and each ending has its own noise. */
  function drawOthers() {
    const start = chosen;
    const known = new Map(pixels.slice(0, start).map((pixel) => [pixel, drawing.image[pixel]]));
    const seed = model.get("seed") + 1;
    const other = newDrawing(seed, known);
    endings = [];
    onNextFrame(function next() {
      other.noise = (pixel) => noiseOf(seed + endings.length, pixel);
      other.goBack(start);
      other.drawTo(TOTAL);
      endings.push(other.image.slice());
      views.forEach((view, k) =>
        view.draw(Array.from(endings[k] ?? [], rgbOf).flat(), () => k < endings.length));
      update();
      if (endings.length < OTHERS) onNextFrame(next);
      else say(`${OTHERS} other faces with the same pixels before ${where(start)}, each with its own noise.`);
    });
  }

  // Words

  function percent(p) {
    if (p < 0.001) return "below 0.1 %";
    return p > 0.999 ? "over 99.9 %" : `${(100 * p).toFixed(1)} %`;
  }

  function describe(pixel) {
    const name = nameOf(drawing.image[pixel]);
    const how = overruled.has(pixel) ? `you chose ${name}, which had` : `${name} came, which had`;
    return `${where(pixel)}: ${how} ${percent(chanceOf(pixel))}.`;
  }

  function summary(chance) {
    const sure = chance.filter((one) => one > SURE).length;
    const bits = -sumOf(chance.map(Math.log2));
    const cost = compact ? "" : `, at ${bits.toFixed(0)} bits`;
    return (
      `The face is finished${cost}. ${sure} of its ${TOTAL} pixels were expected with over ` +
      `${100 * SURE} %.`
    );
  }

  function changes() {
    const { from, why } = reason;
    const again = pixels.slice(from).filter((pixel) =>
      !overruled.has(pixel) && earlier[pixel] !== undefined);
    const moved = again.filter((pixel) => drawing.image[pixel] !== earlier[pixel]).length;
    return `${why} With the same random numbers, ${moved} of the ${again.length} pixels drawn again changed.`;
  }

  // Controls

  const cells = grid({
    rows: SIDE, cols: SIDE, label: "The face", focus: (row, col) => look(row * SIDE + col),
  });
  const another = button("Another face", () => {
    change("seed", model.get("seed") + 1);
    begin();
    play();
  });
  const playButton = button("Draw", playOrPause);
  const wishButtons = wishes.map(([text], number) => button(capital(text), () => wish(number)));
  const place = h("p", { class: "opat-place" });
  const steps = { left: ["←", 0, -1], up: ["↑", -1, 0], down: ["↓", 1, 0], right: ["→", 0, 1] };
  const arrows = Object.entries(steps).map(([name, [sign, ...step]]) =>
    button(sign, () => move(...step), { "aria-label": `one pixel ${name}` }));
  const swatches = Array.from({ length: offered }, newSwatch);
  const undoButton = button("Undo", undo);
  const othersButton = button("Eight other endings from here", drawOthers);
  const views = Array.from({ length: OTHERS }, (_, k) =>
    picture({ width: SIDE, height: SIDE, label: `Face ${k + 1} that begins in the same way` }));
  const others = h("div", { class: "opat-endings" }, ...views.map((view) => view.el));
  const whoseNetwork = h("div");
  const view = choice({
    label: "Show", options: [[false, "colours"], [true, "prices"]], value: false, change: showPrices,
  });
  const group = (name, label, ...children) =>
    h("div", { class: `opat-${name}`, role: "group", "aria-label": label }, ...children);

  el.classList.add("opat-faces", ...(compact ? ["opat-compact"] : []));
  controls.append(another, playButton, undoButton, group("wishes", "Wishes", ...wishButtons), view, whoseNetwork);
  body.append(
    h("div", { class: "opat-stage" }, cells.el),
    h("div", { class: "opat-panel" },
      h("div", { class: "opat-chosen" }, place, ...arrows),
      group("swatches", "Its likeliest colours", ...swatches.map((swatch) => swatch.el)),
      ...(compact ? [] : [othersButton])),
    others,
  );

  begin();
  if (model.get("autoplay") && !calm) {
    const sight = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return;
      sight.disconnect();
      play();
    });
    sight.observe(el);
  } else {
    speed = Infinity; // the first face is there at once
    play();
  }
  const stop = given ? () => {} : whose(whoseNetwork, "the book's", (mine) => take(mine ? keptOwn() : null));
  return () => {
    cancelAnimationFrame(request);
    stop();
  };
}

export default { render };
