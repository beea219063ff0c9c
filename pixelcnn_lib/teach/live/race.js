function render({ model, el }) {
  const { controls, body, words, say } = frame(el, model);
  const [names, modes, counts, size, shown] =
    ["names", "modes", "counts", "size", "shown"].map((name) => model.get(name));
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const MOMENTS = 200; // of the slider
  const GAP = 1; // dots between two pictures
  let now = 1; // how much of the slowest network's time has passed, 0 … 1
  let playing = null; // the frame that is asked for
  let before = 0; // when the last frame was drawn

  const mode = () => model.get("mode");
  const times = () => model.get("seconds")[mode()];
  const slowest = () => Math.max(...times());
  const pace = () => model.get("pace")[mode()];

  const sheet = new Image();
  sheet.onload = draw;
  sheet.src = `data:image/png;base64,${model.get("sheet")}`;
  const lanes = names.map((name) => {
    const look = { class: "opat-pixels", height: size, role: "img" };
    const canvas = h("canvas", { ...look, width: shown * (size + GAP) - GAP });
    const clock = h("span", { class: "opat-clock" });
    const el = h("div", { class: "opat-lane" },
      h("p", { class: "opat-runner" }, h("span", {}, name), clock),
      h("div", { class: "opat-track" }, canvas));
    return { name, el, canvas, clock };
  });
  const playButton = button("Start", () => (playing === null ? play() : pause()));
  const slide = slider({
    label: "Time", min: 0, max: MOMENTS, value: MOMENTS,
    text: (n) => told((n / MOMENTS) * slowest()), input: (n) => (pause(), go(n / MOMENTS)),
  });
  const race = list({
    label: "Race", options: modes, value: mode(),
    change: (value) => {
      pause();
      model.set("mode", value);
      model.save_changes();
    },
  });
  controls.append(playButton, slide, race);
  const note = h("p", { class: "opat-pace" });
  body.append(h("div", { class: "opat-lanes" }, ...lanes.map((lane) => lane.el)), note);

  function told(seconds) {
    return slowest() < 1 ? `${Math.round(1000 * seconds)} ms` : `${seconds.toFixed(1)} s`;
  }

  function go(moment) {
    now = Math.min(moment, 1);
    draw();
  }

  function play() {
    if (now === 1) now = 0;
    if (calm) return go(1);
    words.ariaLive = "off"; // not every moment read aloud
    before = performance.now();
    playing = requestAnimationFrame(next);
    playButton.textContent = "Pause";
  }

  function next(time) {
    const passed = Math.max(time - before, 0) / 1000; // seconds on the page
    before = time;
    playing = requestAnimationFrame(next);
    if (now + passed / (pace() * slowest()) >= 1) pause();
    go(now + passed / (pace() * slowest()));
  }

  function pause() {
    if (playing !== null) cancelAnimationFrame(playing);
    playing = null;
    playButton.textContent = "Start";
    words.ariaLive = "polite";
  }

  function draw() {
    const seconds = now * slowest();
    const pictures = Math.min(counts[mode()], shown);
    lanes.forEach((lane, number) => {
      const whole = times()[number];
      const pixels = Math.floor(Math.min(seconds / whole, 1) * size * size + 1e-9);
      const done = pixels === size * size;
      lane.clock.textContent = done ? told(whole) : told(seconds);
      lane.el.toggleAttribute("data-done", done);
      const [rows, rest] = [Math.floor(pixels / size), pixels % size];
      const pen = lane.canvas.getContext("2d");
      pen.clearRect(0, 0, lane.canvas.width, size);
      if (sheet.complete)
        for (let n = 0; n < pictures; n++) {
          const copy = (y, width, height) => width && height && pen.drawImage(
            sheet, n * size, number * size + y, width, height, n * (size + GAP), y, width, height);
          copy(0, size, rows);
          copy(rows, rest, 1);
        }
      const percent = Math.floor((100 * pixels) / size ** 2);
      lane.canvas.setAttribute("aria-label", `${lane.name}: ${percent} % drawn`);
      lane.el.style.setProperty("--shown", pictures);
    });
    slide.set(Math.round(now * MOMENTS));
    const by = pace() >= 1 ? [pace(), "slower"] : [1 / pace(), "faster"];
    const speed = by[0] === 1 ? "as fast as" : `${by[0]} times ${by[1]} than`;
    note.textContent = `The page is ${speed} the networks.`;
    tell(seconds);
  }

  function tell(seconds) {
    const order = names.map((name, n) => [times()[n], name]).sort((a, b) => a[0] - b[0]);
    const [first, last] = [order[0], order.at(-1)];
    const done = order.filter(([time]) => time <= seconds);
    const what = modes.find(([name]) => name === mode())[1];
    if (!done.length) say(`${what}: ${told(seconds)} have passed, and no network has finished yet.`);
    else if (now < 1)
      say(`After ${told(seconds)}, ${done.length} of ${names.length} have finished: ` +
        `${done.map(([, name]) => name).join(", ")}.`);
    else
      say(`${what}: all have finished. First: ${first[1]}, after ${told(first[0])}. ` +
        `Last: ${last[1]}, after ${told(last[0])}, ${(last[0] / first[0]).toFixed(1)} times as long.`);
  }

  model.on("change:mode", () => go(1));
  draw();
  return pause;
}

export default { render };
