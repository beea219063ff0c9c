function render({ model, el }) {
  const { controls, body, say } = frame(el, model);
  const [names, scores, orders] = ["names", "scores", "orders"].map((name) => model.get(name));
  const change = setter(model);
  const cards = model.get("pictures").map((packed, n) => {
    const photo = picture({ width: 16, height: 16, label: names[n] });
    photo.draw(bytes(packed));
    const cost = h("span", { class: "opat-note" });
    const choose = () => (change("bet", n), card.focus({ preventScroll: true }));
    const card = button("", choose, { class: "opat-button opat-card" });
    card.append(photo.el, cost);
    return { card, cost };
  });
  controls.append(
    choice({
      label: "Score:", value: model.get("score"),
      options: Object.keys(scores).map((name) => [name, name]),
      change: (name) => (change("bet", -1), change("score", name)),
    }),
  );
  const sheet = h("div", { class: "opat-cards" });
  body.append(sheet);
  for (const name of ["score", "bet"]) model.on(`change:${name}`, draw);
  draw();

  // Before the bet, the pictures lie mixed, without their scores.
  function draw() {
    const [score, bet] = [model.get("score"), model.get("bet")];
    const told = (n) => `${names[n]}, ${scores[score][n].toFixed(2)} bits`;
    const order = bet < 0 ? [...cards.keys()] : orders[score];
    cards.forEach(({ card, cost }, n) => {
      cost.textContent = bet < 0 ? "?" : scores[score][n].toFixed(2);
      card.setAttribute("aria-pressed", String(n === bet));
    });
    sheet.replaceChildren(...order.map((n) => cards[n].card));
    say(
      bet < 0
        ? `Score: ${score}. Which picture has the lowest? Choose one.`
        : `You chose number ${order.indexOf(bet) + 1} of ${order.length} (framed): ${told(bet)}. ` +
          `The first: ${told(order[0])}.`,
    );
  }
}

export default { render };
