// PixelCNN in the page: the cached network of caching.py, in plain JavaScript and float64.
//
// Each layer is run at one pixel, from inputs that it has kept: nothing is computed twice. The head
// ties the colours of a pixel, so that the layers run once for all of them. As the network keeps the
// inputs of the whole picture, drawing can go back to any pixel.

/** Read a file such as weights/small.json, whose format book/tools/quantise.py explains. */
function readNetwork(file) {
  const { blocks, classes, size, convolutions, exponents, weights } = file;
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
    const past = (height * width) >> 1; // taps on finished pixels; the present pixel's comes next
    const kernel = matrix((past + (type === "B")) * inputs, outputs); // type A does not see it
    const bias = matrix(outputs, 1, 3);
    return { height, width, inputs, outputs, past, kernel, bias };
  });
  const { outputs } = layers[0];
  const biases = Array.from({ length: classes ? blocks : 0 }, () => matrix(classes, outputs));
  const skips = matrix(blocks, outputs);
  const { levels, colours, head, straight } = file;
  return { levels, colours, classes, blocks, head, straight, layers, skips, biases };
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
    const { height, width, inputs, past, bias } = this.layer;
    this.centre = (row * this.cols + col) * inputs;
    this.sum.set(bias);
    for (let tap = 0; tap < past; tap++) {
      const y = row + Math.floor(tap / width) - (height >> 1);
      const x = col + (tap % width) - (width >> 1);
      if (y < 0 || x < 0 || x >= this.cols) continue;
      this.multiply((y * this.cols + x) * inputs, tap);
    }
  }

  /** Receive inputs at this pixel, from number `from` on. */
  take(from, x) {
    this.input.set(x, this.centre + from);
  }

  /** Take this pixel's input too and give the output, as a layer of type B does. */
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
const add = (x, y) => x.map((value, i) => value + y[i]);

/** The network at work on one picture of height x width pixels; label: of a network with classes. */
class PixelNet {
  constructor(network, height, width, label) {
    const { levels, straight, blocks, layers, skips, biases } = network;
    Object.assign(this, { levels, straight, skips, biases, label });
    this.layers = layers.map((layer) => new Convolution(layer, height, width));
    this.first = this.layers[0];
    this.body = Array.from({ length: blocks }, (_, i) => this.layers.slice(1 + 3 * i, 4 + 3 * i));
    this.top = this.layers.slice(1 + 3 * blocks, -1);
    this.head = this.layers.at(-1);
  }

  startPixel(row, col) {
    for (const layer of this.layers) layer.startPixel(row, col);
  }

  /** The numbers that say how this pixel is distributed, given all pixels before it. */
  parameters() {
    let x = this.first.sum.slice(); // (2h); a layer of type A does not see the pixel itself
    let skipped = x.map(() => 0);
    this.body.forEach(([narrow, look, widen], block) => {
      const bias = this.biases[block]; // (classes, 2h)
      if (bias) x = x.map((value, i) => value + bias[this.label * x.length + i]);
      skipped = skipped.map((sum, i) => sum + x[i] * this.skips[block * x.length + i]);
      x = add(x, widen.output(relu(look.output(relu(narrow.output(relu(x)))))));
    });
    const seen = add(x, skipped);
    const features = this.top.reduce((y, layer) => relu(layer.output(y)), relu(seen));
    return this.head.output(this.straight ? Float64Array.from([...features, ...seen]) : features);
  }

  /** Tell the network which level a colour of this pixel has. */
  put(colour, level) {
    this.first.take(colour, [level * (2 / (this.levels - 1)) - 1]);
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
  const total = p.reduce((sum, one) => sum + one, 0);
  let cumulative = 0;
  return p.findIndex((one) => (cumulative += one) > noise * total);
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
