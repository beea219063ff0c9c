// What the figures share. base.py puts it before each figure's own module: no import is needed.

// Make an element: h("button", { class: "a", onclick: f, "aria-label": "b" }, "text", child)
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  // Else a browser fills in what stood there before the reader left the page and came back.
  if (tag === "input") element.autocomplete = "off";
  element.append(...children);
  return element;
}

// [row, column] of a cell, from its number in a grid of `cols` columns.
const placeOf = (number, cols) => [Math.floor(number / cols), number % cols];

const capital = (text) => text[0].toUpperCase() + text.slice(1);

// change("depth", 7) sets a trait, and tells Python.
function setter(model) {
  return (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
}

// An id that no other figure of the page has.
function newId() {
  globalThis.opatIds = (globalThis.opatIds ?? 0) + 1;
  return `opat-${globalThis.opatIds}`;
}

// Title, instruction, controls, body and words. `say` puts the state into words, for all readers.
function frame(el, model) {
  const { title, hint, heights } = model.get("frame");
  el.classList.add("opat");
  el.addEventListener("focusin", ({ target }) => {
    target.dataset.lmSuppressShortcuts = "true"; // in JupyterLab too, its keys are its own
  });
  el.style.setProperty("--wide", `${heights[0]}px`);
  el.style.setProperty("--narrow", `${heights[1]}px`);
  const id = newId();
  const controls = h("div", { class: "opat-controls" });
  const body = h("div", { class: "opat-body" });
  const words = h("p", { class: "opat-words", role: "status" });
  const heading = h("p", { class: "opat-title", id }, title);
  const group = { role: "group", "aria-labelledby": id, class: "opat-frame" };
  el.replaceChildren(
    h("div", group, heading, h("p", { class: "opat-hint" }, hint), controls, body, words),
  );
  return { controls, body, words, say: (text) => (words.textContent = text) };
}

// One of a few: radio buttons in a row. options: [[value, text], ...]
function choice({ label, options, value, change }) {
  const name = newId();
  const items = options.map(([one, text]) => {
    const checked = one === value;
    const input = h("input", { type: "radio", name, checked, onchange: () => change(one) });
    return h("label", { class: "opat-option" }, input, h("span", {}, text));
  });
  return h("fieldset", { class: "opat-choice" }, h("legend", {}, label), ...items);
}

// A whole number. text(value): what stands beside it, and what is read aloud. The element's
// `set(value)` moves it without calling `input`.
function slider({ label, min, max, value, text = String, input }) {
  const output = h("output", { "aria-hidden": "true" }, text(value)); // the slider says it
  const range = h("input", {
    type: "range", min, max, value, "aria-valuetext": text(value),
    oninput: () => (show(), input(Number(range.value))),
  });
  function show() {
    output.textContent = text(Number(range.value));
    range.setAttribute("aria-valuetext", output.textContent);
  }
  const el = h("label", { class: "opat-slider" }, h("span", {}, label), range, output);
  el.set = (now) => ((range.value = now), show());
  return el;
}

function button(text, click, attributes = {}) {
  return h("button", { type: "button", class: "opat-button", onclick: click, ...attributes }, text);
}

// A button that plays: every `beat` milliseconds it calls step(), until this returns false.
function player({ words, beat, step }) {
  let timer = null;
  const el = button("Play", () => (timer ? pause() : play()));
  function play() {
    step();
    timer = setInterval(() => step() || pause(), beat);
    el.textContent = "Pause";
    words.ariaLive = "off"; // not every step read aloud
  }
  function pause() {
    timer = clearInterval(timer);
    el.textContent = "Play";
    words.ariaLive = "polite";
  }
  return { el, pause };
}

// Cells that arrow keys walk through, one tab stop in all. Row and column count from 0.
// enter(row, col): the mouse or the focus came. focus(row, col): the focus came, by default `enter`.
// leave(): the mouse left the grid. press(row, col): a click, Enter or Space.
// drag: a finger that moves presses the cells that it comes to, and does not scroll the page. With
// drag = "mouse", so does a mouse whose button is down.
// Returns { el, set(row, col, attributes, text), pad(present) }; attributes as for h. pad: four
// buttons that press the cell beside present() = [row, col], for fingers wider than a cell.
function grid({
  rows, cols, label, enter = () => {}, focus = enter, leave = () => {}, press = () => {},
  drag = false,
}) {
  const at = (row, col) => cells[row * cols + col];
  const cells = Array.from({ length: rows * cols }, (_, index) => {
    const place = placeOf(index, cols);
    return h("div", {
      role: "gridcell", class: "opat-cell", tabindex: index ? -1 : 0,
      onpointerenter: (event) => event.pointerType === "mouse" && enter(...place),
      onfocus: () => (hold(...place), focus(...place)),
      onclick: () => take(...place),
      onkeydown: (event) => key(event, ...place),
    });
  });
  function take(row, col) {
    at(row, col).focus({ preventScroll: true });
    press(row, col);
  }
  function hold(row, col) {
    for (const cell of cells) cell.tabIndex = -1;
    at(row, col).tabIndex = 0;
  }
  function key(event, row, col) {
    const moves = {
      ArrowUp: [row - 1, col], ArrowDown: [row + 1, col],
      ArrowLeft: [row, col - 1], ArrowRight: [row, col + 1],
      Home: event.ctrlKey ? [0, 0] : [row, 0],
      End: event.ctrlKey ? [rows - 1, cols - 1] : [row, cols - 1],
    };
    if (event.key === "Enter" || event.key === " ") press(row, col);
    else if (moves[event.key]) {
      const [r, c] = moves[event.key];
      if (r >= 0 && r < rows && c >= 0 && c < cols) at(r, c).focus();
    } else return;
    event.preventDefault();
  }
  function set(row, col, attributes, text) {
    const cell = at(row, col);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === false || value == null) cell.removeAttribute(name);
      else cell.setAttribute(name, value === true ? "" : value);
    }
    if (text !== undefined && cell.textContent !== text) cell.textContent = text;
  }
  const lines = Array.from({ length: rows }, (_, row) =>
    h("div", { role: "row", class: "opat-row" }, ...cells.slice(row * cols, (row + 1) * cols)),
  );
  const look = { role: "grid", "aria-label": label, class: "opat-grid", style: `--cols:${cols}` };
  const el = h("div", look, ...lines);
  el.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && leave());
  if (cols > 12) el.classList.add("opat-fine");
  if (drag) dragged();
  return { el, set, pad };

  function dragged() {
    let last = null; // the cell under the finger
    const limited = (part, count) => Math.max(0, Math.min(count - 1, Math.floor(part * count)));
    function follow(event) {
      const { left, top, width, height } = el.getBoundingClientRect();
      const row = limited((event.clientY - top) / height, rows);
      const col = limited((event.clientX - left) / width, cols);
      if (at(row, col) === last) return;
      last = at(row, col);
      take(row, col);
    }
    el.classList.add("opat-drag");
    el.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse" && drag !== "mouse") return;
      el.setPointerCapture(event.pointerId);
      follow(event);
    });
    el.addEventListener("pointermove", (event) => last && follow(event));
    for (const end of ["pointerup", "pointercancel"])
      el.addEventListener(end, () => (last = null));
  }

  function pad(present) {
    const ways = [["↑", "up", -1, 0], ["←", "left", 0, -1], ["→", "right", 0, 1], ["↓", "down", 1, 0]];
    const buttons = ways.map(([arrow, way, down, along]) => button(arrow, () => {
      const [row, col] = present();
      const [r, c] = [row + down, col + along];
      if (!cells[r * cols + c] || c < 0 || c >= cols) return;
      enter(r, c);
      press(r, c);
    }, { "aria-label": `${arrow} one cell ${way}`, class: `opat-button opat-${way}` }));
    return h("div", { class: "opat-pad", role: "group", "aria-label": label }, ...buttons);
  }
}

// The legend of a map: names is {kind: text}; target, what its white cell is called.
function legend(names, target) {
  const entries = Object.entries({ target, ...names }).map(([kind, text]) =>
    h("li", {}, h("span", { class: "opat-cell", "data-kind": kind }), text));
  return h("ul", { class: "opat-legend" }, ...entries);
}

// Show in a grid what a cell is to the target: "target", or a kind that `names` puts into words.
function showKind({ set }, row, col, kind, names) {
  set(row, col, {
    "data-kind": kind, "data-target": kind === "target",
    "aria-selected": String(kind === "target"),
    "aria-label": `row ${row}, column ${col}: ${names[kind] ?? kind}`,
  });
}

// A map of what the chosen pixel sees; a click, or a finger that moves, chooses another pixel.
// kind(n): "target", "seen", "unseen" or "future". draw(words) shows the kinds, and says
// words("row 2, column 3 sees …"). The model's trait `pixel` is [row, col].
function sightMap({ model, size, say, kind }) {
  const names = { seen: "seen", unseen: "past but unseen", future: "future" };
  let summary;
  const map = grid({
    rows: size, cols: size, label: "The pixels of an image", drag: true,
    enter(row, col) {
      const is = kind(row * size + col);
      say(`Row ${row}, column ${col}: ${names[is] ?? is}.`);
    },
    leave: () => say(summary),
    press: (row, col) => setter(model)("pixel", [row, col]),
  });
  function draw(words) {
    const [row, col] = model.get("pixel");
    const past = row * size + col;
    let found = 0;
    for (let n = 0; n < size * size; n++) {
      const is = kind(n);
      found += is === "seen";
      showKind(map, ...placeOf(n, size), is, names);
    }
    const share = past ? `, ${Math.round((100 * found) / past)}%` : "";
    const sees = `row ${row}, column ${col} sees ${found} of the ${past} pixels before it${share}.`;
    say((summary = words(sees)));
  }
  return { el: map.el, pad: map.pad, legend: legend(names, "target"), draw };
}

// What to_base64 of base.py wrote: bytes, and booleans.
function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function bits(text) {
  const packed = bytes(text);
  return { length: 8 * packed.length, at: (n) => (packed[n >> 3] >> (7 - (n & 7))) & 1 };
}
