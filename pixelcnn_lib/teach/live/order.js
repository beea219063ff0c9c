function render({ model, el }) {
  const { controls, body, say } = frame(el, model);
  const [rows, cols, colours] = model.get("shape");
  const sees = model.get("sees");
  const words = model.get("words");
  const across = cols * colours; // cells of the grid in a row: its places are in the order itself
  const name = (n) => {
    const [pixel, colour] = [Math.floor(n / colours), n % colours];
    return `${COLOURS[colour]} of row ${Math.floor(pixel / cols)}, column ${pixel % cols}`;
  };

  const line = slider({
    label: "Value", min: 1, max: sees.length, value: model.get("place") + 1,
    text: (n) => `${n} of ${sees.length}`, input: (n) => go(n - 1),
  });
  const label = `The values of ${rows} by ${cols} pixels, in their order`;
  const view = grid({ rows, cols: across, label, press: (row, col) => go(row * across + col) });
  view.el.classList.remove("opat-fine");
  view.el.classList.add("opat-order");
  const cells = [...view.el.querySelectorAll(".opat-cell")];
  view.el.addEventListener("focusin", (event) => go(cells.indexOf(event.target)));
  controls.append(
    button("◂ Back", () => go(place - 1)), button("Step ▸", () => go(place + 1)), line,
  );
  const names = { seen: "may be seen", future: "still hidden" };
  body.append(view.el, legend(names, "to be predicted"));

  let place;
  function go(n) {
    place = Math.max(0, Math.min(sees.length - 1, n));
    line.set(place + 1);
    for (let n = 0; n < sees.length; n++) {
      const kind = n === place ? "target" : sees[place][n] === "1" ? "seen" : "future";
      const means = n === place ? "to be predicted" : names[kind];
      const letter = LETTERS[n % colours];
      const label = `${name(n)}: ${means}`;
      const look = { "data-kind": kind, "data-colour": letter, "aria-label": label };
      view.set(Math.floor(n / across), n % across, look, letter);
    }
    say(words[place]);
    model.set("place", place);
    model.save_changes();
  }
  go(model.get("place"));
  model.on("change:place", () => model.get("place") !== place && go(model.get("place")));
}

export default { render };
