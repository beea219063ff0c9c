// The reader's own network, of chapter 1's form: read from a file, kept in the browser, run at one pixel.
//
// A network is { form, weights, steps, bits }. form: { embed, width, first, blocks }, the features of a
// colour, the features of a pixel, the side of the first window, and how many blocks. weights: a
// Float32Array, in Keras's order, of each window only what its mask keeps. own.py writes the same file.

const COLOURS = 64;
const PROGRAM = "one-pixel-at-a-time";
const MOST_WEIGHTS = 1_000_000;
const MOST_LETTERS = 6_000_000; // of a file
const KEPT = "opat-own"; // the name in the browser's storage, and of the event when it changes

/** The masked convolutions of a form, in their order: { width, past, inputs, outputs, own, bias }. own:
    whether the pixel itself is seen; bias: whether the outputs have one. */
function convolutionsOf({ embed, width, first, blocks }) {
  const half = width / 2;
  const dense = (inputs, outputs) => ({ width: 1, past: 0, inputs, outputs, own: true, bias: true });
  const look = { width: 3, past: 4, inputs: half, outputs: half, own: true, bias: false };
  const begin = { width: first, past: (first ** 2 - 1) / 2, inputs: embed, outputs: width, own: false, bias: false };
  const block = () => [dense(width, half), look, dense(half, width)];
  const body = Array.from({ length: blocks }, block).flat();
  return [begin, ...body, dense(width, width), dense(width, COLOURS)];
}

/** How many numbers a convolution's kernel has. */
const sizeOf = ({ past, own, inputs, outputs }) => (past + own) * inputs * outputs;

/** How many weights a network has. */
const weightsIn = (form) => COLOURS * form.embed + sumOf(convolutionsOf(form).map((one) =>
  sizeOf(one) + (one.bias ? one.outputs : 0)));

/** Read a network's file. Throws an Error of one line. */
function readOwn(text) {
  const fail = (why) => {
    throw new Error(`This is no network of chapter 1's form: ${why}. Save one here, or with own.save in Python.`);
  };
  if (text.length > MOST_LETTERS) fail(`a file has at most ${MOST_LETTERS / 1e6} MB`);
  let file = null;
  try {
    file = JSON.parse(text);
  } catch {
    fail("it is not JSON");
  }
  if (file?.program !== PROGRAM || file.version !== 1) fail(`it needs the program ${PROGRAM}, version 1`);
  const { embed, width, first, blocks } = file.form ?? {};
  const form = { embed, width, first, blocks };
  const whole = (n, least, most) => Number.isInteger(n) && least <= n && n <= most;
  const fits = whole(embed, 1, 256) && whole(width, 2, 256) && width % 2 === 0 && whole(blocks, 0, 20);
  if (!fits || !whole(first, 3, 15) || first % 2 === 0) fail(`its form is ${JSON.stringify(form)}`);
  const count = weightsIn(form);
  if (count > MOST_WEIGHTS) fail(`it has over ${MOST_WEIGHTS} weights`);
  const letters = 4 * Math.ceil((4 * count) / 3);
  if (typeof file.weights !== "string" || file.weights.length !== letters)
    fail(`this form has ${count} weights, and the file has another number`);
  let weights = null;
  try {
    weights = new Float32Array(bytes(file.weights).buffer, 0, count);
  } catch {
    fail("its weights are damaged");
  }
  if (!weights.every(Number.isFinite)) fail("some weights are no numbers");
  const number = (n) => (Number.isFinite(n) && n >= 0 ? n : 0);
  return { form, weights, steps: number(file.steps), bits: number(file.bits) };
}

/** Write a network's file: text. */
function writeOwn({ form: { embed, width, first, blocks }, weights, steps, bits }) {
  const raw = new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength);
  let letters = "";
  for (let at = 0; at < raw.length; at += 9999) letters += String.fromCharCode(...raw.subarray(at, at + 9999));
  const form = { embed, width, first, blocks };
  return JSON.stringify({ program: PROGRAM, version: 1, form, steps, bits, weights: btoa(letters) });
}

/** The network that this browser keeps, or null. */
function keptOwn() {
  try {
    return readOwn(localStorage.getItem(KEPT) ?? "");
  } catch {
    return null;
  }
}

/** Keep a network in this browser, in place of the last one, or with null forget it. Returns whether
    the browser has done so: it can refuse, and its room is bounded. */
function keepOwn(own) {
  try {
    if (own) localStorage.setItem(KEPT, writeOwn(own));
    else localStorage.removeItem(KEPT);
  } catch {
    return false;
  }
  dispatchEvent(new Event(KEPT));
  return true;
}

/** Call a function now, and whenever another network is kept, in this page or in another one. */
function whenKept(change) {
  const stored = (event) => (event.key === KEPT || event.key === null) && change();
  addEventListener(KEPT, change);
  addEventListener("storage", stored);
  change();
  return () => {
    removeEventListener(KEPT, change);
    removeEventListener("storage", stored);
  };
}

/** The network at work on one picture: like PixelNet, which see. */
class OwnNet {
  constructor({ form, weights }, height, width) {
    let at = 0; // weights read
    const read = (count) => weights.subarray(at, (at += count));
    const names = read(COLOURS * form.embed);
    this.nameOf = (colour) => names.subarray(colour * form.embed, (colour + 1) * form.embed);
    this.layers = convolutionsOf(form).map((one) => {
      const kernel = read(sizeOf(one));
      const bias = one.bias ? read(one.outputs) : new Float32Array(one.outputs);
      return new Convolution({ ...one, kernel, bias }, height, width, MATHS);
    });
    this.blocks = form.blocks;
  }

  /** The logits of a pixel's colours, given all pixels before it. */
  logits(row, col) {
    for (const layer of this.layers) layer.startPixel(row, col);
    const [first, ...rest] = this.layers;
    const next = (x) => rest.shift().output(relu(x));
    let x = first.sum;
    for (let block = 0; block < this.blocks; block++) x = add(x, next(next(next(x))));
    return next(next(x));
  }

  /** Tell the network which colour this pixel has. */
  put(colour) {
    this.layers[0].keep(Float64Array.from(this.nameOf(colour)));
  }
}

/** What a Drawing needs of a network of one's own. */
const asDrawer = (own) => ({ start: (height, width) => new OwnNet(own, height, width) });

/** What compose.py gives, with its pictures as bytes. */
const decoded = ({ layers, lens }) => ({
  lens,
  layers: layers.map((layer) => ({ ...layer, pictures: bytes(layer.pictures) })),
});

/** Start a worker of a program. hear(message); fail(words) if the browser cannot. */
function newWorker(program, hear, fail) {
  const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.onmessage = ({ data }) => hear(data);
  worker.onerror = ({ message }) => fail(`This browser cannot run the training: ${message}`);
  return worker;
}

/** Let the reader choose between the figure's network and the kept one: radio buttons in `place`, as long
    as a network is kept. of: what the figure's is called. change(mine). Returns a function that stops it. */
function whose(place, of, change) {
  let mine = false;
  return whenKept(() => {
    const kept = keptOwn();
    const was = mine;
    mine &&= Boolean(kept);
    const options = [[false, of], [true, "mine"]];
    const settings = { label: "Network", options, value: mine, change: (value) => change((mine = value)) };
    place.replaceChildren(...(kept ? [choice(settings)] : []));
    if (was) change(mine);
  });
}
