// Where a network's bits go: each pixel's price above the least possible, in three exact shares.

const BRIGHT = 0.8; // bits at which a cell is as bright as it can be
const MARKED = 3; // pixels that are named

function render({ model, el }) {
  const { controls, body, words, say } = frame(el, model);
  const palette = model.get("palette");
  const names = model.get("names");
  const given = model.get("given");
  const paidFor = model.get("paid_for"); // the names of the four shares
  const tables = readTables(model.get("tables"));
  let shown = shares(given);
  let chosen = null; // a pixel
  let worker = null;

  /** The exact limits: limits(first, blocks), each with a number for each pixel. */
  function readTables({ numbers, unit, firsts }) {
    const raw = bytes(numbers);
    const table = (n) => Array.from({ length: TOTAL }, (_, pixel) => {
      const at = 2 * (n * TOTAL + pixel);
      return (256 * raw[at] + raw[at + 1]) / unit;
    });
    const each = (raw.length / 2 / TOTAL - 1) / firsts.length; // for 0, 1, 2 … blocks, and for any number
    const of = (first, blocks) => table(1 + firsts.indexOf(first) * each + Math.min(blocks, each - 1));
    return { floor: table(0), of, firsts };
  }

  /** Four maps that sum to the price. */
  function shares({ of, own, floor, blind, far, error }) {
    const rest = own.map((price, pixel) => price - floor[pixel] - blind[pixel] - far[pixel]);
    return { of, own, error, maps: [floor, blind, far, rest] };
  }

  /** What is known of one's own network, once the worker has priced it. */
  function account({ first, blocks }, { pixels, error }) {
    const own = Array.from(pixels);
    const unseen = tables.of(first, Infinity);
    const limit = tables.of(first, blocks);
    const blind = unseen.map((bits, pixel) => bits - tables.floor[pixel]);
    const far = limit.map((bits, pixel) => bits - unseen[pixel]);
    return shares({ of: "mine", own, floor: tables.floor, blind, far, error });
  }

  function price() {
    const own = keptOwn();
    if (!own) return show(shares(given));
    const { first } = own.form;
    if (!tables.firsts.includes(first))
      return say(`The exact limits are known for the first windows ${tables.firsts.join(", ")}; yours is ${first}.`);
    say("Your network is priced on 200 new faces.");
    worker = newWorker(WORKER, ({ priced, error }) => {
      worker.terminate();
      worker = null;
      if (error) say(error);
      else show(account(own.form, priced));
    }, say);
    const [parts, program] = [decoded(model.get("parts")), bytes(model.get("program"))];
    worker.postMessage({ price: { own, parts, program } });
  }

  const above = (pixel) => shown.own[pixel] - shown.maps[0][pixel];
  const two = (bits) => Math.max(0, bits).toFixed(2);
  const where = (pixel) => `row ${placeOf(pixel, SIDE).join(", column ")}`;

  function show(next) {
    shown = next;
    const order = Array.from({ length: TOTAL }, (_, pixel) => pixel).sort((a, b) => above(b) - above(a));
    const marked = order.slice(0, MARKED);
    for (const pixel of order) paint(pixel, marked.indexOf(pixel) + 1);
    const totals = shown.maps.map(sumOf);
    const all = sumOf(totals);
    bar.replaceChildren(...totals.map((bits, n) =>
      h("span", { style: `width: ${(100 * Math.max(0, bits)) / all}%`, "data-share": n })));
    sums.replaceChildren(...totals.map((bits, n) =>
      h("li", {}, h("i", { "data-share": n }), h("span", {}, paidFor[n]), h("b", {}, bits.toFixed(2)))));
    total.textContent = `${all.toFixed(2)} ± ${shown.error.toFixed(2)} bits for a new face`;
    list.replaceChildren(...marked.map((pixel) =>
      h("li", {}, `${names[pixel]} (${where(pixel)}): ${two(above(pixel))} bits, most of it ${causeOf(pixel)}`)));
    el.dataset.bits = all.toFixed(3);
    say(chosen === null ? `Shown: ${shown.of === "mine" ? "your own network" : shown.of}.` : describe(chosen));
  }

  const causeOf = (pixel) => {
    const parts = shown.maps.slice(1).map((map) => map[pixel]);
    return paidFor[1 + parts.indexOf(Math.max(...parts))];
  };

  function paint(pixel, mark) {
    const strength = Math.sqrt(Math.min(1, Math.max(0, above(pixel)) / BRIGHT));
    cells.set(...placeOf(pixel, SIDE), {
      style: `--heat: ${(100 * strength).toFixed(0)}%`,
      "data-target": pixel === chosen,
      "aria-label": describe(pixel),
    }, mark ? String(mark) : "");
  }

  function describe(pixel) {
    const [least, ...more] = shown.maps.map((map) => two(map[pixel]));
    const parts = more.map((bits, n) => `${paidFor[n + 1]} ${bits}`).join(", ");
    return `${capital(where(pixel))}, ${names[pixel]}: ${two(shown.own[pixel])} bits = ` +
      `the least possible ${least}, ${parts}.`;
  }

  function choose(row, col) {
    chosen = row * SIDE + col;
    show(shown);
    const rgb = Array.from(bytes(model.get("face")), (colour) => palette[colour]);
    rgb[chosen] = [255, 0, 90];
    face.draw(rgb.flat());
  }

  const cells = grid({ rows: SIDE, cols: SIDE, label: "Bits above the least possible", focus: choose, drag: true });
  const face = picture({ width: SIDE, height: SIDE, label: "A face, to find the pixel in" });
  const total = h("p", { class: "opat-total" });
  const bar = h("div", { class: "opat-bar", "aria-hidden": "true" });
  const sums = h("ul", { class: "opat-sums" });
  const list = h("ol", { class: "opat-bright" });
  const sources = h("div");

  el.classList.add("opat-bits");
  controls.append(sources);
  body.append(
    h("div", {}, cells.el, words),
    h("div", {}, face.el, h("p", { class: "opat-under" }, "A face, to find the pixel in.")),
    h("div", {}, total, bar, sums),
    h("div", {}, h("p", { class: "opat-name" }, "Most above the least:"), list),
  );
  face.draw(Array.from(bytes(model.get("face")), (colour) => palette[colour]).flat());
  show(shown);
  const unlisten = whose(sources, given.of, (mine) => {
    worker?.terminate(); // what it still prices is not asked for any more
    if (mine) price();
    else show(shares(given));
  });
  return () => {
    worker?.terminate();
    unlisten();
  };
}

export default { render };
