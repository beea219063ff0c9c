// PixelCNN in the page: the cached sampler of sampling.py, in plain JavaScript and float64.
//
// Each layer is run at one pixel and colour, from inputs that it has kept: nothing is computed
// twice. As it keeps the inputs of the whole picture, drawing can go back to any pixel.

/** Read weights/small.json, whose format book/tools/quantise.py tells. */
function readNetwork({ levels, colours, blocks, convolutions, exponents, weights }) {
  const bytes = Uint8Array.from(atob(weights), (letter) => letter.charCodeAt(0));
  let at = 0; // bytes read
  let columns = 0; // columns read
  const matrix = (rows, out) => {
    const numbers = new Float64Array(rows * out);
    for (let i = 0; i < numbers.length; i++, at += 3) {
      const whole = ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8)) >> 8;
      numbers[i] = whole * 2 ** exponents[columns + (i % out)];
    }
    columns += out;
    return numbers;
  };
  const layers = convolutions.map(([height, width, type, inputs, outputs]) => {
    const past = (height * width) >> 1; // taps on finished pixels; the present pixel's comes next
    const kernel = matrix((past + 1) * inputs + 1, outputs);
    return { height, width, type, inputs, outputs, past, kernel };
  });
  return { levels, colours, blocks, layers, skips: matrix(blocks, layers[0].outputs) };
}

/** A masked convolution at one pixel and colour, with the input it has received so far. */
class Convolution {
  constructor(layer, colours, height, width) {
    Object.assign(this, { layer, cols: width });
    this.stepIn = layer.inputs / colours;
    this.stepOut = layer.outputs / colours;
    this.known = layer.type === "A" ? 0 : this.stepIn; // of the output's own colour
    this.input = new Float64Array(height * width * layer.inputs);
    this.bias = layer.kernel.subarray((layer.past + 1) * layer.inputs * layer.outputs);
    this.sum = new Float64Array(layer.outputs);
  }

  /** Add up what the finished pixels give to this one. */
  startPixel(row, col) {
    const { height, width, inputs, past } = this.layer;
    this.centre = (row * this.cols + col) * inputs;
    this.colour = 0;
    this.sum.set(this.bias);
    for (let tap = 0; tap < past; tap++) {
      const y = row + Math.floor(tap / width) - (height >> 1);
      const x = col + (tap % width) - (width >> 1);
      if (y < 0 || x < 0 || x >= this.cols) continue;
      this.multiply((y * this.cols + x) * inputs, inputs, tap, 0, this.sum);
    }
  }

  /** Receive the input of one colour at this pixel. */
  take(colour, x) {
    this.input.set(x, this.centre + colour * this.stepIn);
  }

  /** Give the output of one colour at this pixel: the sum so far, and its own earlier colours. */
  output(colour) {
    const first = colour * this.stepOut;
    const y = this.sum.slice(first, first + this.stepOut);
    this.multiply(this.centre, colour * this.stepIn + this.known, this.layer.past, first, y);
    return y;
  }

  /** Take the next colour's input and give its output, as a layer of type B does. */
  next(x) {
    this.take(this.colour, x);
    return this.output(this.colour++);
  }

  /** y += inputs @ a tap's weights: `count` inputs from `from`, the outputs from `first`. */
  multiply(from, count, tap, first, y) {
    const { kernel, inputs, outputs } = this.layer;
    for (let i = 0; i < count; i++) {
      const x = this.input[from + i];
      if (x === 0) continue; // as many are, after a ReLU
      const at = (tap * inputs + i) * outputs + first;
      for (let o = 0; o < y.length; o++) y[o] += x * kernel[at + o];
    }
  }
}

const relu = (x) => x.map((value) => Math.max(value, 0));
const add = (x, y) => x.map((value, i) => value + y[i]);

/** The network at work on one picture of height x width pixels. */
class PixelNet {
  constructor(network, height, width) {
    const { levels, colours, blocks, layers, skips } = network;
    Object.assign(this, { levels, colours, skips });
    this.layers = layers.map((layer) => new Convolution(layer, colours, height, width));
    this.first = this.layers[0];
    this.body = Array.from({ length: blocks }, (_, i) => this.layers.slice(1 + 3 * i, 4 + 3 * i));
    this.top = this.layers.slice(1 + 3 * blocks);
  }

  startPixel(row, col) {
    for (const layer of this.layers) layer.startPixel(row, col);
  }

  /** The numbers that say how a colour of this pixel is distributed, given all values before it. */
  parameters(colour) {
    let x = this.first.output(colour); // (2h / colours)
    let skipped = x.map(() => 0);
    this.body.forEach(([narrow, look, widen], block) => {
      const skip = (block * this.colours + colour) * x.length;
      skipped = skipped.map((sum, i) => sum + x[i] * this.skips[skip + i]);
      x = add(x, widen.next(relu(look.next(relu(narrow.next(relu(x)))))));
    });
    let y = add(x, skipped);
    for (const layer of this.top) y = layer.next(relu(y));
    return y; // (3 * components): weights, means, log scales
  }

  /** Tell the network which level the colour of this pixel has. */
  put(colour, level) {
    this.first.take(colour, [level * (2 / (this.levels - 1)) - 1]);
  }
}

/** The logistic curves of a mixture, on [-1, 1]: log weight, mean and steepness of each. */
function readCurves(parameters) {
  const components = parameters.length / 3;
  const [weights, means, logScales] = [0, 1, 2].map((part) =>
    Array.from(parameters.subarray(part * components, (part + 1) * components)),
  );
  const total = logSumExp(weights);
  return weights.map((weight, i) => ({
    logWeight: weight - total,
    mean: means[i],
    steepness: Math.exp(-Math.min(Math.max(logScales[i], -7), 7)),
  }));
}

/** Natural log-probability of every level, from the network's parameters: see heads.py. */
function logProbs(parameters, levels) {
  const curves = readCurves(parameters);
  const half = 1 / (levels - 1);
  const inner = curves.map(({ steepness }) => Math.log(-Math.expm1(-2 * half * steepness)));
  return Array.from({ length: levels }, (_, level) => {
    const [first, last] = [level === 0, level === levels - 1];
    return logSumExp(
      curves.map(({ logWeight, mean, steepness }, i) => {
        const middle = (level * (2 * half) - 1 - mean) * steepness;
        const below = last ? 0 : logSigmoid(middle + half * steepness);
        const above = first ? 0 : logSigmoid(half * steepness - middle);
        return below + above + (first || last ? 0 : inner[i]) + logWeight;
      }),
    );
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
function probabilities(parameters, levels, temperature) {
  const logits = logProbs(parameters, levels).map((logP) => logP / temperature);
  const total = logSumExp(logits);
  return logits.map((logit) => Math.exp(logit - total));
}

/** The first level whose cumulative probability exceeds the noise, a number in [0, 1). */
function draw(parameters, levels, noise, temperature) {
  if (temperature !== 1) {
    const p = probabilities(parameters, levels, temperature);
    const total = p.reduce((sum, one) => sum + one, 0);
    let cumulative = 0;
    return p.findIndex((one) => (cumulative += one) > noise * total);
  }
  const curves = readCurves(parameters); // whose cumulative is known: no level needs listing
  let [first, last] = [0, levels - 1];
  while (first < last) {
    const middle = (first + last) >> 1;
    const edge = (2 * middle + 1) / (levels - 1) - 1; // above it
    const cumulative = curves.reduce((sum, { logWeight, mean, steepness }) => {
      const reached = 1 + Math.tanh(((edge - mean) * steepness) / 2);
      return sum + (Math.exp(logWeight) / 2) * reached;
    }, 0);
    if (cumulative > noise) last = middle;
    else first = middle + 1;
  }
  return first;
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
  constructor(network, height, width, noise, temperature = 1, known = new Map()) {
    Object.assign(this, { network, width, noise, temperature, known });
    this.net = new PixelNet(network, height, width);
    this.image = new Uint8Array(height * width * network.colours);
    this.parameters = []; // of every value drawn
    this.count = 0; // of values drawn
  }

  /** Draw the next value, or put it down if it is known. */
  step() {
    const { network, net, width, known, count } = this;
    const colour = count % network.colours;
    const pixel = (count - colour) / network.colours;
    if (colour === 0) net.startPixel(Math.floor(pixel / width), pixel % width);
    const parameters = net.parameters(colour);
    const level = known.has(count)
      ? known.get(count)
      : draw(parameters, network.levels, this.noise(count), this.temperature);
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
