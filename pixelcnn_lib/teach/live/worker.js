// The training, beside the page: it trains, scores and draws, and the page stays quick. Messages in:
//
//   { train: settings }   begin; see train.js
//   { go: false }         stop after this step; { go: true } goes on
//   { price: own }        what a network of one's own pays for each pixel, and what it draws
//
// Messages out: { step, bits, left } after some steps; { scored } with new faces every few seconds;
// { done }; { priced }; { error }.

const TEST_FACES = 200; // new faces, which score a network
const TEST_SEED = 20_160_125; // of these; a training's seeds are small
const BEAT = 60; // milliseconds of training between two looks at the messages
const REDRAW = 4000; // milliseconds of training between two scores, at most; fewer at first
const FACES = 16; // drawn at each score

/** The mean bits of a face, the error of this mean, and the mean price of each pixel. */
function summed(prices) {
  const count = prices.length / TOTAL;
  const faces = Array.from({ length: count }, (_, n) => sumOf(prices.subarray(n * TOTAL, (n + 1) * TOTAL)));
  const bits = sumOf(faces) / count;
  const spread = sumOf(faces.map((one) => (one - bits) ** 2)) / (count - 1);
  const pixels = new Float32Array(TOTAL);
  prices.forEach((price, i) => (pixels[i % TOTAL] += price / count));
  return { bits, error: Math.sqrt(spread / count), pixels };
}

/** Draw faces with a network of one's own, each with noise of its own. */
function drawFaces(own, count, seed) {
  const faces = new Uint8Array(count * TOTAL);
  const drawing = new Drawing(asDrawer(own), SIDE, SIDE, null, new Map(), []);
  for (let n = 0; n < count; n++) {
    drawing.noise = (pixel) => noiseOf(seed + n, pixel);
    drawing.goBack(0);
    drawing.drawTo(TOTAL);
    faces.set(drawing.image, n * TOTAL);
  }
  return faces;
}

/** Draw with a network that sees all pixels, where those to come are still of colour 0. */
function drawInPasses(learner, seed) {
  const { batch, form } = learner;
  const faces = new Uint8Array(batch * TOTAL);
  for (let pixel = 0; pixel < TOTAL; pixel++) {
    const logits = learner.forward(faces);
    for (let n = 0; n < batch; n++) {
      const row = (n * TOTAL + pixel) * form.colours;
      const probabilities = softmax(logits.subarray(row, row + form.colours));
      faces[n * TOTAL + pixel] = draw(probabilities, noiseOf(seed + n, pixel));
    }
  }
  return faces;
}

/** A training that can stop and go on. settings: see train.js. tell: sends a message. */
class Training {
  constructor({ form, batch, steps, rate, seed, parts, program }, tell) {
    Object.assign(this, { batch, steps, rate, parts, tell });
    this.learner = new Learner(form, batch, program);
    this.random = randomOf(seed);
    this.learner.start(this.random);
    this.test = composeFaces(parts, TEST_FACES, randomOf(TEST_SEED));
    this.number = 0; // of steps done
    this.recent = []; // the losses since the last message
    this.spent = 0; // milliseconds of training
    this.score();
  }

  /** Train for a moment. Returns whether anything is left to do. */
  train() {
    const start = performance.now();
    while (this.number < this.steps && performance.now() - start < BEAT) {
      const rate = this.rate * (1 + Math.cos((Math.PI * this.number) / this.steps)) / 2;
      const faces = composeFaces(this.parts, this.batch, this.random);
      this.recent.push(this.learner.step(faces, rate, ++this.number));
    }
    const bits = sumOf(this.recent) / this.recent.length;
    if (!(bits < 1e6)) throw new Error("The training came apart: the loss is no number. Take a lower rate.");
    this.spent += performance.now() - start;
    this.tell({ step: this.number, bits, left: ((this.steps - this.number) * this.spent) / this.number / 1000 });
    this.recent = [];
    const done = this.number === this.steps;
    if (done || this.spent - this.scored > Math.min(REDRAW, 500 + this.spent / 3)) this.score();
    return !done;
  }

  /** Score new faces, and draw some. */
  score() {
    this.scored = this.spent;
    const { form, values } = this.learner;
    const { bits } = summed(this.learner.score(this.test));
    const own = { form, weights: values, steps: this.number, bits };
    const faces = form.masked ? drawFaces(own, FACES, 0) : drawInPasses(this.learner, 0);
    this.tell({ scored: { step: this.number, bits, faces, own: form.masked ? own : null } });
  }
}

/** What a network of one's own pays for each pixel, and faces that it draws. */
function priced({ own, parts, program }) {
  const learner = new Learner({ ...own.form, colours: COLOURS, masked: true }, 4, program);
  learner.load(own.weights);
  const prices = learner.score(composeFaces(parts, TEST_FACES, randomOf(TEST_SEED)));
  return { ...summed(prices), faces: drawFaces(own, FACES, 0) };
}

function work() {
  const channel = new MessageChannel(); // lets other messages come in between, also in a hidden tab
  let training = null;
  let going = false;
  const safely = (act) => {
    try {
      act();
    } catch (error) {
      going = false;
      postMessage({ error: error.message });
    }
  };
  channel.port1.onmessage = () => safely(() => {
    if (!going) return;
    going = training.train();
    if (going) channel.port2.postMessage(null);
    else postMessage({ done: true });
  });
  onmessage = ({ data }) => safely(() => {
    if (data.price) return postMessage({ priced: priced(data.price) });
    if (data.train) training = new Training(data.train, (message) => postMessage(message));
    const began = !going;
    going = data.go ?? true;
    if (!going) training.score();
    else if (began) channel.port2.postMessage(null);
  });
}

if (typeof WorkerGlobalScope !== "undefined") work();
