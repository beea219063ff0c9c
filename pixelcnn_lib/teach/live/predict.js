const SURE = { 50: "unsure", 70: "fairly sure", 90: "sure" };

// Make the HTML of predict.py answerable. store: get() gives the kept answer, set(answer) keeps it.
// Each change is told to the page: the event "predicted", its detail the answer, or null.
// A reader who opens the answer can commit no more.
function wake(root, store) {
  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const button = (text, click) => {
    const element = make("button", { type: "button" }, text);
    element.addEventListener("click", click);
    return element;
  };
  const [asked, list, folded] = ["p", "ul", "details"].map((one) => root.querySelector(one));
  const id = `opat-${(globalThis.opatIds = (globalThis.opatIds ?? 0) + 1)}`;
  const items = [...list.children];
  const choices = items.map((item) => item.textContent);
  let opened = false; // the answer, before the reader has committed
  const inputs = items.map((item) => {
    const input = make("input", { type: "radio", name: id });
    item.append(make("label", {}, input, make("span", {}, ...item.childNodes)));
    item.setAttribute("role", "none");
    return input;
  });
  const sure = make("div", { class: "opat-sure" }, make("span", {}, "Commit. I am"),
    ...Object.keys(SURE).map((n) => button(`${SURE[n]} (${n} %)`, () => commit(Number(n)))));
  const said = make("p", { role: "status" });
  const again = button("Predict again", () => (store.set(null), show(), inputs[0].focus()));
  asked.id = id;
  list.setAttribute("role", "radiogroup");
  list.setAttribute("aria-labelledby", id);
  list.after(sure, said);
  root.append(again);
  root.dataset.alive = "";
  folded.firstElementChild.addEventListener("click", () => {
    opened ||= again.hidden;
    show();
  });
  root.addEventListener("focusin", ({ target }) => {
    target.dataset.lmSuppressShortcuts = "true"; // in JupyterLab too, its keys are its own
  });
  show();

  function commit(percent) {
    const n = inputs.findIndex((input) => input.checked);
    if (n < 0) return (said.textContent = "First choose an answer.");
    const right = n == root.dataset.right;
    store.set({ choice: choices[n], sure: percent, right });
    show();
    folded.firstElementChild.focus();
  }

  function show() {
    const kept = store.get();
    const chosen = SURE[kept?.sure] ? choices.indexOf(kept?.choice) : -1;
    const done = chosen >= 0;
    inputs.forEach((input, n) => {
      input.disabled = done || opened;
      input.checked = n === chosen;
      input.parentElement.dataset.mark = !done ? "" : n == root.dataset.right ? "✓" : n === chosen ? "✗" : "";
    });
    sure.hidden = done || opened;
    if (!opened) folded.open = done; // if opened, the browser unfolds it
    again.hidden = !done;
    const verdict = chosen == root.dataset.right ? "✓ Right" : "✗ No";
    said.textContent = done ? `${verdict}. You chose “${choices[chosen]}” and were ${SURE[kept.sure]}.`
      : opened ? "You have opened the answer, so this is no prediction any more." : "";
    root.dispatchEvent(new CustomEvent("predicted", { bubbles: true, detail: done ? kept : null }));
  }
}

// What a page keeps: in the browser, or until the page is left if the browser's storage is blocked.
function kept(id) {
  const key = `one-pixel-at-a-time/${id}`;
  let answer = null;
  try {
    answer = JSON.parse(localStorage.getItem(key));
  } catch {}
  return {
    get: () => answer,
    set(now) {
      answer = now;
      try {
        now ? localStorage.setItem(key, JSON.stringify(now)) : localStorage.removeItem(key);
      } catch {}
    },
  };
}

function wakeAll() {
  for (const root of document.querySelectorAll("[data-predict]:not([data-alive])"))
    wake(root, kept(root.dataset.predict));
}

function render({ model, el }) {
  el.innerHTML = model.get("page");
  const set = (answer) => (model.set("answer", answer ?? {}), model.save_changes());
  wake(el.firstElementChild, { get: () => model.get("answer"), set });
}

export default { render };
