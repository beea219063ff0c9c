function render({ model, el }) {
  const { controls, body, words, say } = frame(el, model);
  controls.before(words); // the question comes first
  const [rounds, within] = ["rounds", "within"].map((name) => model.get(name));
  const count = rounds[0].places.length; // values that each round asks for
  const paid = (guess, width, level) => {
    const [inside, ends] = model.get("prices")[width]; // by distance; ends: levels 0 and 255
    return (level % 255 ? inside : ends)[Math.abs(level - guess)] / 100;
  };
  const told = (bits) => `${bits.toFixed(1)} bits`;
  const sum = (list) => list.reduce((a, b) => a + b, 0);

  let guess = 128;
  let width = 6; // which of `within`
  let round = -1; // of this game
  let image, places, around, came, theirs; // of this round; theirs: bits and peaks in 1/100 bits, hills
  let yours; // bits paid so far in this round
  const record = []; // of finished rounds: [yours, theirs], in bits
  let open; // whether the present value waits for a guess

  const level = slider({
    label: "Level", min: 0, max: 255, value: guess,
    input: (now) => ((guess = now), drawHills()),
  });
  const sure = slider({
    label: "How sure: half within", min: 0, max: within.length - 1, value: width,
    text: (n) => `± ${within[n]}`, input: (now) => ((width = now), drawHills()),
  });
  const act = button("Guess", () => (open ? settle() : go(yours.length % count)));
  const photo = picture({ width: 32, height: 32, label: "" });
  const [you, it] = [
    distribution({ name: "you", ink: "you" }), distribution({ name: "the model", ink: "it" }),
  ];
  const ramp = h("div", { class: "opat-ramp", "aria-hidden": "true" });
  const bars = rounds[0].places.map(([, , colour]) => {
    const pair = ["you", "it"].map((ink) => h("i", { class: `opat-bar-${ink}` }));
    return h("div", { class: "opat-pair" }, h("span", {}, ...pair), channel(colour));
  });
  const axis = h("div", { class: "opat-axis" }, ...[16, 8, 0].map((bits) => h("span", {}, bits)));
  const totals = h("p", { class: "opat-totals" });
  controls.append(level, sure, act);
  body.append(
    h("div", { class: "opat-table" }, photo.el, h("div", {}, you.el, ramp, it.el)),
    h("div", { class: "opat-paid", "aria-hidden": "true" }, axis, ...bars), totals,
  );

  function drawHills() {
    const n = yours.length - !open; // the value that is shown
    const bell = Array.from({ length: 256 }, (_, one) => 2 ** -paid(guess, width, one));
    const top = Math.max(...bell);
    const peak = open ? 0 : 2 ** (-theirs.peaks[n] / 100);
    const scale = 1 / Math.max(top, peak);
    const line = open ? null : came[n];
    const cost = (bits) => `true level ${came[n]}: ${told(bits)}`;
    you.set({ heights: bell, scale, came: line, text: open ? "" : cost(yours[n]) });
    const hill = open ? [] : heights(theirs.hills[n]);
    const its = open ? "after your guess" : cost(theirs.bits[n] / 100);
    it.set({ heights: hill, scale: peak * scale, came: line, text: its });
  }

  function go(n) {
    if (n === 0) begin();
    open = true;
    for (const one of [level, sure]) one.querySelector("input").disabled = false;
    act.textContent = "Guess";
    const [row, col, colour] = places[n];
    photo.draw(image, (pixel) => pixel < row * 32 + col);
    photo.mark(row, col);
    photo.canvas.setAttribute(
      "aria-label",
      `Part of a photograph: ${rounds[round % rounds.length].name}, drawn up to row ${row}, ` +
        `column ${col}; the rest is hatched.`,
    );
    const light = [0, 1, 2].map((one) => (one === colour ? 255 : 0));
    ramp.style.background = `linear-gradient(to right, #000, rgb(${light}))`;
    const near = Object.entries(around[n]).map(([where, value]) => `${where} ${value}`);
    const own = places.slice(0, n).flatMap(([r, c, one], m) =>
      r === row && c === col ? [`${COLOURS[one]} is ${came[m]}`] : [],
    );
    const known = own.length ? ` Its ${own.join(", its ")}.` : "";
    say(
      `Round ${round + 1}: ${rounds[round % rounds.length].name}. ` +
        `Value ${n + 1} of ${count}: the ${COLOURS[colour]} of row ${row}, column ${col}. ` +
        `The ${COLOURS[colour]} around it: ${near.join(", ")}.${known}`,
    );
    score();
    drawHills();
  }

  function begin() {
    round += 1;
    const one = rounds[round % rounds.length];
    [places, around, came, theirs] = [one.places, one.around, one.came, one.model];
    image = bytes(one.picture);
    yours = [];
  }

  function settle() {
    const n = yours.length;
    yours.push(paid(guess, width, came[n]));
    open = false;
    for (const one of [level, sure]) one.querySelector("input").disabled = true;
    const last = yours.length === count;
    act.textContent = last ? "Next round" : "Next value";
    if (last) record.push([sum(yours), sum(theirs.bits) / 100]);
    const [mine, its] = [yours[n], theirs.bits[n] / 100];
    const paying = `The true level is ${came[n]}. You pay ${told(mine)}, the model ${told(its)}.`;
    say(paying + (last ? verdict() : ""));
    score();
    drawHills();
  }

  // "2⁴⁹", as a factor between two probabilities
  function power(bits) {
    return `2${[...String(Math.round(bits))].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}`;
  }

  function verdict() {
    const lead = sum(yours) - sum(theirs.bits) / 100;
    const [who, other] = lead > 0 ? ["The model", "you"] : ["You", "the model"];
    const text = ` ${who} gave these ten levels ${power(Math.abs(lead))} times the probability ` +
      `that ${other} gave them.`;
    const seen = record.length % rounds.length ? "" : " The next round shows known places again.";
    return text + seen;
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
    const now = n ? [
      `After ${n} of ${count}: `,
      h("b", { class: "opat-you" }, `you ${told(sum(yours))}`), ", ",
      h("b", { class: "opat-it" }, `the model ${told(its)}`),
      `, a blind guess ${told(8 * n)}. `,
    ] : ["Each value costs some bits. A blind guess costs 8. "];
    totals.replaceChildren(...now, history());
  }

  // All finished rounds, once there are any.
  function history() {
    if (!record.length) return "";
    const [mine, its] = [0, 1].map((who) => sum(record.map((one) => one[who])) / record.length);
    const best = Math.min(...record.map(([bits]) => bits));
    return `Record: ${record.length === 1 ? "one round" : `${record.length} rounds`}, mean: you ` +
      `${told(mine)}, the model ${told(its)}. Your best round: ${told(best)}.`;
  }

  go(0);
}

export default { render };
