// Over http a search result shows its text; a page opened from a file may not read another one.
DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = location.protocol !== "file:";

// The button "Download" saves the notebook, which a browser would show as text.
addEventListener("DOMContentLoaded", () => {
  for (const link of document.querySelectorAll('a[href*="/_sources/"]')) link.download = "";
});

// A prediction covers the results below it: the folded outputs up to the next prediction or heading.
const COVERED = "details.below-input";
const PREDICTIONS = "one-pixel-at-a-time/"; // how live/predict.js begins its keys
const predicted = new Map(); // in this page: id -> answer or null
function results(question) {
  const all = [...document.querySelectorAll(`main :is(h1, h2, h3, [data-predict], ${COVERED})`)];
  const after = all.slice(all.indexOf(question) + 1);
  const end = after.findIndex((one) => !one.matches(COVERED));
  return end < 0 ? after : after.slice(0, end);
}
addEventListener("predicted", ({ target, detail }) => {
  for (const result of results(target)) {
    result.open = Boolean(detail);
    const words = detail ? "Show the result" : "Predict first, or show the result";
    result.querySelector(".collapsed").textContent = words;
  }
  predicted.set(target.dataset.predict, detail);
  tally();
});

// What the browser has kept of all chapters, and what was predicted in this page since.
function everyPrediction() {
  const all = new Map();
  try {
    for (const [key, text] of Object.entries(localStorage))
      if (key.startsWith(PREDICTIONS)) all.set(key.slice(PREDICTIONS.length), JSON.parse(text));
  } catch {} // storage is blocked
  for (const [id, answer] of predicted) all.set(id, answer);
  return all;
}

// At the chapter's end: how many predictions were right. From ENOUGH on, beside how sure the reader was.
const ENOUGH = 10;
let tallied;
function tally() {
  if (!tallied) {
    tallied = document.createElement("table");
    tallied.className = "table tally";
    [...document.querySelectorAll("main div.cell")].at(-1).after(tallied);
  }
  const all = [...everyPrediction()].map(([, answer]) => answer).filter((answer) => answer?.sure);
  const share = (made) => made.length ? `${made.filter((one) => one.right).length} of ${made.length}` : "–";
  const rows = [50, 70, 90].map((sure) =>
    `<tr><th scope="row">${sure} % sure</th><td>${share(all.filter((one) => one.sure === sure))}</td></tr>`);
  const enough = all.length >= ENOUGH;
  const later = enough ? "" : `. From ${ENOUGH} on, this shows how well you judge them`;
  tallied.hidden = !all.length;
  tallied.innerHTML = `<caption>Your predictions in all chapters: ${share(all)} right${later}.</caption>
    <tbody>${enough ? rows.join("") : ""}</tbody>`;
}

// On paper every answer is open and the ground is light; afterwards the page is as it was.
let closed = [];
let theme;
addEventListener("beforeprint", () => {
  theme = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const details of closed) details.open = true;
});
addEventListener("afterprint", () => {
  document.documentElement.dataset.theme = theme;
  for (const details of closed) details.open = false;
});
