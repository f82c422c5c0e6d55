// Results that replace themselves, by the poll or by a filter, under a reader who is in the middle of something.
// Without htmx the page reloads itself while it is unfinished, and its links and forms are plain ones.

const POLLED = "calls";
const FILTERS = "filters-form";

document.documentElement.classList.add("live");
// Going back loads the page as the address says, instead of a copy that may be old.
if (window.htmx) window.htmx.config.refreshOnHistoryMiss = true;

let isPoll = false;
let openPages = [];
let scrolledBy = 0;
let laterFilters = null;

const byId = (id) => document.getElementById(id);

// An empty filter does not lengthen the address.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.id !== FILTERS) return;
  for (const name of new Set(detail.formData.keys())) {
    if (detail.formData.getAll(name).every((value) => value === "")) detail.formData.delete(name);
  }
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const asker = detail.requestConfig.elt;
  // An answer to an element that another answer has removed describes a state that was left.
  if (!asker.isConnected) detail.shouldSwap = false;
  isPoll = asker.id === POLLED;
  openPages = [...document.querySelectorAll("details.call[open]")].map(({ id }) => id);
  scrolledBy = document.querySelector("#listing .tablebox")?.scrollLeft ?? 0;
});

// The poll does not take the filters from somebody who is typing in them; they follow afterwards.
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  if (detail.target.id !== FILTERS) return;
  laterFilters = null;
  if (isPoll && detail.target.contains(document.activeElement)) {
    laterFilters = detail.fragment.firstElementChild;
    detail.shouldSwap = false;
  }
});

document.addEventListener("focusout", ({ target }) => {
  if (!laterFilters || !target.closest(`#${FILTERS}`)) return;
  // First whatever the field's own change brings about.
  setTimeout(() => {
    const form = byId(FILTERS);
    if (!laterFilters || form.contains(document.activeElement) || form.matches(".htmx-request")) return;
    form.replaceWith(laterFilters);
    window.htmx.process(laterFilters);
    laterFilters = null;
  });
});

document.addEventListener("htmx:afterSwap", ({ target }) => {
  for (const id of openPages) byId(id)?.setAttribute("open", "");
  const box = document.querySelector("#listing .tablebox");
  if (target.id !== "listing") return;
  if (box) box.scrollLeft = scrolledBy;
  byId("announce").textContent = document.querySelector("#bar .shown")?.textContent ?? "";
});

// A filter that the server could not answer: the plain page tells what is the matter.
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.requestConfig.elt.id !== POLLED) location.assign(detail.pathInfo.finalRequestPath);
});
