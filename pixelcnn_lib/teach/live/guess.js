function render({ model, el }) {
  const { controls, body, words, say } = frame(el, model);
  controls.before(words); // the question comes first
  const image = bytes(model.get("picture"));
  const [places, came, within] = ["places", "came", "within"].map((name) => model.get(name));
  const theirs = model.get("model"); // bits and peaks in 1/100 bits, hills
  const paid = (guess, width, level) => {
    const [inside, ends] = model.get("prices")[width]; // by distance; ends: levels 0 and 255
    return (level % 255 ? inside : ends)[Math.abs(level - guess)] / 100;
  };
  const told = (bits) => `${bits.toFixed(1)} bits`;
  const sum = (list) => list.reduce((a, b) => a + b, 0);

  let guess = 128;
  let width = 6; // which of `within`
  let yours; // bits paid so far
  let open; // whether the present value waits for a guess

  const level = slider({
    label: "Level", min: 0, max: 255, value: guess,
    input: (now) => ((guess = now), drawHills()),
  });
  const sure = slider({
    label: "How sure: half within", min: 0, max: within.length - 1, value: width,
    text: (n) => `± ${within[n]}`, input: (now) => ((width = now), drawHills()),
  });
  const act = button("Guess", () => (open ? settle() : go(yours.length % places.length)));
  const photo = picture({ width: 32, height: 32, label: "" });
  const [you, it] = [
    distribution({ name: "you", ink: "warm" }), distribution({ name: "the model" }),
  ];
  const ramp = h("div", { class: "opat-ramp", "aria-hidden": "true" });
  const bars = places.map(() => {
    const pair = ["warm", "accent"].map((ink) => h("i", { class: `opat-bar-${ink}` }));
    return h("div", { class: "opat-pair" }, h("span", {}, ...pair));
  });
  places.forEach(([, , colour], n) => bars[n].append(channel(colour)));
  const totals = h("p", { class: "opat-totals" });
  controls.append(level, sure, act);
  body.append(
    h("div", { class: "opat-table" }, photo.el, h("div", {}, you.el, ramp, it.el)),
    h("div", { class: "opat-paid", "aria-hidden": "true" }, ...bars), totals,
  );

  function drawHills() {
    const n = yours.length - !open; // the value that is shown
    const bell = Array.from({ length: 256 }, (_, one) => 2 ** -paid(guess, width, one));
    const top = Math.max(...bell);
    const peak = open ? 0 : 2 ** (-theirs.peaks[n] / 100);
    const scale = 1 / Math.max(top, peak);
    const line = open ? null : came[n];
    const cost = (bits) => `${came[n]} came: ${told(bits)}`;
    you.set({ heights: bell, scale, came: line, text: open ? "" : cost(yours[n]) });
    const hill = open ? [] : heights(theirs.hills[n]);
    const its = open ? "after your guess" : cost(theirs.bits[n] / 100);
    it.set({ heights: hill, scale: peak * scale, came: line, text: its });
  }

  function go(n) {
    if (n === 0) yours = [];
    open = true;
    for (const one of [level, sure]) one.querySelector("input").disabled = false;
    act.textContent = "Guess";
    const [row, col, colour] = places[n];
    photo.draw(image, (pixel) => pixel < row * 32 + col);
    photo.mark(row, col);
    photo.canvas.setAttribute(
      "aria-label", `An eye of a cat, drawn up to row ${row}, column ${col}; the rest is hatched.`,
    );
    const light = [0, 1, 2].map((one) => (one === colour ? 255 : 0));
    ramp.style.background = `linear-gradient(to right, #000, rgb(${light}))`;
    const around = Object.entries(model.get("around")[n]);
    const near = around.map(([where, value]) => `${where} ${value}`);
    const own = places.slice(0, n).flatMap(([r, c, one], m) =>
      r === row && c === col ? [`${COLOURS[one]} is ${came[m]}`] : [],
    );
    const known = own.length ? ` Its ${own.join(", its ")}.` : "";
    say(
      `Value ${n + 1} of ${places.length}: the ${COLOURS[colour]} of row ${row}, column ${col}. ` +
        `The ${COLOURS[colour]} around it: ${near.join(", ")}.${known}`,
    );
    score();
    drawHills();
  }

  function settle() {
    const n = yours.length;
    yours.push(paid(guess, width, came[n]));
    open = false;
    for (const one of [level, sure]) one.querySelector("input").disabled = true;
    const last = yours.length === places.length;
    act.textContent = last ? "Start again" : "Next value";
    const [mine, its] = [yours[n], theirs.bits[n] / 100];
    const paying = `${came[n]} came. You pay ${told(mine)}, the model ${told(its)}.`;
    say(paying + (last ? verdict() : ""));
    score();
    drawHills();
  }

  function verdict() {
    const lead = sum(yours) - sum(theirs.bits) / 100;
    const [who, other] = lead > 0 ? ["the model", "you"] : ["you", "the model"];
    const power = [...String(Math.round(Math.abs(lead)))].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);
    const factor = `2${power.join("")}`;
    return ` In all, ${who} held what came ${factor} times as likely as ${other} did.`;
  }

  function score() {
    bars.forEach((pair, n) => {
      const both = n < yours.length ? [yours[n], theirs.bits[n] / 100] : [0, 0];
      [...pair.querySelectorAll("i")].forEach((bar, who) => {
        bar.style.height = `${Math.min(100, (100 * both[who]) / 16)}%`;
        bar.classList.toggle("opat-torn", both[who] > 16); // higher than there is room
      });
    });
    const n = yours.length;
    const its = sum(theirs.bits.slice(0, n)) / 100;
    if (!n) return totals.replaceChildren("Each value is paid in bits. A blind guess pays 8.");
    totals.replaceChildren(
      `After ${n} of ${places.length}: `,
      h("b", { class: "opat-you" }, `you ${told(sum(yours))}`), ", ",
      h("b", { class: "opat-it" }, `the model ${told(its)}`),
      `, a blind guess ${told(8 * n)}.`,
    );
  }

  go(0);
}

export default { render };
