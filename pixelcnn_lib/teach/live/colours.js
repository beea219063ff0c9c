function render({ model, el }) {
  const { controls, body, say } = frame(el, model);
  const panels = h("div", { class: "opat-panels opat-kernels", style: "--panels:3" });
  let checked = false;
  controls.append(choice({
    label: "Draw mask", value: model.get("mask_type"),
    options: [["A", "A, first layer"], ["B", "B, later layers"]],
    change: (type) => (model.set("mask_type", type), model.save_changes()),
  }));
  body.append(panels);
  body.parentElement.append(h("div", { class: "opat-controls opat-below" },
    button("Check", check), button("Copy R → R to all", copy), button("Clear", clear)));

  const number = (row, col, source, target) => ((row * 3 + col) * 3 + source) * 3 + target;
  const drawn = () => model.get("drawn")[model.get("mask_type")];
  const told = () => model.get("told")[model.get("mask_type")];
  const wrong = (n) => checked && drawn()[n] !== told().seen[n];
  const pairs = [...Array(9).keys()].map((n) => [Math.floor(n / 3), n % 3]);
  const kernels = pairs.map(([source, target]) => kernel({
    size: 3, label: `Kernel from ${COLOURS[source]} to ${COLOURS[target]}`,
    name: [channel(source), " → ", channel(target)],
    press(row, col) {
      const cells = [...drawn()];
      const n = number(row, col, source, target);
      cells[n] = cells[n] === "1" ? "0" : "1";
      store(cells.join(""));
    },
    look(row, col) {
      const n = number(row, col, source, target);
      const on = drawn()[n] === "1";
      return [{
        "data-kind": on && "seen", "data-wrong": wrong(n), "aria-selected": String(on),
        "aria-label": `row ${row}, column ${col}${wrong(n) ? ": wrong" : ""}`,
      }, on ? "1" : "0"];
    },
  }));
  panels.append(...kernels.map((one) => one.el));
  model.on("change:mask_type", fresh);
  model.on("change:drawn", fresh);
  fresh();

  function store(cells) {
    model.set("drawn", { ...model.get("drawn"), [model.get("mask_type")]: cells });
    model.save_changes();
  }

  function fresh() {
    checked = false;
    for (const one of kernels) one.draw();
    const chosen = [...drawn()].filter((one) => one === "1").length;
    say(`Mask ${model.get("mask_type")}: ${chosen} of 81 weights chosen.`);
  }

  function check() {
    checked = true;
    for (const one of kernels) one.draw();
    const places = [...Array(81).keys()].filter(wrong);
    if (!places.length) return say(`All 81 right: this is mask ${model.get("mask_type")}.`);
    const [first] = places;
    const [row, col] = [Math.floor(first / 27), Math.floor(first / 9) % 3];
    const [source, target] = [COLOURS[Math.floor(first / 3) % 3], COLOURS[first % 3]];
    const reason = model.get("sentences")[told().said[first]];
    const right = `${81 - places.length} of 81 right. From ${source} to ${target}`;
    say(`${right}, row ${row}, column ${col}. ${reason}`);
  }

  function copy() {
    const cells = [...drawn()];
    store(cells.map((_, n) => cells[n - (n % 9)]).join(""));
  }

  function clear() {
    store("0".repeat(81));
  }
}

export default { render };
