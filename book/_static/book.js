// Over http a search result shows its text; a page opened from a file may not read another one.
DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = location.protocol !== "file:";

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

// A wide picture that scrolls on a phone scrolls by keyboard too.
function reachWide() {
  for (const box of document.querySelectorAll(".cell_output:has(> img.wide)"))
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
}
addEventListener("load", reachWide);
addEventListener("resize", reachWide);
