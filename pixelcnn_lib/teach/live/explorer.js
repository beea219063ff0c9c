function render({ model, el }) {
  const { controls, body, say } = frame(el, model);
  const change = (name) => (value) => (model.set(name, value), model.save_changes());
  const size = model.get("size");
  let summary; // of the mask that is shown
  controls.append(
    slider({ label: "Kernel size", min: 1, max: 9, value: size, input: change("size") }),
    choice({
      label: "Mask", value: model.get("mask_type"), change: change("mask_type"),
      options: [["A", "A, first layer"], ["B", "B, later layers"]],
    }),
    choice({
      label: "Colours", value: model.get("colours"), change: change("colours"),
      options: [[1, "1"], [3, "3"]],
    }),
  );
  for (const name of ["size", "mask_type", "colours"]) model.on(`change:${name}`, draw);
  draw();

  function draw() {
    const [size, type, colours] = ["size", "mask_type", "colours"].map((name) => model.get(name));
    const mask = model.get("told")[`${size}${type}${colours}`];
    const panels = h("div", { class: "opat-panels opat-kernels", style: `--panels:${colours}` });
    body.replaceChildren(panels, legend({ seen: "seen", future: "hidden" }));
    if (mask.error) {
      const why = `A ${size}x${size} kernel has no centre, so no tap on the present pixel.`;
      body.replaceChildren(h("p", {}, why));
      return say(`The library says: ${mask.error}`);
    }
    for (let source = 0; source < colours; source++)
      for (let target = 0; target < colours; target++)
        panels.append(little(mask, size, colours, source, target));
    const alive = [...mask.seen].filter((one) => one === "1").length;
    summary = `Mask ${type}, ${size}x${size}: ${alive} of ${mask.seen.length} weights are alive.`;
    say(summary);
  }

  function little(mask, size, colours, source, target) {
    const pair = colours > 1 ? `from ${COLOURS[source]} to ${COLOURS[target]}` : "one colour";
    const number = (row, col) => ((row * size + col) * colours + source) * colours + target;
    const reason = (row, col) => model.get("sentences")[mask.said[number(row, col)]];
    return kernel({
      size, label: `Kernel ${pair}`,
      name: colours > 1 ? [channel(source), " → ", channel(target)] : [],
      enter: (row, col) => say(`Row ${row}, column ${col}, ${pair}. ${reason(row, col)}`),
      leave: () => say(summary),
      look(row, col) {
        const seen = Number(mask.seen[number(row, col)]);
        const label = `row ${row}, column ${col}: ${seen ? "seen" : "hidden"}`;
        const attributes = { "data-kind": seen ? "seen" : "future", "aria-label": label };
        return [attributes, size < 6 ? seen : ""];
      },
    }).el;
  }
}

export default { render };
