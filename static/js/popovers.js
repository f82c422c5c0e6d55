// What opens beside its button: the columns, and the parts that a figure is made of. Pointing at such a figure, or
// reaching it by the keyboard, is enough to see them. Without this module a click opens it in the middle of the page.

const EDGE = 8;
const buttonOf = (box) => document.querySelector(`[popovertarget="${box.id}"]`);
const boxOf = (button) => document.getElementById(button.getAttribute("popovertarget"));

let openColumns = false;
let focused = "";
let pinned = null;

function place(box) {
  const button = buttonOf(box)?.getBoundingClientRect();
  if (!button) return;
  const { width, height } = box.getBoundingClientRect();
  const below = button.bottom + 4;
  const fits = below + height + EDGE <= window.innerHeight;
  const left = Math.min(button.right - width, window.innerWidth - width - EDGE);
  Object.assign(box.style, {
    position: "fixed",
    margin: 0,
    inset: "auto",
    left: `${Math.max(EDGE, left)}px`,
    top: `${fits ? below : Math.max(EDGE, Math.min(button.top - height - 4, window.innerHeight - height - EDGE))}px`,
  });
}

document.addEventListener(
  "toggle",
  ({ target, newState }) => {
    if (!target.matches?.(".columns, .parts-of")) return;
    if (newState === "open") place(target);
    else if (pinned === target) pinned = null;
  },
  true,
);

window.addEventListener("resize", () => {
  for (const box of document.querySelectorAll(":is(.columns, .parts-of):popover-open")) place(box);
});

function show(button) {
  const box = button && boxOf(button);
  if (box && !box.matches(":popover-open")) box.showPopover();
}

function hide(button) {
  const box = button && boxOf(button);
  if (box && box !== pinned && box.matches(":popover-open")) box.hidePopover();
}

const madeOf = (event) => event.target.closest?.(".made-of");

document.addEventListener("mouseover", (event) => show(madeOf(event)));
document.addEventListener("mouseout", (event) => hide(madeOf(event)));
document.addEventListener("focusin", (event) => {
  if (madeOf(event)?.matches(":focus-visible")) show(madeOf(event));
});
document.addEventListener("focusout", (event) => hide(madeOf(event)));
// It is open already: a click keeps it open, and the next one closes it.
document.addEventListener("click", (event) => {
  const button = madeOf(event);
  const box = button && boxOf(button);
  if (!box?.matches(":popover-open")) return;
  event.preventDefault();
  if (pinned === box) box.hidePopover();
  else pinned = box;
});

// Moving a column replaces the table and what is open above it; it opens again, where one was, for the next move.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  openColumns = detail.requestConfig.elt.id === "columns" && document.querySelector("#columns:popover-open") !== null;
  focused = document.activeElement?.id ?? "";
  // htmx would write it into the page as an attribute, which the content policy forbids.
  for (const box of document.querySelectorAll("[popover][style]")) box.removeAttribute("style");
});
document.addEventListener("htmx:afterSettle", () => {
  const columns = document.getElementById("columns");
  if (openColumns && columns && !columns.matches(":popover-open")) {
    columns.showPopover();
    const before = document.getElementById(focused);
    // At an end a column moves no further that way.
    if (columns.contains(before)) (before.disabled ? before.parentElement.querySelector("input") : before).focus();
  }
  openColumns = false;
});
