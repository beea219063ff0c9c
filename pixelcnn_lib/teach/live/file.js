// A face and its file of three bytes: the reader changes bits, and sees which face they are.

const SIZE = 3; // bytes
const HEX = /^[0-9a-f]{6}$/;
const SAME = { "-1": "The face is the same.", 0: "All may change: the first pixel does." };

function render({ model, el }) {
  const network = readNetwork(model.get("network"), exactMaths());
  const faces = model.get("faces").map(bytes); // that the page can write
  const rgb = model.get("palette"); // [[red, green, blue], ...]
  const labels = network.classes.map(() => 0); // nothing is wished
  const { controls, body, say } = frame(el, model);
  const change = setter(model);
  const toHex = (stream) => Array.from(stream, (one) => one.toString(16).padStart(2, "0")).join("");
  const stream = () => model.get("file").match(/../g).map((pair) => parseInt(pair, 16));
  let face = null; // the one that is shown
  let reason = ""; // what the reader did
  let written = 1; // how many of the faces were written: the first one is there

  /** Read the file. Returns the face, its price in bits, and how many bytes decide each pixel. */
  function read() {
    const coder = new RangeCoder(stream());
    const needed = [];
    const after = () => needed.push(coder.decided());
    const image = runCoder(coder, network, SIDE, SIDE, labels, null, after);
    return { image, needed, price: coder.price(), shortest: coder.bytes() };
  }

  function draw() {
    const before = face;
    const { image, needed, price, shortest } = read();
    face = image;
    stream().forEach((byte, k) => {
      parts[k].name.textContent = `byte ${k + 1}: ${toHex([byte])}`;
      for (let bit = 0; bit < 8; bit++) {
        const one = (byte >> (7 - bit)) & 1;
        const label = `byte ${k + 1}, bit ${bit + 1}: ${one}`;
        parts[k].bits.set(...placeOf(bit, 4), { "aria-label": label, "data-one": one === 1 }, one);
      }
      const known = (pixel) => k === SIZE - 1 || needed[pixel] <= k + 1;
      parts[k].view.draw(Array.from(image, (colour) => rgb[colour]).flat(), known);
    });
    field.value = model.get("file");
    const counts = [1, 2, 3].map((count) => needed.filter((one) => one <= count).length);
    const same = before?.findIndex((colour, pixel) => colour !== image[pixel]);
    const kept = before ? SAME[same] ?? `The first ${same} pixels stay.` : "";
    const rest = counts[2] < TOTAL ? ", zeros behind them the rest" : "";
    say(
      `${reason} ${kept} It costs ${price.toFixed(1)} bits; its shortest file is ` +
      `${toHex(shortest) || "empty"}. Byte 1 decides ${counts[0]} pixels, two bytes ${counts[1]}, all ` +
      `three ${counts[2]} of ${TOTAL}${rest}.`.trim(),
    );
    reason = "";
  }

  /** Show another file. why: in words. */
  function show(file, why) {
    reason = why;
    change("file", file);
  }

  function flip(k, bit) {
    const changed = stream();
    changed[k] ^= 1 << (7 - bit);
    show(toHex(changed), `You changed bit ${bit + 1} of byte ${k + 1}.`);
  }

  function toss() {
    face = null;
    show(toHex(Array.from({ length: SIZE }, () => Math.floor(256 * Math.random()))), "24 coins fell.");
  }

  function write() {
    const coder = new RangeCoder();
    runCoder(coder, network, SIDE, SIDE, labels, faces[written++ % faces.length]);
    const file = [...coder.bytes(), 0, 0, 0].slice(0, SIZE);
    face = null;
    show(toHex(file), `A new face became a file of ${coder.bytes().length} bytes.`);
  }

  const field = h("input", {
    type: "text", class: "opat-hex", maxlength: 2 * SIZE, spellcheck: "false",
    oninput: () => {
      const file = field.value.toLowerCase();
      if (HEX.test(file)) show(file, "You wrote a file.");
      else say("A file is six digits from 0 to 9 and from a to f: two for each byte.");
    },
  });
  const parts = Array.from({ length: SIZE }, (_, k) => {
    const label = k ? `The face so far, from ${k + 1} bytes` : "The face so far, from one byte";
    return {
      name: h("p", { class: "opat-name" }),
      bits: grid({
        rows: 2, cols: 4, label: `The bits of byte ${k + 1}`,
        press: (row, col) => flip(k, 4 * row + col),
      }),
      view: picture({ width: SIDE, height: SIDE, label: k === SIZE - 1 ? "The face" : label }),
    };
  });
  el.classList.add("opat-file");
  controls.append(
    button("Write a new face", write),
    button("Toss 24 coins", toss),
    h("label", { class: "opat-list" }, h("span", {}, "File"), field),
  );
  body.append(h("div", { class: "opat-panels" }, ...parts.map(({ name, bits, view }) =>
    h("div", {}, name, bits.el, view.el))));
  draw();
  model.on("change:file", draw);
}

export default { render };
