// The network of the faces, a PixelSNAIL, in plain JavaScript and float64. To draw a pixel:
//
//   inputs   the pixels before it, each as the features of its colour's name, and the labels
//   first    a 3x3 convolution that sees the four neighbours drawn before
//   blocks   each adds the labels; then gated layers look at near pixels, and attention at all
//   top      two 1x1 convolutions
//   head     a logit for each colour
//
// Each layer keeps its inputs at all pixels, as caching.py does: nothing is computed twice, and drawing
// can go back to any pixel.

const SIDE = 16; // pixels of a face
const TOTAL = 256; // pixels

/** The usual arithmetic; rounded(x): what a convolution multiplies. */
const MATHS = { exp: Math.exp, tanh: Math.tanh, rounded: (x) => x };

/** The arithmetic of exact.py: it gives the same numbers everywhere, to the last bit. */
function exactMaths() {
  const grid = (x, bits) => Math.floor(x * 2 ** bits + 0.5) * 2 ** -bits;
  const table = Float64Array.from({ length: 2 ** 16 }, (_, i) => grid(Math.exp(-i / 2 ** 12), 24));
  const exp = (x) => table[Math.floor(Math.min(-x, 16) * 2 ** 12 + 0.5)] ?? 0; // x is never above 0
  const tanh = (x) => {
    const e = exp(-2 * Math.abs(x));
    return Math.sign(x) * grid((1 - e) / (1 + e), 24);
  };
  return { exp, tanh, rounded: (x) => grid(Math.max(-128, Math.min(128, x)), 12) };
}

/** Return a function that reads the next matrix of a file that book/tools/quantise.py describes. */
function matrices({ size, exponents, weights }, rounded = MATHS.rounded) {
  const data = bytes(weights);
  let at = 0; // bytes read
  let columns = 0; // columns read
  return (rows, out, each = size) => { // each: bytes of a number
    const numbers = new Float64Array(rows * out);
    const scales = Array.from({ length: out }, (_, column) => 2 ** (exponents[columns + column] / 8));
    for (let i = 0; i < numbers.length; i++) {
      let whole = 0;
      for (let byte = 0; byte < each; byte++) whole = (whole << 8) | data[at++];
      whole = (whole << (32 - 8 * each)) >> (32 - 8 * each); // the first bit is the sign
      numbers[i] = rounded(whole * scales[i % out]);
    }
    columns += out;
    return numbers;
  };
}

/** Read weights/faces.json. */
function readNetwork(file, maths = MATHS) {
  const { levels, embed, near, blocks, classes, convolutions } = file;
  const matrix = matrices(file, maths.rounded);
  const layers = convolutions.map(([height, width, type, inputs, outputs]) => {
    // The taps on finished pixels; then comes the pixel's own, which the first layer (A) does not see.
    const past = type === "A" ? (height * width - 1) / 2 : height * width - 1;
    const kernel = matrix((past + (type !== "A")) * inputs, outputs);
    const bias = matrix(outputs, 1, 3);
    return { width, inputs, outputs, past, kernel, bias };
  });
  const inEachBlock = (make) => Array.from({ length: blocks }, make);
  const biases = inEachBlock(() => matrix(sumOf(classes), layers[0].outputs));
  const offsets = inEachBlock(() => matrix(2 * near * (near + 1) + 1, 1, 3));
  const names = matrix(levels, embed);
  const network = { ...file, maths, layers, biases, offsets, names };
  return { ...network, start: (...picture) => new PixelNet(network, ...picture) };
}

const sumOf = (x) => x.reduce((sum, value) => sum + value, 0);
const add = (x, y) => x.map((value, i) => value + y[i]);
function dot(x, y) {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

const relu = (x) => x.map((value) => Math.max(value, 0));
const elu = (x, exp) => x.map((value) => Math.max(value, 0) + exp(Math.min(value, 0)) - 1);

/** Turn logits into weights, the largest of which is 1. */
function weightsOf(logits, exp) {
  const largest = Math.max(...logits); // taken off, so that no power is too large
  return Array.from(logits, (logit) => exp(logit - largest));
}

/** Turn logits into probabilities. */
function softmax(logits) {
  const weights = weightsOf(logits, Math.exp);
  const all = sumOf(weights);
  return weights.map((weight) => weight / all);
}

/** A masked convolution at one pixel, with the inputs of the pixels before it. */
class Convolution {
  constructor(layer, height, width, { rounded }) {
    Object.assign(this, { layer, cols: width, rounded });
    this.inputs = new Float64Array(height * width * layer.inputs); // of all pixels
    this.sum = new Float64Array(layer.outputs);
  }

  /** Add up what the finished pixels give to this one. */
  startPixel(row, col) {
    const { width, past, bias } = this.layer;
    this.pixel = row * this.cols + col;
    this.sum.set(bias);
    for (let tap = 0; tap < past; tap++) {
      const y = row + Math.floor(tap / width) - Math.floor(past / width);
      const x = col + (tap % width) - (past % width);
      if (y >= 0 && x >= 0 && x < this.cols) this.multiply(y * this.cols + x, tap);
    }
  }

  /** Keep this pixel's inputs. */
  keep(x) {
    this.inputs.set(x.map(this.rounded), this.pixel * x.length);
  }

  /** Keep this pixel's inputs, and give its output. */
  output(x) {
    this.keep(x);
    this.multiply(this.pixel, this.layer.past);
    return this.sum.slice();
  }

  /** Add a pixel's inputs times a tap's weights. */
  multiply(pixel, tap) {
    const { kernel, inputs, outputs } = this.layer;
    for (let i = 0; i < inputs; i++) {
      const x = this.inputs[pixel * inputs + i];
      if (x === 0) continue; // about half of them after a ReLU
      const row = (tap * inputs + i) * outputs;
      for (let o = 0; o < outputs; o++) this.sum[o] += x * kernel[row + o];
    }
  }
}

/** Two convolutions and a gate, whose output is added to the features: see pixelsnail.py. */
class Gated {
  /** next(): the network's next convolution. linked: whether there is a second input. */
  constructor(next, maths, linked = false) {
    Object.assign(this, { look: next(), choose: next(), link: linked && next(), maths });
  }

  output(x, other) {
    const { exp, tanh } = this.maths;
    const near = this.look.output(elu(x, exp));
    const seen = this.link ? add(near, this.link.output(elu(other, exp))) : near;
    const both = this.choose.output(elu(seen, exp));
    const twice = (i) => tanh(both[i]) * (1 + tanh(both[x.length + i] / 2)); // 2 tanh(a) sigmoid(b)
    return x.map((value, i) => value + twice(i) / 2);
  }
}

/** Attention to all finished pixels, whose keys and values are kept: see attention.py. */
class Attention {
  /** offsets: the bias of each place as seen from the pixel. near: how far these reach. */
  constructor(next, maths, offsets, near, width) {
    Object.assign(this, { query: next(), remember: next(), maths, offsets, near, cols: width });
    this.memory = []; // of each finished pixel, its key and its value
  }

  output(x, row, col) {
    const { near, cols, offsets, memory } = this;
    const { exp, rounded } = this.maths;
    this.pixel = row * cols + col;
    x = x.map(rounded);
    const size = Math.sqrt(dot(x, x) / x.length + 1e-5);
    this.input = x.map((value) => value / size);
    const query = this.query.output(this.input).map(rounded);
    const scores = [offsets[0]]; // nowhere, whose key and value are 0
    for (let pixel = 0; pixel < this.pixel; pixel++) {
      const [up, left] = placeOf(pixel, cols);
      const offset = offsets[(row - up) * (2 * near + 1) + col - left];
      scores.push(dot(query, memory[pixel].key) / Math.sqrt(query.length) + offset);
    }
    const mixed = new Float64Array(this.remember.layer.outputs - query.length);
    const weights = weightsOf(scores, exp).map(rounded);
    for (let pixel = 0; pixel < this.pixel; pixel++) {
      const { value } = memory[pixel];
      for (let i = 0; i < mixed.length; i++) mixed[i] += weights[pixel + 1] * value[i];
    }
    const all = sumOf(weights);
    return mixed.map((value) => value / all);
  }

  /** Keep the key and the value of this pixel, which is finished. name: the features of its colour. */
  keep(name) {
    const whole = Float64Array.from([...this.input, ...name]);
    const both = this.remember.output(whole).map(this.maths.rounded);
    const length = this.query.layer.outputs;
    this.memory[this.pixel] = { key: both.subarray(0, length), value: both.subarray(length) };
  }
}

/** Gated layers, then attention; one more gated layer adds its output: see pixelsnail.py. */
class Block {
  constructor(next, maths, residuals, ...attention) {
    this.nearBy = Array.from({ length: residuals }, () => new Gated(next, maths));
    this.attention = new Attention(next, maths, ...attention);
    this.merge = new Gated(next, maths, true);
  }

  output(x, row, col) {
    const y = this.nearBy.reduce((features, layer) => layer.output(features), x);
    return this.merge.output(y, this.attention.output(y, row, col));
  }
}

/** The network at work on one picture. labels: a number for each label. */
class PixelNet {
  constructor({ maths, layers, blocks, residuals, near, classes, biases, offsets, names, embed },
    height, width, labels) {
    this.maths = maths;
    this.layers = layers.map((layer) => new Convolution(layer, height, width, maths));
    const left = [...this.layers];
    const next = () => left.shift();
    this.first = next();
    this.blocks = Array.from({ length: blocks }, (_, i) =>
      new Block(next, maths, residuals, offsets[i], near, width));
    this.top = [next(), next()];
    this.head = next();
    const row = (matrix, number, length) => matrix.subarray(number * length, (number + 1) * length);
    this.nameOf = (colour) => row(names, colour, embed);
    const { outputs } = layers[0];
    const rows = labels.map((label, i) => sumOf(classes.slice(0, i)) + label);
    this.ofLabels = biases.map((bias) => rows.map((one) => row(bias, one, outputs)).reduce(add));
  }

  /** The logits of a pixel's colours, given all pixels before it. */
  logits(row, col) {
    for (const layer of this.layers) layer.startPixel(row, col);
    let x = this.first.sum;
    this.blocks.forEach((block, i) => {
      x = block.output(add(x, this.ofLabels[i]), row, col).map(this.maths.rounded);
    });
    return this.head.output(this.top.reduce((y, layer) => relu(layer.output(y)), relu(x)));
  }

  /** Tell the network which colour this pixel has. */
  put(colour) {
    const name = this.nameOf(colour);
    this.first.keep(name);
    for (const block of this.blocks) block.attention.keep(name);
  }
}

/** The first colour at which the sum of the probabilities exceeds the noise, a number in [0, 1). */
function draw(probabilities, noise) {
  const all = sumOf(probabilities); // 1, but for rounding
  let sum = 0;
  return probabilities.findIndex((one) => (sum += one) > noise * all);
}

/** A seed's noise for a pixel, by its number, in [0, 1). Being a hash, it knows no order.
    Source: lowbias32 from Chris Wellons, Prospecting for Hash Functions (2018), public domain. */
function noiseOf(seed, number) {
  const hash = (x) => {
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return (x ^ (x >>> 16)) >>> 0;
  };
  return hash(hash(seed ^ 0x9e3779b9) + number) / 2 ** 32;
}

/** A picture in the making: its pixels are numbered in their order, from 0. */
class Drawing {
  /** network: what readNetwork or asDrawer gives. noise: from a pixel's number to its noise. known: a Map
      from number to colour. */
  constructor(network, height, width, noise, known, labels) {
    Object.assign(this, { width, noise, known });
    this.net = network.start(height, width, labels);
    this.image = new Uint8Array(height * width);
    this.logits = []; // of every pixel drawn
    this.count = 0; // of pixels drawn
  }

  /** Draw the next pixel, or put it down if it is known. */
  step() {
    const { net, width, known, count } = this;
    const logits = net.logits(...placeOf(count, width));
    const colour = known.get(count) ?? draw(softmax(logits), this.noise(count));
    net.put(colour);
    this.logits[count] = logits;
    this.image[count] = colour;
    this.count++;
  }

  /** Draw on until there are `count` pixels. */
  drawTo(count) {
    while (this.count < count) this.step();
  }

  /** Go back to before a pixel. */
  goBack(number) {
    this.count = Math.min(this.count, number);
  }
}
