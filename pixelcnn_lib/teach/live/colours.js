function render({ model, el }) {
  const { controls, body, say } = frame(el, model);
  const panels = h("div", { class: "opat-panels opat-kernels", style: "--panels:3" });
  let checked = ""; // the cells as they were at the last check
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
  const wrong = (n) => // as long as it stays as it was checked
    checked !== "" && drawn()[n] === checked[n] && checked[n] !== told().seen[n];
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
    enter(row, col) {
      const n = number(row, col, source, target);
      if (wrong(n)) say(reason(n));
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
  let ink; // what each cell becomes that the mouse is dragged over
  drag(panels, (index, first) => {
    const n = (index % 9) * 9 + Math.floor(index / 9); // nine cells to a kernel
    if (first) ink = drawn()[n] === "1" ? "0" : "1";
    const cells = [...drawn()];
    cells[n] = ink;
    store(cells.join(""));
  });
  model.on("change:mask_type", () => ((checked = ""), fresh()));
  model.on("change:drawn", fresh);
  fresh();

  function store(cells) {
    model.set("drawn", { ...model.get("drawn"), [model.get("mask_type")]: cells });
    model.save_changes();
  }

  function fresh() {
    for (const one of kernels) one.draw();
    const chosen = [...drawn()].filter((one) => one === "1").length;
    const left = [...Array(81).keys()].filter(wrong).length;
    const marked = left ? ` Marked at the last check and not changed since: ${left}.` : "";
    say(`Mask ${model.get("mask_type")}: ${chosen} of 81 weights chosen.${marked}`);
  }

  function reason(n) {
    const [row, col] = [Math.floor(n / 27), Math.floor(n / 9) % 3];
    const [source, target] = [COLOURS[Math.floor(n / 3) % 3], COLOURS[n % 3]];
    const why = model.get("sentences")[told().said[n]];
    const place = `From ${source} to ${target}, row ${row}, column ${col}`;
    return `${place}: should be ${told().seen[n]}. ${why}`;
  }

  function check() {
    checked = drawn();
    for (const one of kernels) one.draw();
    const places = [...Array(81).keys()].filter(wrong);
    const type = model.get("mask_type");
    const next = type === "A" ? " Now draw mask B." : "";
    if (!places.length) return say(`All 81 right: this is mask ${type}.${next}`);
    const missing = places.filter((n) => checked[n] === "0").length;
    const many = `${missing} missing, ${places.length - missing} too many`;
    say(`${81 - places.length} of 81 right, ${many}. ${reason(places[0])}`);
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
