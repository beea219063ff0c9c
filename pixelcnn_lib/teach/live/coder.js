// The stream of a face's file, without header and checksums: coding.py says how it is written.

/** A range coder. Its interval has all the numbers that stand for the decisions so far. */
class RangeCoder {
  /** stream: bytes to read, behind which are zeros; an empty one to write. */
  constructor(stream = []) {
    Object.assign(this, { low: 0n, width: 2n ** 64n - 1n, length: 64, stream }); // length: in bits
  }

  /** The number that the first `length` bits of the stream are. */
  number() {
    const byte = (_, i) => this.stream[i] ?? 0;
    return Array.from({ length: this.length / 8 }, byte).reduce((n, one) => 256n * n + BigInt(one), 0n);
  }

  /** Write a decision, or read it if it is not given. share: of 2^24, of the lower half. */
  decide(share, upper) {
    const part = this.width >> 24n;
    const middle = part * BigInt(share);
    upper ??= this.number() - this.low >= middle;
    this.low += upper ? middle : 0n;
    this.width = upper ? part * BigInt(2 ** 24 - share) : middle;
    if (this.width < 2n ** 32n) {
      this.low <<= 32n;
      this.width <<= 32n;
      this.length += 32;
    }
    return upper;
  }

  /** How many bytes of the stream a number needs, so that it stays in the interval whatever follows. */
  decided() {
    for (let bytes = 0; 8 * bytes < this.length; bytes++) {
      const rest = BigInt(this.length - 8 * bytes);
      const start = (this.number() >> rest) << rest;
      if (start >= this.low && start + (1n << rest) <= this.low + this.width) return bytes;
    }
    return Infinity;
  }

  /** The number of the interval with the fewest bytes. */
  bytes() {
    for (let zeros = 64; ; zeros -= 8) {
      let number = (this.low + (1n << BigInt(zeros)) - 1n) >> BigInt(zeros);
      if (number << BigInt(zeros) >= this.low + this.width) continue;
      const all = [];
      for (let i = 0; i < (this.length - zeros) / 8; i++, number >>= 8n) all.unshift(Number(number & 255n));
      while (all.at(-1) === 0) all.pop();
      return all;
    }
  }

  /** The price of the decisions so far, in bits. */
  price() {
    return this.length - Math.log2(Number(this.width));
  }
}

/** Code a face, pixel by pixel, each by as many decisions as a level has bits.

    network: computes with exactMaths. image: Uint8Array (height * width) to write; null to read.
    Returns the image. after(pixel) is called after each pixel. */
function runCoder(coder, network, height, width, labels, image, after = () => {}) {
  const net = new PixelNet(network, height, width, labels);
  const coded = new Uint8Array(height * width);
  for (let pixel = 0; pixel < coded.length; pixel++) {
    let sum = 0;
    const weights = weightsOf(net.logits(...placeOf(pixel, width)), network.maths.exp);
    const sums = weights.map((weight) => (sum += weight));
    let [level, low, high] = [0, 0, sum];
    for (let half = network.levels / 2; half >= 1; half /= 2) { // levels: a power of two
      const middle = sums[level + half - 1];
      const share = Math.floor(((middle - low + 2 ** -26) / (high - low + 2 ** -25)) * 2 ** 24);
      const limited = Math.max(1, Math.min(2 ** 24 - 1, share));
      const upper = coder.decide(limited, image ? image[pixel] >= level + half : undefined);
      if (upper) [level, low] = [level + half, middle];
      else high = middle;
    }
    net.put(level);
    coded[pixel] = level;
    after(pixel);
  }
  return coded;
}
