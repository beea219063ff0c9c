// Pictures: what several figures draw besides parts.js.

// A picture of crisp pixels, on hatched ground. draw(rgb, known): bytes (height * width * 3), and
// optionally known(n), whether pixel n is drawn yet.
function picture({ width, height, label }) {
  const look = { class: "opat-pixels", width, height, role: "img", "aria-label": label };
  const canvas = h("canvas", look);
  const pen = canvas.getContext("2d");
  return {
    el: h("div", { class: "opat-picture" }, canvas),
    canvas,
    draw(rgb, known = () => true) {
      const image = pen.createImageData(width, height);
      for (let n = 0; n < width * height; n++)
        image.data.set([...rgb.slice(3 * n, 3 * n + 3), known(n) ? 255 : 0], 4 * n);
      pen.putImageData(image, 0, 0);
    },
  };
}
