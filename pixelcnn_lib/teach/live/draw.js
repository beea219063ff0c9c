// Pictures and distributions: what four figures draw besides parts.js.

// A picture of crisp pixels, on hatched ground. draw(rgb, known): bytes (height * width * 3), and
// optionally known(n), whether pixel n is drawn yet. mark(row, col): frames a pixel.
function picture({ width, height, label }) {
  const look = { class: "opat-pixels", width, height, role: "img", "aria-label": label };
  const canvas = h("canvas", look);
  const pen = canvas.getContext("2d");
  const marked = h("span", { class: "opat-mark", hidden: true });
  const percent = (part, whole) => `${(100 * part) / whole}%`;
  return {
    el: h("div", { class: "opat-picture" }, canvas, marked),
    canvas,
    draw(rgb, known = () => true) {
      const image = pen.createImageData(width, height);
      for (let n = 0; n < width * height; n++)
        image.data.set([...rgb.slice(3 * n, 3 * n + 3), known(n) ? 255 : 0], 4 * n);
      pen.putImageData(image, 0, 0);
    },
    mark(row, col) {
      marked.hidden = false;
      Object.assign(marked.style, {
        left: percent(col, width), top: percent(row, height),
        width: percent(1, width), height: percent(1, height),
      });
    },
  };
}

// A distribution over the 256 levels, drawn as hills.py's heights are packed or as numbers 0 … 1.
// set({ heights, scale, came, text }): scale stretches the heights, came is marked by a line.
function distribution({ name, ink = "accent" }) {
  const svg = (tag, look) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(look)) element.setAttribute(key, value);
    return element;
  };
  const shape = { viewBox: "0 0 256 100", preserveAspectRatio: "none", role: "img" };
  const view = svg("svg", { ...shape, class: `opat-hill opat-ink-${ink}` });
  const hill = svg("path", { d: "" });
  const line = svg("line", { y1: 0, y2: 100, "vector-effect": "non-scaling-stroke" });
  view.append(hill, line);
  const note = h("span", { class: "opat-note" });
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const level = Math.round(255 * part);
    return h("span", { style: `left: ${(100 * (level + 0.5)) / 256}%` }, level);
  });
  return {
    el: h("div", { class: "opat-distribution" },
      h("p", { class: "opat-name" }, h("span", {}, name), note), view,
      h("div", { class: "opat-ticks", "aria-hidden": "true" }, ...ticks)),
    set({ heights, scale = 1, came = null, text = "" }) {
      const bars = Array.from(heights, (p) => `V${(100 - 96 * p * scale).toFixed(1)}h1`).join("");
      hill.setAttribute("d", bars ? `M0 100${bars}V100Z` : "");
      line.setAttribute("visibility", came === null ? "hidden" : "visible");
      line.setAttribute("x1", (came ?? 0) + 0.5);
      line.setAttribute("x2", (came ?? 0) + 0.5);
      note.textContent = text;
      view.setAttribute("aria-label", `${name}: a distribution over 256 levels. ${text}`);
    },
  };
}

// What hills.py packed: the height of each level, 0 … 1.
function heights(text) {
  const [first, digits] = text.split(":");
  const all = new Array(256).fill(0);
  [...digits].forEach((digit, n) => (all[Number(first) + n] = parseInt(digit, 32) / 31));
  return all;
}

