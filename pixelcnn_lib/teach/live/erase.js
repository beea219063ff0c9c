// A face with a hole: the reader erases pixels, and chapter 18's network for any order fills them.

const HIDDEN = 64; // the number of a pixel that is not known
const PASSES = 32; // of the network for a fill, at most
const FILLS = 4; // at a time
const REACH = 1; // pixels on each side of the one that is pressed
const BUDGET = 8; // milliseconds of drawing between two frames

/** Give a row of numbers the mean 0 and the variance 1, as LayerNormalization does. */
function normal(row) {
  const mean = sumOf(row) / row.length;
  const centred = row.map((value) => value - mean);
  const size = Math.sqrt(dot(centred, centred) / row.length + 1e-3);
  return centred.map((value) => value / size);
}

/** The network of erase.py. A dense layer is a convolution at one pixel. */
class Mixer {
  constructor({ layers, maths, names, embed }) {
    this.dense = layers.map((layer) => {
      const convolution = new Convolution(layer, 1, 1, maths);
      return (row) => (convolution.startPixel(0, 0), convolution.output(row));
    });
    this.nameOf = (colour) => names.subarray(colour * embed, (colour + 1) * embed);
  }

  /** The logits of some pixels. image: numbers of colours, HIDDEN where one is not known. */
  logits(image, pixels) {
    let rows = Array.from(image, this.nameOf);
    const [head] = this.dense.slice(-1);
    for (let layer = 0; layer < this.dense.length - 1; layer += 2) {
      const [first, second] = this.dense.slice(layer, layer + 2);
      const mixed = rows.map((row) => add(row, second(relu(first(normal(row))))));
      rows = Array.from(mixed[0], (_, i) => Float64Array.from(mixed, (row) => row[i]));
    }
    return pixels.map((pixel) => head(normal(rows[pixel])));
  }
}

/** A fill in the making: fill() of erase.py. image: HIDDEN in the hole. */
class Fill {
  constructor(mixer, image, seed) {
    Object.assign(this, { mixer, image: image.slice(), seed });
    const rank = (pixel) => noiseOf(seed, TOTAL + pixel);
    const hole = [...image.keys()].filter((pixel) => image[pixel] === HIDDEN);
    this.left = hole.sort((one, other) => rank(one) - rank(other)); // pixels, the next one first
    this.size = Math.ceil(hole.length / PASSES); // pixels in a pass
  }

  /** One pass of the network. */
  step() {
    const now = this.left.splice(0, this.size);
    const logits = this.mixer.logits(this.image, now);
    now.forEach((pixel, k) => {
      this.image[pixel] = draw(softmax(logits[k]), noiseOf(this.seed, pixel));
    });
  }
}

function render({ model, el }) {
  const mixer = new Mixer(readNetwork(model.get("network")));
  const palette = model.get("palette"); // [[name, red, green, blue], ...]
  const faces = model.get("faces").map(bytes);
  const { controls, body, say } = frame(el, model);
  const pixels = Array.from({ length: TOTAL }, (_, pixel) => pixel);
  const erased = new Set(pixels.filter((pixel) => bits(model.get("hole")).at(pixel)));
  let number = 0; // of the face
  let seed = 0; // of the first fill
  let fills = [];
  let request = 0; // of the next frame

  const rgbOf = (colour) => palette[colour]?.slice(1) ?? [0, 0, 0];

  /** Show the face with its hole, and begin to fill it. */
  function begin() {
    const image = faces[number % faces.length].map((colour, pixel) =>
      (erased.has(pixel) ? HIDDEN : colour));
    image.forEach((colour, pixel) => {
      const [row, col] = placeOf(pixel, SIDE);
      const hidden = colour === HIDDEN;
      cells.set(row, col, {
        style: hidden ? null : `background: rgb(${rgbOf(colour)})`,
        "data-erased": hidden,
        "aria-label": `row ${row}, column ${col}: ${hidden ? "erased" : palette[colour][0]}`,
      });
    });
    fills = views.map((_, k) => new Fill(mixer, image, seed + k));
    fills.forEach(show);
    say(erased.size ? `${erased.size} of ${TOTAL} pixels are erased.` : "Nothing is erased.");
    cancelAnimationFrame(request);
    if (erased.size) request = requestAnimationFrame(next);
  }

  function show({ image }, k) {
    views[k].draw(Array.from(image, rgbOf).flat(), (pixel) => image[pixel] !== HIDDEN);
  }

  /** Draw on for a while, all fills in their turn. */
  function next() {
    const end = performance.now() + BUDGET;
    do fills.forEach((fill) => fill.step());
    while (fills[0].left.length && performance.now() < end);
    fills.forEach(show);
    if (fills[0].left.length) return (request = requestAnimationFrame(next));
    const colours = (pixel) => new Set(fills.map(({ image }) => image[pixel])).size;
    const alike = [...erased].filter((pixel) => colours(pixel) === 1).length;
    say(`${erased.size} of ${TOTAL} pixels are erased. In ${alike} of them, all fills agree.`);
  }

  /** Erase a square around a pixel. */
  function erase(row, col) {
    const inSquare = (place) => Math.max(Math.abs(place[0] - row), Math.abs(place[1] - col)) <= REACH;
    for (const pixel of pixels) if (inSquare(placeOf(pixel, SIDE))) erased.add(pixel);
    begin();
  }

  const cells = grid({ rows: SIDE, cols: SIDE, label: "The face", drag: "mouse", press: erase });
  const views = Array.from({ length: FILLS }, (_, k) =>
    picture({ width: SIDE, height: SIDE, label: `Fill ${k + 1}` }));
  el.classList.add("opat-erase");
  controls.append(
    button("Other fills", () => ((seed += FILLS), begin())),
    button("Another face", () => (number++, begin())),
    button("Bring all back", () => (erased.clear(), begin())),
  );
  body.append(cells.el, h("div", { class: "opat-fills" }, ...views.map((view) => view.el)));
  begin();
  return () => cancelAnimationFrame(request);
}

export default { render };
