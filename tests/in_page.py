"""Run the network of pixelnet.js in tests, in Node, which comes with Playwright; read a face there."""

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import playwright
import quantise

from pixelcnn_lib.teach import anyorder
from pixelcnn_lib.teach.live import base
from pixelcnn_lib.teach.live.faces import PALETTE

DRIVER = Path(playwright.__file__).parent / "driver"
NODE = shutil.which("node", path=os.pathsep.join([os.environ["PATH"], str(DRIVER)]))

MODULES = ("parts.js", "pixelnet.js", "coder.js", "own.js", "compose.js", "learn.js", "worker.js")
# Each takes one object and gives base64 text.
PROGRAMS = """
function encode(array) {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  let text = "";
  for (let i = 0; i < bytes.length; i += 9999) text += String.fromCharCode(...bytes.slice(i, i + 9999));
  return btoa(text);
}
function score({ file, images, height, width, labels }) {
  const network = readNetwork(file);
  const all = images.flatMap((image, index) => {
    const drawing = new Drawing(network, height, width, null, new Map(image.entries()), labels[index]);
    drawing.drawTo(image.length);
    return drawing.logits.flatMap((logits) => softmax(logits).map(Math.log));
  });
  return encode(Float64Array.from(all));
}
function paint({ file, noise, height, width, known, changes, labels }) {
  const drawing = new Drawing(readNetwork(file), height, width, (i) => noise[i], new Map(known), labels);
  drawing.drawTo(noise.length);
  for (const [pixel, colour] of changes) {
    drawing.known.set(pixel, colour);
    drawing.goBack(pixel);
    drawing.drawTo(noise.length);
  }
  return encode(drawing.image);
}
function write({ file, image, height, width, labels }) {
  const coder = new RangeCoder();
  runCoder(coder, readNetwork(file, exactMaths()), height, width, labels, image);
  return encode(Uint8Array.from(coder.bytes()));
}
function read({ file, stream, height, width, labels }) {
  const network = readNetwork(file, exactMaths());
  return encode(runCoder(new RangeCoder(stream), network, height, width, labels, null));
}
function learner({ form, batch, program, weights }) {
  const one = new Learner(form, batch, bytes(program));
  if (weights) one.load(Float32Array.from(weights));
  return one;
}
function product({ program, a, b, sizes: [rows, inner, cols], turned }) {
  const arena = new Arena(4 * (a.length + b.length + rows * cols), bytes(program));
  const [x, y] = [a, b].map((numbers) => {
    const matrix = arena.matrix(numbers.length);
    matrix.set(numbers);
    return matrix;
  });
  const out = arena.matrix(rows * cols);
  if (turned) arena.multiplyTransposed(x, y, out, rows, inner, cols);
  else arena.multiply(x, y, out, rows, inner, cols);
  return encode(out);
}
function gradient(given) {
  const one = learner(given);
  const loss = one.gradient(given.images);
  return encode(Float32Array.from([loss, ...one.weights.flatMap(({ slopes }) => [...slopes])]));
}
function adam({ start, slopes, rate }) {
  const weights = new Weights(new Arena(1000, bytes("")), start.length);
  weights.values.set(start);
  slopes.forEach((one, i) => {
    weights.slopes.set(one);
    weights.learn(rate, i + 1);
  });
  return encode(weights.values);
}
function prices({ file, images, batch, program }) {
  const { form, weights } = readOwn(JSON.stringify(file));
  const one = learner({ form: { ...form, colours: COLOURS, masked: true }, batch, program, weights });
  return encode(one.score(Uint8Array.from(images)));
}
function drawn({ file, seed, count }) {
  return encode(drawFaces(readOwn(JSON.stringify(file)), count, seed));
}
function influence(given) {
  const [one, { image, batch, form }] = [learner(given), given];
  const logits = (pixel, colour) => { // of the image with another colour of a pixel
    const changed = image.slice();
    changed[pixel] = colour;
    return one.forward(Array.from({ length: batch }, () => changed).flat()).slice(0, TOTAL * form.colours);
  };
  const depends = new Uint8Array(TOTAL * TOTAL);
  const same = logits(0, image[0]);
  for (let source = 0; source < TOTAL; source++)
    logits(source, (image[source] + 1) % form.colours).forEach((logit, i) => {
      if (logit !== same[i]) depends[Math.floor(i / form.colours) * TOTAL + source] = 1;
    });
  return encode(depends);
}
function composed({ parts, count, numbers }) {
  return encode(composeFaces(decoded(parts), count, () => numbers.shift()));
}
function trained({ parts, program, ...settings }) {
  const training = new Training({ ...settings, parts: decoded(parts), program: bytes(program) }, () => {});
  while (training.train());
  return encode(training.learner.values);
}
const letters = (text) => encode(new TextEncoder().encode(text));
function rewritten({ text }) {
  return letters(writeOwn(readOwn(text)));
}
function refused({ text }) {
  try {
    readOwn(text);
  } catch (error) {
    return letters(error.message);
  }
  return letters("not refused");
}
function anyOrder({ file, images }) {
  const network = new AnyOrder(file);
  return encode(Float64Array.from(images.flatMap((image) => network.logits(image).flatMap((one) => [...one]))));
}
function noises({ seed, count }) {
  return encode(Float64Array.from({ length: count }, (_, number) => noiseOf(seed, number)));
}
"""


def run(name, dtype, modules=MODULES, **given):
    """Run one of PROGRAMS with what it is given, and return its array."""
    code = "".join(base.read(module).removesuffix(base.EXPORT) for module in modules) + PROGRAMS
    text = f"{code} process.stdout.write({name}({json.dumps(given)}))"
    options = dict(input=text, capture_output=True, check=True, encoding="utf-8")
    printed = subprocess.run([NODE, "-"], **options).stdout
    return np.frombuffer(base64.b64decode(printed), dtype)


def wide(model):
    """The same model in float64."""
    twin = type(model).from_config(model.get_config(), dtype="float64")
    twin.set_weights(model.get_weights())
    return twin


def as_stored(model, file):
    """Return the model in float64 with the weights of the page's file, read without the page."""
    model, matrix = wide(model), anyorder.reader(file)
    for layer in quantise.convolutions(model):
        height, width, filters_in, filters_out = layer.kernel.shape
        kernel = np.zeros((height * width, filters_in, filters_out))
        living = len(layer.offsets) - (layer.mask_type == "A")
        read = matrix(living * filters_in, filters_out)
        kernel[:living] = read.reshape(living, filters_in, filters_out)
        layer.kernel.assign(kernel.reshape(layer.kernel.shape))
        layer.bias.assign(matrix(filters_out, 1, quantise.EXACT)[:, 0])
    for bias in model.class_biases:
        bias.assign(matrix(*bias.shape))
    for block in model.body:
        bias = block.attention.bias
        bias.assign(matrix(bias.shape[1], 1, quantise.EXACT).T)
    model.embedding.embeddings.assign(matrix(model.levels, model.embed))
    return model


def face_in(view):
    """The face, from what is told of its pixels: (16, 16, 1); -1 where nothing is drawn."""
    numbers = {name: number for number, (name, *_) in enumerate(PALETTE)}
    told = view.get_by_role("gridcell").evaluate_all("all => all.map(e => e.ariaLabel)")
    return np.array([numbers.get(one.partition(": ")[2], -1) for one in told]).reshape(16, 16, 1)
