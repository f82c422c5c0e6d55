// Says how many entries are ticked; the head's box ticks a page; Shift ticks everything in between.
// Without this module each box is ticked by itself, and the bar says nothing of their number.

const boxes = () => [...document.querySelectorAll('input[name="entry"]')];
const bar = document.getElementById("bulk");
const all = document.querySelector("[data-choose-all]");
let last = null;

function show() {
  const every = boxes();
  const chosen = every.filter((box) => box.checked).length;
  const status = bar?.querySelector('[role="status"]');
  if (status) status.textContent = chosen === 1 ? status.dataset.one : status.dataset.many.replace("{number}", chosen);
  const box = all?.querySelector("input");
  if (!box) return;
  box.checked = chosen > 0 && chosen === every.length;
  box.indeterminate = chosen > 0 && chosen < every.length;
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.('input[name="entry"]');
  if (!box) return;
  const every = boxes();
  if (event.shiftKey && last && every.includes(last)) {
    const [from, to] = [every.indexOf(last), every.indexOf(box)].sort((one, other) => one - other);
    for (const between of every.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
  show();
});

document.addEventListener("change", ({ target }) => {
  if (target.closest("[data-choose-all]")) for (const box of boxes()) box.checked = target.checked;
  show();
});

bar?.addEventListener("reset", (event) => {
  // The boxes stand outside the form; only its own fields go back by themselves.
  for (const box of boxes()) box.checked = false;
  event.target.querySelectorAll("[popover]:popover-open").forEach((menu) => menu.hidePopover());
  setTimeout(show);
});

if (all) all.hidden = false;
show();
