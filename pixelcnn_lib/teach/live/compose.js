// Faces composed at random, as faces.py does it: no face comes twice but by chance.

const CLEAR = 255; // no paint: what lies below is seen
const LENS = 254; // a dark glass: what lies below is seen in another colour

/** One of a few, by their chances, which sum to 1. random(): a number in [0, 1). */
function pick(chances, random) {
  let left = random();
  const found = chances.findIndex((chance) => (left -= chance) < 0);
  return found < 0 ? chances.length - 1 : found;
}

/** Compose a face: the number of each pixel's colour. parts: compose.py's. */
function composeFace({ layers, lens }, random) {
  const seen = new Uint8Array(TOTAL);
  for (const { options, colours, pictures } of layers) {
    const start = TOTAL * (pick(options, random) * colours.length + pick(colours, random));
    for (let pixel = 0; pixel < TOTAL; pixel++) {
      const paint = pictures[start + pixel];
      if (paint === LENS) seen[pixel] = lens[seen[pixel]];
      else if (paint !== CLEAR) seen[pixel] = paint;
    }
  }
  return seen;
}

/** Several faces, one after another. */
function composeFaces(parts, count, random) {
  const faces = new Uint8Array(count * TOTAL);
  for (let n = 0; n < count; n++) faces.set(composeFace(parts, random), n * TOTAL);
  return faces;
}

/** Numbers in [0, 1) that a seed determines. Source: mulberry32, Tommy Ettinger (2017), public domain. */
function randomOf(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
