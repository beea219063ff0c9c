// The reader trains a network of chapter 1's form, in a worker of the page.

const GAP = 1; // pixel between two faces
const TOP = 1800; // bits at the upper edge of the chart
const STEADY = 0.9; // how much of the curve's last point stays in the next one
const KNOWN = [40, 400, 4000, 40_000]; // faces, after which a reader may recognise one
const KEPT_HERE = "It stays in this browser, and the figures on faces can use it.";
const NOT_KEPT = "This browser refuses to keep it: save it as a file.";

function render({ model, el }) {
  const { controls, body, say } = frame(el, model);
  const palette = model.get("palette"); // [[red, green, blue], ...]
  const floor = model.get("floor");
  const program = bytes(model.get("program"));
  const parts = decoded(model.get("parts"));
  const settings = { ...model.get("settings") };
  let worker = null;
  let state = "fresh"; // "running", "stopped" or "done"
  let seed = 1;
  let points = []; // of the curve: [step, bits]
  let last = null; // what was scored last
  let guess = null; // faces
  let seen = null; // faces at which the reader recognised one

  const number = (n) => n.toLocaleString("en-GB");
  const facesAt = (step) => step * settings.batch;

  // The training

  function begin() {
    worker?.terminate();
    points = [];
    last = null;
    seen = null;
    el.dataset.step = 0;
    delete el.dataset.bits;
    worker = newWorker(WORKER, hear, fail);
    const { embed, width, first, blocks, masked, batch, steps, rate } = settings;
    const form = { colours: COLOURS, embed, width, first, blocks, masked };
    worker.postMessage({ train: { form, batch, steps, rate, seed, parts, program } });
    state = "running";
    say("The training begins.");
    update();
  }

  function press() {
    if (state === "running") {
      worker.postMessage({ go: false });
      state = "stopped";
    } else if (state === "stopped") {
      worker.postMessage({ go: true });
      state = "running";
    } else begin();
    update();
  }

  function hear({ step, bits, left, scored, done, error }) {
    if (error) return fail(error);
    if (done) return finish();
    if (scored) return showScore(scored);
    const before = points.at(-1)?.[1] ?? bits;
    points.push([step, STEADY * before + (1 - STEADY) * bits]);
    const time = state === "running" ? `${Math.ceil(left)} s left` : "stopped";
    ticker.textContent = `Step ${number(step)} · ${bits.toFixed(1)} bits · ${time}`;
    drawCurve();
  }

  function fail(why) {
    worker?.terminate();
    worker = null;
    state = "fresh";
    say(why);
    update();
  }

  function showScore(scored) {
    last = scored;
    el.dataset.step = scored.step;
    el.dataset.bits = scored.bits.toFixed(3);
    showFaces(scored.faces);
    if (!points.length) points.push([0, scored.bits]);
    drawCurve();
    if (state === "stopped") say(`Stopped. ${costs()} ${keep(false)}`);
    else say(costs());
  }

  const costs = () =>
    `After ${number(facesAt(last.step))} faces, a new face costs ${last.bits.toFixed(1)} bits. ` +
    `The least possible is ${floor.toFixed(2)}.`;

  function finish() {
    state = "done";
    worker.terminate();
    worker = null;
    const recognised = guess === null || seen === null ? "" :
      ` You expected to recognise a face after ${number(guess)}, and did after ${number(seen)}.`;
    say(`${costs()}${recognised} ${last.own ? keep(true) : liar()}`);
    update();
  }

  /** Keep what was trained; if it is not finished, only in place of a worse one. Returns words. */
  function keep(finished) {
    if (!last?.own) return "";
    if (!finished && last.bits >= (keptOwn()?.bits ?? Infinity)) return "A better one stays in this browser.";
    return keepOwn(last.own) ? KEPT_HERE : NOT_KEPT;
  }

  const liar = () => last.bits < floor
    ? "Below the least possible: without the mask, the network sees the answer. Drawing, it has no answer to see."
    : "Without the mask, each pixel's answer is among its inputs.";

  // What is seen

  function showFaces(faces) {
    const side = 4 * (SIDE + GAP) - GAP;
    const rgb = new Uint8Array(3 * side * side);
    const known = new Set();
    faces.forEach((colour, i) => {
      const [face, pixel] = placeOf(i, TOTAL);
      const [down, right] = placeOf(face, 4);
      const [row, col] = placeOf(pixel, SIDE);
      const place = (down * (SIDE + GAP) + row) * side + right * (SIDE + GAP) + col;
      known.add(place);
      rgb.set(palette[colour], 3 * place);
    });
    sheet.draw(rgb, (place) => known.has(place));
  }

  function drawCurve() {
    const bottom = settings.masked ? 15 : 0.05;
    const down = (bits) => (100 * Math.log(TOP / Math.max(bits, bottom))) / Math.log(TOP / bottom);
    const across = (step) => (100 * step) / settings.steps;
    const line = points.map(([step, bits]) => `${across(step).toFixed(2)} ${down(bits).toFixed(2)}`);
    const path = (d, look) => `<path d="M${d}" class="${look}" vector-effect="non-scaling-stroke"/>`;
    drawn.innerHTML =
      `<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">` +
      path(`0 ${down(floor)}L100 ${down(floor)}`, "opat-floor") +
      (line.length ? path(line.join("L"), "opat-curve") : "") + "</svg>";
    const ticks = settings.masked ? [1536, 400, 100, 40, floor] : [1536, 100, floor, 1, 0.1];
    drawn.append(...ticks.map((bits) =>
      h("span", { class: "opat-tick", style: `top: ${down(bits)}%` }, bits === floor ? floor.toFixed(2) : bits)));
    const now = points.length ? `, now at ${points.at(-1)[1].toFixed(1)}` : "";
    drawn.setAttribute("aria-label",
      `The loss by training step, on a logarithmic scale from ${TOP} to ${bottom} bits${now}`);
  }

  // Controls

  function set(name, value) {
    settings[name] = value;
    if (state !== "running") {
      worker?.terminate();
      worker = null;
      state = "fresh";
      points = [];
      drawCurve();
    }
    update();
  }

  function update() {
    const running = state === "running";
    trainButton.textContent = running ? "Stop" : state === "stopped" ? "Go on" : "Train";
    againButton.disabled = running || state === "fresh";
    sawButton.disabled = !running || seen !== null;
    for (const one of knobs.querySelectorAll("input")) one.disabled = running;
    for (const one of question.querySelectorAll("input")) one.disabled = running || state === "stopped";
    const kept = keptOwn();
    for (const one of [saveButton, forgetButton]) one.disabled = !kept;
    owned.textContent = kept
      ? `In this browser: a network of yours, ${number(kept.steps)} steps, ${kept.bits.toFixed(1)} bits.`
      : "In this browser: no network of yours yet.";
  }

  function saw() {
    seen = facesAt(Number(el.dataset.step));
    say(`Recognised after ${number(seen)} faces.`);
    update();
  }

  function save() {
    const url = URL.createObjectURL(new Blob([writeOwn(keptOwn())], { type: "application/json" }));
    h("a", { href: url, download: "my-network.json" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  /** Take a network from a file, which own.save of Python or this page has written. */
  async function open(file) {
    if (!file) return;
    try {
      const own = readOwn(file.size > MOST_LETTERS ? " ".repeat(MOST_LETTERS + 1) : await file.text());
      say(keepOwn(own) ? `${file.name} is yours now. ${KEPT_HERE}` : NOT_KEPT);
    } catch (error) {
      say(error.message);
    }
  }

  const trainButton = button("Train", press, { class: "opat-button opat-main" });
  const againButton = button("Another seed", () => (seed++, begin()));
  const sawButton = button("I recognise a face", saw);
  const ticker = h("p", { class: "opat-ticker" }, "Nothing is trained yet.");
  const owned = h("p", { class: "opat-owned" });
  const saveButton = button("Save as a file", save);
  const input = h("input", { type: "file", accept: ".json", hidden: true, onchange: () => open(input.files[0]) });
  const openButton = button("Open a file", () => input.click());
  const forgetButton = button("Forget it", () =>
    say(keepOwn(null) ? "The browser has forgotten your network." : "The browser does not let go of it."));
  const question = choice({
    label: "Predict: after how many faces will you recognise one?", value: null,
    options: KNOWN.map((n) => [n, number(n)]), change: (n) => (guess = n),
  });
  const knobs = h("div", { class: "opat-knobs" },
    choice({
      label: "Masks", options: [[true, "on"], [false, "off"]], value: settings.masked,
      change: (masked) => set("masked", masked),
    }),
    choice({
      label: "First window", options: [3, 5, 7].map((n) => [n, `${n}x${n}`]), value: settings.first,
      change: (first) => set("first", first),
    }),
    choice({
      label: "Rate", options: [0.001, 0.01, 0.1].map((rate) => [rate, rate]), value: settings.rate,
      change: (rate) => set("rate", rate),
    }),
    slider({
      label: "Blocks", min: 0, max: 6, value: settings.blocks, input: (blocks) => set("blocks", blocks),
    }),
  );
  const side = 4 * (SIDE + GAP) - GAP;
  const sheet = picture({ width: side, height: side, label: "Sixteen faces that your network draws, from the same noise each time" });
  const drawn = h("div", { class: "opat-svg", role: "img" });

  el.classList.add("opat-train");
  controls.append(question, trainButton, againButton, sawButton);
  body.append(
    h("div", {}, h("div", { class: "opat-chart" }, drawn), ticker, knobs),
    sheet.el,
    h("div", { class: "opat-keep" }, owned, saveButton, openButton, forgetButton, input),
  );
  el.addEventListener("dragover", (event) => event.preventDefault());
  el.addEventListener("drop", (event) => (event.preventDefault(), open(event.dataTransfer.files[0])));
  const leave = () => state === "running" && keep(false);
  addEventListener("pagehide", leave);
  const unlisten = whenKept(update);
  drawCurve();
  // What a network draws that knows nothing: all colours are equally probable.
  showFaces(Uint8Array.from({ length: 16 * TOTAL }, (_, pixel) => noiseOf(0, pixel) * COLOURS));
  return () => {
    worker?.terminate();
    removeEventListener("pagehide", leave);
    unlisten();
  };
}

export default { render };
