// The reader trains a network of chapter 1's form, in a worker of the page.

const GAP = 1; // pixel between two faces
const TOP = 1800; // bits at the upper edge of the chart
const STEADY = 0.9; // how much of the curve's last point stays in the next one
const KNOWN = [40, 400, 4000, 40_000]; // faces, after which a reader may recognise one
const KEPT_HERE = "It stays in this browser, and the figures on faces can use it.";
const NOTHING = "Nothing is trained yet.";
const NOT_KEPT = "This browser refuses to keep it: save it as a file.";

function render({ model, el }) {
  const { controls, body, words, say } = frame(el, model);
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
  let forgotten = null; // the network that the reader has just thrown away

  const number = (n) => n.toLocaleString("en-GB");
  const facesAt = (step) => step * settings.batch;

  // The training

  /** Show that nothing is trained yet: all colours are equally probable. */
  function clear(words) {
    worker?.terminate();
    worker = null;
    state = "fresh";
    points = [];
    last = null;
    seen = null;
    el.dataset.step = 0;
    delete el.dataset.bits;
    ticker.textContent = words;
    showFaces(Uint8Array.from({ length: 16 * TOTAL }, (_, pixel) => noiseOf(0, pixel) * COLOURS));
    drawCurve();
  }

  /** Show what the kept network draws, if there is one. */
  function recall() {
    const own = keptOwn();
    clear(own ? "Your network from before draws again." : NOTHING);
    if (!own) return;
    worker = newWorker(WORKER, ({ priced }) => {
      if (priced) showFaces(priced.faces);
      if (priced && !own.bits) keepOwn({ ...own, bits: priced.bits }); // a file from Python has no score
      worker?.terminate();
      worker = null;
    }, fail);
    worker.postMessage({ price: { own, parts, program } });
  }

  function begin() {
    clear("");
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
      say("It stops after this step.");
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
    ticker.textContent = `Step ${number(step)} (${number(facesAt(step))} faces), loss ${bits.toFixed(1)} bits, ${time}`;
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
    if (state === "stopped") say(`Stopped. ${costs()} ${outcome()}`);
    else say(last.bits < floor ? `${costs()} ${liar()}` : costs());
    update();
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
    ticker.textContent = `Finished: ${number(last.step)} steps, ${number(facesAt(last.step))} faces.`;
    say(`${costs()}${recognised} ${outcome()}`);
    update();
  }

  /** Keep what was trained, unless a better one is kept. Returns words. */
  function outcome() {
    if (!last?.own) return liar();
    const kept = keptOwn();
    if (kept && kept.bits < last.bits)
      return `A better one of yours stays in this browser, ${kept.bits.toFixed(1)} bits, unless you press Keep this one.`;
    return keepThis();
  }

  const keepThis = () => (keepOwn(last.own) ? KEPT_HERE : NOT_KEPT);

  const liar = () => last.bits < floor
    ? "Below the least possible: without masks, the network sees the answer. When it draws, there is no answer to see."
    : "Without masks, each pixel's answer is among its inputs.";

  // What is seen

  function showFaces(faces) {
    const side = 4 * (SIDE + GAP) - GAP;
    const each = faces.length / TOTAL === 16 ? 1 : 2; // four faces are twice as large
    const rgb = new Uint8Array(3 * side * side);
    const known = new Set();
    faces.forEach((colour, i) => {
      const [face, pixel] = placeOf(i, TOTAL);
      const [down, right] = placeOf(face, 4 / each);
      const [row, col] = placeOf(pixel, SIDE);
      for (let n = 0; n < each ** 2; n++) {
        const [y, x] = placeOf(n, each);
        const across = right * (SIDE + GAP) + col;
        const place = ((down * (SIDE + GAP) + row) * each + y) * side + across * each + x;
        known.add(place);
        rgb.set(palette[colour], 3 * place);
      }
    });
    sheet.draw(rgb, (place) => known.has(place));
  }

  function drawCurve() {
    const bottom = settings.masked ? 15 : 0.05;
    const inside = (bits) => Math.min(TOP, Math.max(bits, bottom));
    const down = (bits) => (100 * Math.log(TOP / inside(bits))) / Math.log(TOP / bottom);
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
    clear("Nothing is trained with these settings yet.");
    say("");
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
    saveButton.disabled = !kept;
    keepButton.disabled = running || !last?.own || kept?.bits === last.bits;
    forgetButton.disabled = !kept && !forgotten;
    forgetButton.textContent = kept ? "Forget it" : "Bring it back";
    owned.textContent = kept
      ? `In this browser: a network of yours, ${kept.steps ? `${number(kept.steps)} steps, ` : ""}${kept.bits.toFixed(1)} bits.`
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
    say("Saved as my-network.json, where your browser saves files.");
  }

  /** Throw the kept network away, or bring it back. */
  function forget() {
    const kept = keptOwn();
    const done = keepOwn(kept ? null : forgotten);
    if (done) forgotten = kept;
    if (done && state !== "running") recall();
    say(!done ? NOT_KEPT : kept ? "The browser has forgotten your network." : KEPT_HERE);
    update();
  }

  /** Take a network from a file, which own.save of Python or this page has written. */
  async function open(file) {
    if (!file) return;
    if (state === "running") return say("Stop the training first, then open the file.");
    try {
      const own = readOwn(file.size > MOST_LETTERS ? " ".repeat(MOST_LETTERS + 1) : await file.text());
      const kept = keepOwn(own);
      if (kept) recall();
      say(kept ? `${file.name} is yours now. ${KEPT_HERE}` : NOT_KEPT);
      update();
    } catch (error) {
      say(error.message);
    }
  }

  const trainButton = button("Train", press, { class: "opat-button opat-main" });
  const againButton = button("Another seed", () => (seed++, begin()));
  const sawButton = button("I recognise a face", saw);
  const ticker = h("p", { class: "opat-ticker" });
  const owned = h("p", { class: "opat-owned" });
  const saveButton = button("Save as a file", save);
  const input = h("input", { type: "file", accept: ".json", hidden: true, onchange: () => open(input.files[0]) });
  const openButton = button("Open a file", () => input.click());
  const keepButton = button("Keep this one", () => say(keepThis()));
  const forgetButton = button("Forget it", forget);
  const question = choice({
    label: "Predict: after how many faces do you recognise one?", value: null,
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
  controls.after(words);
  body.append(
    h("div", {},
      h("div", { class: "opat-chart" }, drawn, h("p", { class: "opat-under" }, "bits of a face, step by step")),
      ticker, knobs),
    sheet.el,
    h("div", { class: "opat-keep" }, owned, keepButton, saveButton, openButton, forgetButton, input),
  );
  el.addEventListener("dragover", (event) => event.preventDefault());
  el.addEventListener("drop", (event) => (event.preventDefault(), open(event.dataTransfer.files[0])));
  const leave = () => state === "running" && last?.own && outcome();
  addEventListener("pagehide", leave);
  say("Predict, then press Train. The pictures show what the network draws, at first and again and again.");
  recall();
  const unlisten = whenKept(update);
  return () => {
    worker?.terminate();
    removeEventListener("pagehide", leave);
    unlisten();
  };
}

export default { render };
