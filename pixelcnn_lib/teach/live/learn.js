// A network of chapter 1's form learns: each layer knows its output and its slopes.
//
//   forward(x)    the layer's output; it keeps what backward needs
//   backward(d)   from the slopes of the loss along the output to those along the input; on the way,
//                 the slopes along the weights
//
// "Slope along x" is the gradient: how fast the loss rises if a number of x rises. A matrix is a
// Float32Array, row after row, with a row for each pixel of the batch.

/** Where all matrices live, and what multiplies them. */
class Arena {
  /** bytes: of memory. program: matmul.wasm, whose source is matmul.wat. */
  constructor(bytes, program) {
    this.at = 0; // bytes given away
    if (globalThis.WebAssembly?.validate(program)) {
      const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 2 ** 16) });
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(program), { page: { memory } });
      this.buffer = memory.buffer;
      this.inTiles = exports.multiply;
    } else this.buffer = new ArrayBuffer(bytes); // an older browser, without SIMD
    this.numbers = new Float32Array(this.buffer, 0, bytes >> 2);
  }

  /** The product of matmul.wat, whose tiles need rows in fours and columns in eights. */
  product(a, b, out, rows, inner, cols, down, along) {
    if (this.inTiles && rows % 4 === 0 && cols % 8 === 0)
      return this.inTiles(a, b, out, rows, inner, cols, down, along);
    multiplyPlainly(this.numbers, a >> 2, b >> 2, out >> 2, rows, inner, cols, down >> 2, along >> 2);
  }

  /** A new matrix of zeros. */
  matrix(length) {
    const matrix = new Float32Array(this.buffer, this.at, length);
    this.at += 4 * length;
    return matrix;
  }

  /** out += a b; a is (rows, inner), b is (inner, cols). */
  multiply(a, b, out, rows, inner, cols) {
    this.product(a.byteOffset, b.byteOffset, out.byteOffset, rows, inner, cols, 4 * inner, 4);
  }

  /** out += aᵀ b; a is (inner, rows). Some of `inner` at a time: they stay in the nearest memory. */
  multiplyTransposed(a, b, out, rows, inner, cols) {
    for (let k = 0; k < inner; k += 128) {
      const [from, below] = [a.byteOffset + 4 * k * rows, b.byteOffset + 4 * k * cols];
      const some = Math.min(128, inner - k);
      this.product(from, below, out.byteOffset, rows, some, cols, 4, 4 * rows);
    }
  }
}

/** matmul.wat in JavaScript: places and distances are counted in numbers. */
function multiplyPlainly(numbers, a, b, out, rows, inner, cols, down, along) {
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < inner; k++) {
      const x = numbers[a + row * down + k * along];
      if (x === 0) continue; // about half of them after a ReLU
      const to = out + row * cols;
      const from = b + k * cols;
      for (let col = 0; col < cols; col++) numbers[to + col] += x * numbers[from + col];
    }
}

/** Weights, their slopes, and Adam's two averages of the slopes. Source: Kingma and Ba (2015). */
class Weights {
  constructor(arena, length) {
    [this.values, this.slopes, this.mean, this.square] = Array.from({ length: 4 }, () => arena.matrix(length));
  }

  /** One step of Adam, the number `step` from 1 on, with slopes no longer than 1, as in chapter 1. */
  learn(rate, step) {
    const { values, slopes, mean, square } = this;
    let length = 0;
    for (let i = 0; i < slopes.length; i++) length += slopes[i] * slopes[i];
    const clip = Math.min(1, 1 / Math.sqrt(length));
    const pace = rate * Math.sqrt(1 - 0.999 ** step) / (1 - 0.9 ** step);
    for (let i = 0; i < values.length; i++) {
      const slope = slopes[i] * clip;
      mean[i] += 0.1 * (slope - mean[i]);
      square[i] += 0.001 * (slope * slope - square[i]);
      values[i] -= pace * mean[i] / (Math.sqrt(square[i]) + 1e-7);
    }
  }
}

/** Every pixel's features times the same weights, plus a bias: outputs of inputs. */
class Dense {
  constructor({ arena, rows, weights }, inputs, outputs, bias = true) {
    Object.assign(this, { arena, rows, inputs, outputs });
    this.kernel = new Weights(arena, inputs * outputs);
    this.bias = bias && new Weights(arena, outputs);
    weights.push(this.kernel, ...(bias ? [this.bias] : []));
    this.kernel.reach = Math.sqrt(6 / (inputs + outputs)); // Glorot and Bengio (2010)
    this.y = arena.matrix(rows * outputs);
    this.dx = arena.matrix(rows * inputs);
    this.turned = arena.matrix(inputs * outputs); // the kernel, transposed
  }

  forward(x) {
    const { y, outputs } = this;
    this.x = x;
    if (this.bias) for (let i = 0; i < y.length; i += outputs) y.set(this.bias.values, i);
    else y.fill(0);
    this.arena.multiply(x, this.kernel.values, y, this.rows, this.inputs, outputs);
    return y; // x W + b
  }

  backward(dy) {
    const { arena, rows, inputs, outputs, turned, dx } = this;
    arena.multiplyTransposed(this.x, dy, this.kernel.slopes, inputs, rows, outputs); // xᵀ dy
    if (this.bias) {
      const { slopes } = this.bias;
      for (let i = 0; i < dy.length; i += outputs) for (let o = 0; o < outputs; o++) slopes[o] += dy[i + o];
    }
    for (let i = 0; i < inputs; i++)
      for (let o = 0; o < outputs; o++) turned[o * inputs + i] = this.kernel.values[i * outputs + o];
    dx.fill(0);
    arena.multiply(dy, turned, dx, rows, outputs, inputs);
    return dx; // dy Wᵀ
  }
}

/** No number below 0. */
class Relu {
  constructor({ arena, rows }, features) {
    this.y = arena.matrix(rows * features);
  }

  forward(x) {
    for (let i = 0; i < x.length; i++) this.y[i] = x[i] > 0 ? x[i] : 0;
    return this.y;
  }

  backward(d) {
    for (let i = 0; i < d.length; i++) if (this.y[i] === 0) d[i] = 0;
    return d;
  }
}

/** The features of a pixel's neighbours, side by side: what a convolution's weights multiply. */
class Window {
  /** size: pixels on each side. kind: mask "A" or "B", or "" for no mask: then it sees all. */
  constructor({ arena, rows }, features, size, kind) {
    const middle = (size * size - 1) / 2;
    this.features = features;
    this.taps = kind === "" ? size * size : middle + (kind === "B");
    this.y = arena.matrix(rows * this.taps * features);
    this.dx = arena.matrix(rows * features);
    this.from = new Int32Array(rows * this.taps).fill(-1); // the neighbour's row; -1 is outside
    for (let row = 0; row < rows; row++) {
      const [up, left] = placeOf(row % TOTAL, SIDE);
      for (let tap = 0; tap < this.taps; tap++) {
        const [y, x] = placeOf(tap, size).map((place) => place - (size - 1) / 2);
        const inside = up + y >= 0 && up + y < SIDE && left + x >= 0 && left + x < SIDE;
        if (inside) this.from[row * this.taps + tap] = row + y * SIDE + x;
      }
    }
  }

  forward(x) {
    const { features, from, y } = this;
    for (let i = 0; i < from.length; i++)
      if (from[i] >= 0) for (let j = 0; j < features; j++) y[i * features + j] = x[from[i] * features + j];
    return y;
  }

  backward(dy) {
    const { features, from, dx } = this;
    dx.fill(0);
    for (let i = 0; i < from.length; i++)
      if (from[i] >= 0) for (let j = 0; j < features; j++) dx[from[i] * features + j] += dy[i * features + j];
    return dx;
  }
}

/** The learnt features of each colour. */
class Embedding {
  constructor({ arena, rows, weights }, colours, features) {
    Object.assign(this, { rows, features, table: new Weights(arena, colours * features) });
    this.table.reach = 0.2;
    weights.push(this.table);
    this.y = arena.matrix(rows * features);
  }

  forward(images) {
    const { features, y, table } = this;
    this.images = images;
    for (let i = 0; i < y.length; i++)
      y[i] = table.values[images[Math.floor(i / features)] * features + (i % features)];
    return y;
  }

  backward(dy) {
    const { features, images, table } = this;
    for (let i = 0; i < dy.length; i++)
      table.slopes[images[Math.floor(i / features)] * features + (i % features)] += dy[i];
  }
}

/** Layers, one after another. */
class Chain {
  constructor(...layers) {
    this.layers = layers;
  }

  forward(x) {
    return this.layers.reduce((y, layer) => layer.forward(y), x);
  }

  backward(d) {
    return this.layers.reduceRight((slopes, layer) => layer.backward(slopes), d);
  }
}

/** A masked convolution: see Window. */
const conv = (net, inputs, outputs, size, kind) => {
  const look = new Window(net, inputs, size, kind);
  return new Chain(look, new Dense(net, look.taps * inputs, outputs, false));
};

function addTo(x, more) {
  for (let i = 0; i < x.length; i++) x[i] += more[i];
  return x;
}

/** The network of chapter 1, which learns. */
class Learner {
  /** form: own.js's, with the number of `colours` and whether the windows are `masked`. batch: faces in a
      step. program: matmul.wasm. */
  constructor(form, batch, program) {
    Object.assign(this, { form, batch, rows: batch * TOTAL });
    let numbers = 0; // of all matrices: counted first, and then made
    this.build({ matrix: (length) => ((numbers += length), []) });
    this.build(new Arena(4 * numbers, program));
  }

  build(arena) {
    const { colours, embed, width, first, blocks, masked } = this.form;
    const half = width / 2;
    const dense = (inputs, outputs) => new Dense(this, inputs, outputs);
    const relu = (features) => new Relu(this, features);
    const [maskA, maskB] = masked ? ["A", "B"] : ["", ""];
    this.arena = arena;
    this.weights = []; // in Keras's order
    this.embedding = new Embedding(this, colours, embed);
    this.first = conv(this, embed, width, first, maskA);
    this.blocks = Array.from({ length: blocks }, () => new Chain(
      relu(width), dense(width, half),
      relu(half), conv(this, half, half, 3, maskB),
      relu(half), dense(half, width),
    ));
    this.top = new Chain(relu(width), dense(width, width), relu(width), dense(width, colours));
    this.prices = new Float32Array(this.rows); // the bits of each pixel
  }

  /** Small random weights, and biases of 0. random(): a number in [0, 1). */
  start(random) {
    for (const { values, reach = 0 } of this.weights)
      for (let i = 0; i < values.length; i++) values[i] = (2 * random() - 1) * reach;
  }

  /** Take the weights of another network of this form, one after another. */
  load(numbers) {
    let at = 0;
    for (const { values } of this.weights) values.set(numbers.subarray(at, (at += values.length)));
  }

  /** The logits of all pixels. images: a number of a colour for each. */
  forward(images) {
    let x = this.first.forward(this.embedding.forward(images));
    for (const block of this.blocks) x = addTo(x, block.forward(x));
    return this.top.forward(x);
  }

  /** Compute all slopes. Returns the loss: the bits of a face. */
  gradient(images) {
    for (const { slopes } of this.weights) slopes.fill(0);
    let d = this.top.backward(this.slopesOfLogits(this.forward(images), images));
    for (const block of [...this.blocks].reverse()) d = addTo(d, block.backward(d));
    this.embedding.backward(this.first.backward(d));
    return sumOf(this.prices) / this.batch;
  }

  /** Turn logits, in their place, into the slopes of the loss along them: (p - 1) for the colour that
      came, p for all others, in bits and for a mean over the faces. Notes each pixel's price. */
  slopesOfLogits(logits, images) {
    const { colours } = this.form;
    const unit = 1 / (Math.LN2 * this.batch);
    for (let row = 0; row < this.rows; row++) {
      const ours = logits.subarray(row * colours, (row + 1) * colours);
      const came = images[row];
      let largest = -Infinity;
      for (let c = 0; c < colours; c++) if (ours[c] > largest) largest = ours[c];
      const gap = largest - ours[came];
      let all = 0;
      for (let c = 0; c < colours; c++) all += ours[c] = Math.exp(ours[c] - largest);
      this.prices[row] = (Math.log(all) + gap) / Math.LN2;
      for (let c = 0; c < colours; c++) ours[c] *= unit / all;
      ours[came] -= unit;
    }
    return logits;
  }

  /** One step of training. Returns the loss before it. */
  step(images, rate, number) {
    const bits = this.gradient(images);
    for (const one of this.weights) one.learn(rate, number);
    return bits;
  }

  /** The price of every pixel of some faces, in bits, without learning: (faces * 256,). */
  score(images) {
    const prices = new Float32Array(images.length);
    for (let at = 0; at < images.length; at += this.rows) {
      const some = images.subarray(at, at + this.rows);
      this.slopesOfLogits(this.forward(some), some);
      prices.set(this.prices, at);
    }
    return prices;
  }

  /** All weights, one after another. */
  get values() {
    const all = new Float32Array(this.weights.reduce((sum, { values }) => sum + values.length, 0));
    let at = 0;
    for (const { values } of this.weights) {
      all.set(values, at);
      at += values.length;
    }
    return all;
  }
}
