function render({ model, el }) {
  const { body, say } = frame(el, model);
  const question = h("p", { class: "opat-ask", "aria-live": "polite" });
  const panels = h("div", { class: "opat-panels" });
  const back = button("Back", () => go(model.get("slide") - 1));
  const ahead = button("Check", next);
  const reveal = button("Show answer", () => go(model.get("slide") + 1));
  body.append(question, panels);
  body.parentElement.append(h("div", { class: "opat-controls opat-below" }, back, ahead, reveal));
  const number = (row, col, colour) => (row * 3 + col) * 3 + colour;
  let paint; // draw the cells anew
  let summary; // of a shown answer
  let [ink, hinted] = [null, null]; // what a dragged mouse paints, and the first wrong cell
  model.on("change:slide", draw);
  draw();

  function answer() {
    return model.get("answers")[model.get("slide") >> 1] || "0".repeat(27);
  }

  function go(slide) {
    hinted = null;
    model.set("slide", Math.max(0, slide) % 12);
    model.save_changes();
  }

  function next() {
    const slide = model.get("slide");
    const { seen } = model.get("asked")[slide >> 1];
    const places = [...Array(27).keys()].filter((n) => answer()[n] !== seen[n]);
    if (slide % 2 === 1 || !places.length) return go(slide + 1);
    if (!answer().includes("1")) return say("Choose first: at least one cell may be used.");
    hinted = places[0];
    draw();
    const many = places.length === 1 ? "One cell is" : `${places.length} cells are`;
    const where = `row ${Math.floor(hinted / 9)}, column ${Math.floor(hinted / 3) % 3}`;
    say(`${many} wrong. The first is framed: ${COLOURS[hinted % 3]}, ${where}. Try again.`);
  }

  drag(panels, (index, first) => {
    if (model.get("slide") % 2) return;
    const n = (index % 9) * 3 + Math.floor(index / 9); // nine cells to a colour
    if (first) ink = answer()[n] === "1" ? "0" : "1";
    if (answer()[n] !== ink) toggle(n);
    paint();
  });

  function toggle(n) {
    const cells = [...answer()];
    cells[n] = cells[n] === "1" ? "0" : "1";
    const answers = [...model.get("answers")];
    answers[model.get("slide") >> 1] = cells.join("");
    model.set("answers", answers);
    model.save_changes();
    say(`${cells.filter((one) => one === "1").length} cells chosen.`);
  }

  function draw() {
    const slide = model.get("slide");
    const { text, below, seen, said } = model.get("asked")[slide >> 1];
    const shown = slide % 2 === 1;
    const wrong = (n) => (shown || n === hinted) && answer()[n] !== seen[n];
    question.textContent = `${(slide >> 1) + 1} of 6. ${text}`;
    back.disabled = slide === 0;
    reveal.hidden = shown || hinted === null;
    ahead.textContent = shown ? (slide === 11 ? "Start again" : "Next question") : "Check";
    const reason = (row, col, colour) => {
      const sentence = model.get("sentences")[said[number(row, col, colour)]];
      return `${LETTERS[colour]}, row ${row}, column ${col}. ${sentence}`;
    };
    const kernels = COLOURS.map((name, colour) => {
      return kernel({
        size: 3, label: `${name} of ${below}`,
        name: [channel(colour), ` of ${below}`],
        enter: (row, col) => shown && say(reason(row, col, colour)),
        leave: () => shown && say(summary),
        press: (row, col) => shown || (toggle(number(row, col, colour)), paint()),
        look(row, col) {
          const n = number(row, col, colour);
          const on = (shown ? seen : answer())[n] === "1";
          const state = `: ${on ? "seen" : "hidden"}${wrong(n) ? ", you chose otherwise" : ""}`;
          const label = shown ? state : wrong(n) ? ": wrong" : "";
          return [{
            "data-kind": on ? "seen" : shown && "future",
            "data-wrong": wrong(n),
            "aria-selected": String(answer()[n] === "1"),
            "aria-label": `row ${row}, column ${col}${label}`,
          }, on ? "1" : shown ? "0" : "?"];
        },
      });
    });
    paint = () => kernels.forEach((one) => one.draw());
    panels.replaceChildren(...kernels.map((one) => one.el));
    const chosen = [...answer()].filter((one) => one === "1").length;
    if (!shown) return say(`${chosen} cells chosen.`);
    const places = [...Array(27).keys()].filter(wrong);
    summary = "All 27 right. Point at a cell for its reason.";
    if (places.length) {
      const [first] = places;
      const where = reason(Math.floor(first / 9), Math.floor(first / 3) % 3, first % 3);
      summary = `${27 - places.length} of 27 right; you chose the framed ones otherwise. ${where}`;
    }
    say(summary);
  }
}

export default { render };
