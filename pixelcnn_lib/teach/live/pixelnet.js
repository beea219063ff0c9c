// PixelCNN and PixelSNAIL in the page: the cached networks of caching.py, in plain JavaScript and
// float64.
//
// Each layer is run at one pixel, from inputs that it has kept: nothing is computed twice. The head
// ties the colours of a pixel, so that the layers run once for all of them. As the network keeps the
// inputs of the whole picture, drawing can go back to any pixel.

/** Read a file such as weights/faces.json, whose format book/tools/quantise.py explains. */
function readNetwork(file) {
  const { levels, embed, near, blocks, classes, size, convolutions, exponents, weights } = file;
  const data = Uint8Array.from(atob(weights), (letter) => letter.charCodeAt(0));
  let at = 0; // bytes read
  let columns = 0; // columns read
  const matrix = (rows, out, bytes = size) => {
    const numbers = new Float64Array(rows * out);
    const scales = Array.from({ length: out }, (_, column) => 2 ** (exponents[columns + column] / 8));
    for (let i = 0; i < numbers.length; i++) {
      let whole = 0;
      for (let byte = 0; byte < bytes; byte++) whole = (whole << 8) | data[at++];
      whole = (whole << (32 - 8 * bytes)) >> (32 - 8 * bytes); // the first bit is the sign
      numbers[i] = whole * scales[i % out];
    }
    columns += out;
    return numbers;
  };
  const layers = convolutions.map(([height, width, type, inputs, outputs]) => {
    // taps on finished pixels; the present pixel's comes next, in a causal one (type C) as the last
    const past = type === "C" ? height * width - 1 : (height * width) >> 1;
    const kernel = matrix((past + (type !== "A")) * inputs, outputs); // type A does not see it
    const bias = matrix(outputs, 1, 3);
    return { width, inputs, outputs, past, kernel, bias };
  });
  const { outputs } = layers[0];
  const each = (make) => Array.from({ length: blocks }, make);
  const rows = sumOf([classes].flat()); // the classes of all labels stand below each other
  const biases = rows ? each(() => matrix(rows, outputs)) : null;
  const skips = near ? null : matrix(blocks, outputs);
  const offsets = near ? each(() => matrix(2 * near * (near + 1) + 1, 1, 3)) : null;
  const names = embed ? matrix(levels, embed) : null;
  return { ...file, layers, biases, skips, offsets, names };
}

/** A masked convolution at one pixel, with the inputs of the pixels before it. */
class Convolution {
  constructor(layer, height, width) {
    Object.assign(this, { layer, cols: width });
    this.input = new Float64Array(height * width * layer.inputs);
    this.sum = new Float64Array(layer.outputs);
  }

  /** Add up what the finished pixels give to this one. */
  startPixel(row, col) {
    const { width, inputs, past, bias } = this.layer;
    this.centre = (row * this.cols + col) * inputs;
    this.sum.set(bias);
    for (let tap = 0; tap < past; tap++) {
      const y = row + Math.floor(tap / width) - Math.floor(past / width);
      const x = col + (tap % width) - (past % width);
      if (y < 0 || x < 0 || x >= this.cols) continue;
      this.multiply((y * this.cols + x) * inputs, tap);
    }
  }

  /** Receive inputs at this pixel, from number `from` on. */
  take(from, x) {
    this.input.set(x, this.centre + from);
  }

  /** All inputs at this pixel. */
  present() {
    return this.input.subarray(this.centre, this.centre + this.layer.inputs);
  }

  /** Take this pixel's input too and give the output, as a layer of type B or C does. */
  output(x) {
    this.take(0, x);
    this.multiply(this.centre, this.layer.past);
    return this.sum.slice();
  }

  /** Add a tap's inputs, which begin at `from`, times its weights. */
  multiply(from, tap) {
    const { kernel, inputs, outputs } = this.layer;
    for (let i = 0; i < inputs; i++) {
      const x = this.input[from + i];
      if (x === 0) continue; // as many are, after a ReLU
      const at = (tap * inputs + i) * outputs;
      for (let o = 0; o < outputs; o++) this.sum[o] += x * kernel[at + o];
    }
  }
}

const relu = (x) => x.map((value) => Math.max(value, 0));
const elu = (x) => x.map((value) => (value > 0 ? value : Math.expm1(value)));
const add = (x, y) => x.map((value, i) => value + y[i]);
const sumOf = (x) => x.reduce((sum, value) => sum + value, 0);

/** Three convolutions, a ReLU before each, whose output is added to the features: see layers.py. */
class Residual {
  constructor(next) {
    this.layers = [next(), next(), next()];
  }

  output(x) {
    return add(x, this.layers.reduce((y, layer) => layer.output(relu(y)), x));
  }

  keep() {}
}

/** Two convolutions and a gate, whose output is added to the features: see gates.py. */
class Gated {
  constructor(next, linked = false) {
    Object.assign(this, { look: next(), choose: next(), link: linked && next() });
  }

  output(x, other) {
    const near = this.look.output(elu(x));
    const both = this.choose.output(elu(this.link ? add(near, this.link.output(elu(other))) : near));
    const gate = (i) => 1 / (1 + Math.exp(-both[x.length + i]));
    return x.map((value, i) => value + Math.tanh(both[i]) * gate(i));
  }
}

/** Attention of one head to all finished pixels, whose keys and values it has kept: attention.py. */
class Attention {
  constructor(next, offsets, near, height, width) {
    Object.assign(this, { query: next(), remember: next(), offsets, near, cols: width });
    this.memory = new Float64Array(height * width * this.remember.layer.outputs);
  }

  output(x, row, col) {
    const { near, cols, memory, offsets } = this;
    const { outputs } = this.remember.layer;
    this.pixel = row * cols + col;
    const size = Math.sqrt(sumOf(x.map((value) => value * value)) / x.length + 1e-5);
    this.input = x.map((value) => value / size);
    const query = this.query.output(this.input);
    const scores = [offsets[0]]; // nowhere, whose key and value are 0
    for (let pixel = 0; pixel < this.pixel; pixel++) {
      const up = Math.min(row - Math.floor(pixel / cols), near);
      const left = Math.min(Math.max(col - (pixel % cols), -near), near);
      let score = 0;
      for (let i = 0; i < query.length; i++) score += query[i] * memory[pixel * outputs + i];
      scores.push(score / Math.sqrt(query.length) + offsets[up * (2 * near + 1) + left]);
    }
    const logSum = logSumExp(scores);
    const mixed = new Float64Array(outputs - query.length);
    for (let pixel = 0; pixel < this.pixel; pixel++) {
      const share = Math.exp(scores[pixel + 1] - logSum);
      for (let i = 0; i < mixed.length; i++)
        mixed[i] += share * memory[pixel * outputs + query.length + i];
    }
    return mixed;
  }

  /** Store the key and the value of the pixel, which is finished: `values` are its own. */
  keep(values) {
    const both = this.remember.output(Float64Array.from([...this.input, ...values]));
    this.memory.set(both, this.pixel * both.length);
  }
}

/** A block of PixelSNAIL: see pixelsnail.py. */
class Snail {
  constructor(next, residuals, ...attention) {
    this.nearBy = Array.from({ length: residuals }, () => new Gated(next));
    this.attention = new Attention(next, ...attention);
    this.merge = new Gated(next, true);
  }

  output(x, row, col) {
    const y = this.nearBy.reduce((z, layer) => layer.output(z), x);
    return this.merge.output(y, this.attention.output(y, row, col));
  }

  keep(values) {
    this.attention.keep(values);
  }
}

/** The network at work on one picture of height x width pixels; label: of a network with classes,
    a number, or a list of them for several labels. */
class PixelNet {
  constructor(network, height, width, label) {
    const { blocks, layers, offsets, near, residuals } = network;
    Object.assign(this, { network, place: [0, 0] });
    this.layers = layers.map((layer) => new Convolution(layer, height, width));
    const left = [...this.layers];
    const next = () => left.shift();
    this.first = next();
    this.body = Array.from({ length: blocks }, (_, i) =>
      near ? new Snail(next, residuals, offsets[i], near, height, width) : new Residual(next));
    this.head = left.pop();
    this.top = left;
    this.ofClass = network.biases?.map((bias) => this.biasOf(bias, label));
  }

  /** The sum of the rows of a bias, (classes, 2h), one for each label. */
  biasOf(bias, label) {
    const { outputs } = this.first.layer;
    let above = 0; // the classes of the labels before
    return [this.network.classes].flat().reduce((sum, count, i) => {
      const row = above + [label].flat()[i];
      above += count;
      return add(sum, bias.subarray(row * outputs, (row + 1) * outputs));
    }, new Float64Array(outputs));
  }

  startPixel(row, col) {
    this.place = [row, col];
    for (const layer of this.layers) layer.startPixel(row, col);
  }

  /** The numbers that say how this pixel is distributed, given all pixels before it. */
  parameters() {
    const { skips, straight } = this.network;
    let x = this.first.sum.slice(); // (2h); a layer of type A does not see the pixel itself
    let skipped = x.map(() => 0);
    this.body.forEach((block, i) => {
      if (this.ofClass) x = add(x, this.ofClass[i]);
      if (skips) skipped = skipped.map((sum, k) => sum + x[k] * skips[i * x.length + k]);
      x = block.output(x, ...this.place);
    });
    const seen = add(x, skipped);
    const features = this.top.reduce((y, layer) => relu(layer.output(y)), relu(seen));
    return this.head.output(straight ? Float64Array.from([...features, ...seen]) : features);
  }

  /** Tell the network which level a colour of this pixel has. */
  put(colour, level) {
    const { levels, colours, embed, names } = this.network;
    const scaled = level * (2 / (levels - 1)) - 1;
    const values = embed ? names.subarray(level * embed, (level + 1) * embed) : [scaled];
    this.first.take(colour, values);
    if (colour === colours - 1) for (const block of this.body) block.keep(this.first.present());
  }
}

// The heads of heads.py: what a pixel's parameters say of its next colour, and of those after it.

/** The parameters of a pixel's next colour, `left` of its colours being left. */
function nextColour({ head }, parameters, left) {
  if (head === "categorical") return parameters; // (levels)
  const parts = componentsOf(parameters, left);
  return Float64Array.from([...parts(0, 2), ...parts(1 + left, 2 + left)]); // weights, means, scales
}

/** The parameters of the colours after the next one, which has turned out to be `level`. */
function givenColour({ levels }, parameters, left, level) {
  const parts = componentsOf(parameters, left);
  const areas = logAreas(parts(1, 2), parts(1 + left, 2 + left), level, levels);
  const weights = add(parts(0, 1), areas);
  const scaled = level * (2 / (levels - 1)) - 1;
  const shifts = parts(1 + 2 * left, 3 * left).map((shift) => Math.tanh(shift) * scaled);
  const means = add(parts(2, 1 + left), shifts);
  return Float64Array.from(
    [...weights, ...means, ...parts(2 + left, 1 + 2 * left), ...parts(3 * left)],
  );
}

/** A function that cuts out parts of a mixture's parameters, each part having all components. */
function componentsOf(parameters, left) {
  const components = parameters.length / (1 + 2 * left + (left * (left - 1)) / 2);
  return (first, end) => parameters.subarray(components * first, end && components * end);
}

/** Natural log-probability of every level, from a value's parameters. */
function logProbs({ head, levels }, parameters) {
  if (head === "categorical") {
    const total = logSumExp(parameters);
    return Array.from(parameters, (logit) => logit - total);
  }
  const [weights, means, logScales] = [0, 1, 2].map((part) => componentsOf(parameters, 1)(part, part + 1));
  const total = logSumExp(weights);
  return Array.from({ length: levels }, (_, level) => {
    const areas = logAreas(means, logScales, level, levels);
    return logSumExp(areas.map((area, i) => area + weights[i] - total));
  });
}

const steepness = (logScale) => Math.exp(-Math.min(Math.max(logScale, -7), 7));

/** Each logistic curve's area between the two edges of a level, as a logarithm: see heads.py. */
function logAreas(means, logScales, level, levels) {
  const half = 1 / (levels - 1);
  const [first, last] = [level === 0, level === levels - 1];
  return means.map((mean, i) => {
    const steep = steepness(logScales[i]);
    const middle = (level * (2 * half) - 1 - mean) * steep;
    const below = last ? 0 : logSigmoid(middle + half * steep);
    const above = first ? 0 : logSigmoid(half * steep - middle);
    return below + above + (first || last ? 0 : Math.log(-Math.expm1(-2 * half * steep)));
  });
}

/** log(1 / (1 + e^-x)), safe for any x. */
const logSigmoid = (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));

/** log(sum(e^x)), safe for any x. */
function logSumExp(x) {
  const largest = Math.max(...x);
  return largest + Math.log(x.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

/** The probabilities of all levels; a temperature below 1 favours the likely. */
function probabilities(network, parameters, temperature) {
  const logits = logProbs(network, parameters).map((logP) => logP / temperature);
  const total = logSumExp(logits);
  return logits.map((logit) => Math.exp(logit - total));
}

/** The first level whose cumulative probability exceeds the noise, a number in [0, 1). */
function draw(network, parameters, noise, temperature) {
  const { head, levels } = network;
  if (head === "categorical" || temperature !== 1)
    return firstAbove(probabilities(network, parameters, temperature), noise);
  const components = parameters.length / 3; // their cumulative is known: no level needs listing
  const total = logSumExp(parameters.subarray(0, components));
  let [first, last] = [0, levels - 1];
  while (first < last) {
    const middle = (first + last) >> 1;
    const edge = (2 * middle + 1) / (levels - 1) - 1; // above it
    let cumulative = 0;
    for (let i = 0; i < components; i++) {
      const mean = parameters[components + i];
      const steep = steepness(parameters[2 * components + i]);
      const reached = 1 + Math.tanh(((edge - mean) * steep) / 2);
      cumulative += (Math.exp(parameters[i] - total) / 2) * reached;
    }
    if (cumulative > noise) last = middle;
    else first = middle + 1;
  }
  return first;
}

/** The first of some probabilities at which their sum from the left exceeds the noise. */
function firstAbove(p, noise) {
  const all = sumOf(p);
  let cumulative = 0;
  return p.findIndex((one) => (cumulative += one) > noise * all);
}

/** A seed's noise for the value of a number, in [0, 1). Being a hash, it knows no order.
    Source: lowbias32 from Chris Wellons, Prospecting for Hash Functions (2018), public domain. */
function noiseOf(seed, number) {
  const hash = (x) => {
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return (x ^ (x >>> 16)) >>> 0;
  };
  return hash(hash(seed ^ 0x9e3779b9) + number) / 2 ** 32;
}

/** A picture in the making: its values are numbered in their order, from 0. */
class Drawing {
  /** noise: from a value's number to its noise. known: a Map from number to level. */
  constructor(network, height, width, noise, temperature = 1, known = new Map(), label = null) {
    Object.assign(this, { network, width, noise, temperature, known });
    this.net = new PixelNet(network, height, width, label);
    this.image = new Uint8Array(height * width * network.colours);
    this.parameters = []; // of every value drawn
    this.count = 0; // of values drawn
  }

  /** Draw the next value, or put it down if it is known. */
  step() {
    const { network, net, width, known, count } = this;
    const { colours } = network;
    const colour = count % colours;
    const pixel = (count - colour) / colours;
    const left = colours - colour;
    if (colour === 0) {
      net.startPixel(Math.floor(pixel / width), pixel % width);
      this.rest = net.parameters();
    }
    const parameters = nextColour(network, this.rest, left);
    const level = known.has(count)
      ? known.get(count)
      : draw(network, parameters, this.noise(count), this.temperature);
    if (left > 1) this.rest = givenColour(network, this.rest, left, level);
    net.put(colour, level);
    this.parameters[count] = parameters;
    this.image[count] = level;
    this.count++;
  }

  /** Draw on until there are `count` values. */
  drawTo(count) {
    while (this.count < count) this.step();
  }

  /** Go back to before the pixel that this value belongs to. */
  goBack(number) {
    this.count = Math.min(this.count, number - (number % this.network.colours));
  }
}
