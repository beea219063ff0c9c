function render({ model, el }) {
  const { controls, body, say } = frame(el, model);
  const [palette, ways] = [model.get("palette"), model.get("ways")];
  const change = setter(model);
  const count = bytes(Object.values(ways)[0].faces[0]).length / 256;
  const faces = Array.from({ length: count }, (_, n) =>
    picture({ width: 16, height: 16, label: `face ${n + 1}` }));
  const now = () => ways[model.get("way")];
  let line = null;

  controls.append(
    choice({
      label: "Change", value: model.get("way"),
      options: Object.entries(ways).map(([way, { name }]) => [way, name]),
      change: (way) => (change("step", 0), change("way", way)),
    }),
  );
  const sheet = h("div", { class: "opat-sheet" }, ...faces.map(({ el }) => el));
  body.append(sheet);
  for (const name of ["way", "step"]) model.on(`change:${name}`, draw);
  renew();
  model.on("change:way", renew);
  draw();

  // Each way has its own number of values, so it gets its own slider.
  function renew() {
    const { name, values } = now();
    const fresh = slider({
      label: capital(name), min: 0, max: values.length - 1, value: model.get("step"),
      text: (step) => values[step], input: (step) => change("step", step),
    });
    if (line) line.replaceWith(fresh);
    else controls.append(fresh);
    line = fresh;
  }

  function draw() {
    const { name, values, told, faces: packed } = now();
    const step = Math.min(model.get("step"), values.length - 1);
    const numbers = bytes(packed[step]);
    faces.forEach((face, n) => {
      const own = numbers.slice(256 * n, 256 * (n + 1));
      face.draw(Array.from(own, (colour) => palette[colour]).flat());
    });
    line.set(step);
    say(`${capital(name)} ${values[step]}. ${told[step]}`);
  }
}

export default { render };
