// A face with a hole: the reader erases pixels, and chapter 18's network for any order fills them.

const HIDDEN = 64; // the number of a pixel that is not known
const SURE = 0.1; // bits: if no hidden pixel has more, all are drawn at once
const FILLS = 4; // at a time
const REACH = 1; // pixels on each side of the one that is pressed
const BUDGET = 8; // milliseconds of drawing between two frames

/** Multiply rows of numbers by a matrix (inputs, outputs), and add a bias. */
function dense(rows, [{ numbers }, bias]) {
  return rows.map((row) => {
    const sum = bias.numbers.slice();
    row.forEach((x, i) => {
      if (x === 0) return; // about half of them after a ReLU
      for (let o = 0, at = i * sum.length; o < sum.length; o++, at++) sum[o] += x * numbers[at];
    });
    return sum;
  });
}

/** Give rows of numbers the mean 0 and the variance 1, then a learned scale and shift. */
function normal(rows, [scale, shift]) {
  return rows.map((row) => {
    const mean = sumOf(row) / row.length;
    const centred = row.map((value) => value - mean);
    const size = Math.sqrt(dot(centred, centred) / row.length + 1e-3);
    return centred.map((value, i) => (value / size) * scale.numbers[i] + shift.numbers[i]);
  });
}

/** What each token takes from all: queries, keys and values are rows, one for each token. */
function attend(queries, keys, values, heads) {
  const part = (row, head) => row.subarray((head * row.length) / heads, ((head + 1) * row.length) / heads);
  return queries.map((query) => {
    const mixed = new Float64Array(values[0].length);
    for (let head = 0; head < heads; head++) {
      const asks = part(query, head);
      const weights = softmax(keys.map((key) => dot(asks, part(key, head)) / Math.sqrt(asks.length)));
      const sum = part(mixed, head);
      values.forEach((value, token) => {
        const given = part(value, head);
        for (let i = 0; i < sum.length; i++) sum[i] += weights[token] * given[i];
      });
    }
    return mixed;
  });
}

/** The network of anyorder.py, from weights/any-order.json. A token is a square of 2x2 pixels. */
class AnyOrder {
  constructor(file) {
    Object.assign(this, { blocks: file.blocks, heads: file.heads });
    const matrix = matrices(file);
    this.arrays = file.shapes.map((shape) => ({ columns: shape[1], numbers: matrix(...shape) }));
  }

  /** The logits of all pixels. image: numbers of colours, HIDDEN where one is not known. */
  logits(image) {
    const left = this.arrays.slice();
    const next = (count) => left.splice(0, count);
    const row = ({ numbers, columns }, number) => numbers.subarray(number * columns, (number + 1) * columns);
    const [names] = next(1);
    const inputs = SQUARES.map((square) =>
      Float64Array.from(square.flatMap((pixel) => [...row(names, image[pixel])])));
    let x = dense(inputs, next(2));
    const [places] = next(1);
    x = x.map((features, token) => add(features, row(places, token)));
    for (let block = 0; block < this.blocks; block++) {
      const h = normal(x, next(2));
      const [queries, keys, values] = [next(2), next(2), next(2)].map((layer) => dense(h, layer));
      const seen = dense(attend(queries, keys, values, this.heads), next(2));
      x = x.map((features, token) => add(features, seen[token]));
      const wide = dense(normal(x, next(2)), next(2)).map(relu);
      const narrow = dense(wide, next(2));
      x = x.map((features, token) => add(features, narrow[token]));
    }
    x = normal(x, next(2));
    const [kernel, bias] = next(2); // (4 * HIDDEN, features)
    const logits = [];
    SQUARES.forEach((square, token) => square.forEach((pixel, part) => {
      logits[pixel] = bias.numbers.map((value, colour) =>
        value + dot(row(kernel, part * HIDDEN + colour), x[token]));
    }));
    return logits;
  }
}

/** The pixels of each token. */
const SQUARES = Array.from({ length: TOTAL / 4 }, (_, token) => {
  const [row, col] = placeOf(token, SIDE / 2);
  const first = 2 * row * SIDE + 2 * col;
  return [first, first + 1, first + SIDE, first + SIDE + 1];
});

/** The entropy of probabilities, in bits. */
const entropyOf = (p) => -sumOf(p.map((one) => (one > 0 ? one * Math.log2(one) : 0)));

/** A fill in the making, the biggest question first: draw() of anyorder.py. image: HIDDEN in the hole. */
class Fill {
  constructor(network, image, seed) {
    Object.assign(this, { network, image: image.slice(), seed });
  }

  /** The pixels that are still hidden. */
  get left() {
    return [...this.image.keys()].filter((pixel) => this.image[pixel] === HIDDEN);
  }

  /** One pass of the network. */
  step() {
    const { left } = this;
    const logits = this.network.logits(this.image);
    const p = new Map(left.map((pixel) => [pixel, softmax(logits[pixel])]));
    const bits = new Map(left.map((pixel) => [pixel, entropyOf(p.get(pixel))]));
    const most = left.reduce((best, pixel) => (bits.get(pixel) > bits.get(best) ? pixel : best));
    for (const pixel of bits.get(most) > SURE ? [most] : left) {
      this.image[pixel] = draw(p.get(pixel), noiseOf(this.seed, pixel));
    }
  }
}

function render({ model, el }) {
  const network = new AnyOrder(model.get("network"));
  const palette = model.get("palette"); // [[name, red, green, blue], ...]
  const faces = model.get("faces").map(bytes);
  const { controls, body, say } = frame(el, model);
  const pixels = Array.from({ length: TOTAL }, (_, pixel) => pixel);
  const erased = new Set(pixels.filter((pixel) => bits(model.get("hole")).at(pixel)));
  let number = 0; // of the face
  let seed = 0; // of the first fill
  let fills = [];
  let turn = 0; // of the next fill
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
    fills = views.map((_, k) => new Fill(network, image, seed + k));
    fills.forEach(show);
    say(erased.size ? `${erased.size} of ${TOTAL} pixels are erased.` : "Nothing is erased.");
    cancelAnimationFrame(request);
    if (erased.size) request = requestAnimationFrame(next);
  }

  function show({ image }, k) {
    views[k].draw(Array.from(image, rgbOf).flat(), (pixel) => image[pixel] !== HIDDEN);
  }

  /** Draw on for a while, the fills in their turn. */
  function next() {
    const end = performance.now() + BUDGET;
    const open = () => fills.filter(({ left }) => left.length);
    do open()[turn++ % open().length].step();
    while (open().length && performance.now() < end);
    fills.forEach(show);
    if (open().length) return (request = requestAnimationFrame(next));
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
