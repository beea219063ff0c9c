// A slide is a question, or the same question with its answer: slides 0 and 1 are question 1.
// A cell has a number in the order row, column, colour.

function render({ model, el }) {
  const { body, say } = frame(el, model);
  const change = setter(model);
  const question = h("p", { class: "opat-ask", "aria-live": "polite" });
  const back = button("Back", () => go(model.get("slide") - 1));
  const ahead = button("Check", next);
  const reveal = button("Show answer", () => go(model.get("slide") + 1));
  const names = COLOURS.map(() => h("span"));
  const windows = COLOURS.map((name, colour) => grid({
    rows: 3, cols: 3, label: name,
    enter: (row, col) => isAnswer() && say(reasonOf(numberOf(row, col, colour))),
    leave: () => isAnswer() && say(summary),
    press: (row, col) => isAnswer() || toggle(numberOf(row, col, colour)),
  }));
  const panels = windows.map(({ el }, colour) =>
    h("div", {}, h("p", { class: "opat-name" }, channel(colour), names[colour]), el));
  body.append(question, h("div", { class: "opat-panels" }, ...panels));
  body.parentElement.append(h("div", { class: "opat-controls opat-below" }, back, ahead, reveal));
  const CELLS = [...Array(27).keys()];
  let summary; // of an answer
  let hinted = null; // the first wrong cell of the last check
  model.on("change:slide", draw);
  draw();

  function numberOf(row, col, colour) {
    return (row * 3 + col) * 3 + colour;
  }

  function isAnswer() {
    return model.get("slide") % 2 === 1;
  }

  function asked() {
    return model.get("asked")[model.get("slide") >> 1];
  }

  function chosen() {
    const number = model.get("slide") >> 1;
    const first = number ? model.get("asked")[0].seen : "0".repeat(27); // 1 sees neighbours only
    return model.get("answers")[number] || first;
  }

  function whereIs(number) {
    const [row, col] = placeOf(Math.floor(number / 3), 3);
    return `row ${row}, column ${col}`;
  }

  function reasonOf(number) {
    return `${LETTERS[number % 3]}, ${whereIs(number)}. ${asked().said[number]}`;
  }

  function wrongCells() {
    return CELLS.filter((number) => chosen()[number] !== asked().seen[number]);
  }

  function go(slide) {
    hinted = null;
    change("slide", Math.max(0, slide) % 12);
  }

  function next() {
    const wrong = wrongCells();
    if (isAnswer() || !wrong.length) return go(model.get("slide") + 1);
    if (!chosen().includes("1")) return say("Choose first: at least one cell may be used.");
    hinted = wrong[0];
    draw();
    const many = wrong.length === 1 ? "One cell is" : `${wrong.length} cells are`;
    const where = `${COLOURS[hinted % 3]}, ${whereIs(hinted)}`;
    say(`${many} wrong. The first is framed: ${where}. Try again.`);
  }

  function toggle(number) {
    const cells = [...chosen()];
    cells[number] = cells[number] === "1" ? "0" : "1";
    const answers = [...model.get("answers")];
    answers[model.get("slide") >> 1] = cells.join("");
    change("answers", answers);
    draw();
  }

  function draw() {
    const slide = model.get("slide");
    question.textContent = `${(slide >> 1) + 1} of 6. ${asked().text}`;
    back.disabled = slide === 0;
    reveal.hidden = isAnswer() || hinted === null;
    ahead.textContent = !isAnswer() ? "Check" : slide === 11 ? "Start again" : "Next question";
    windows.forEach(({ el }, colour) => {
      names[colour].textContent = ` of ${asked().below}`;
      el.setAttribute("aria-label", `${COLOURS[colour]} of ${asked().below}`);
    });
    CELLS.forEach(drawCell);
    say(isAnswer() ? (summary = sum()) : `${chosen().split("1").length - 1} cells chosen.`);
  }

  function drawCell(number) {
    const [[row, col], colour] = [placeOf(Math.floor(number / 3), 3), number % 3];
    const isChosen = chosen()[number] === "1";
    const isWrong = (isAnswer() || number === hinted) && chosen()[number] !== asked().seen[number];
    const isOn = isAnswer() ? asked().seen[number] === "1" : isChosen;
    const state = isAnswer()
      ? `${isOn ? "seen" : "hidden"}${isWrong ? ", you chose otherwise" : ""}`
      : `${isOn ? "chosen" : "not chosen"}${isWrong ? ", wrong" : ""}`;
    const look = {
      "data-kind": isOn ? "seen" : isAnswer() && "future",
      "data-wrong": isWrong,
      "data-target": row === 1 && col === 1,
      "aria-selected": String(isChosen),
      "aria-label": `row ${row}, column ${col}: ${state}`,
    };
    windows[colour].set(row, col, look, isOn ? "1" : isAnswer() ? "0" : "?");
  }

  function sum() {
    const wrong = wrongCells();
    if (!wrong.length) return "All 27 right. Point at a cell for its reason.";
    const right = `${27 - wrong.length} of 27 right; you chose the framed ones otherwise.`;
    return `${right} ${reasonOf(wrong[0])}`;
  }
}

export default { render };
