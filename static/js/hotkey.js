// "/" focuses the page's filter: the first visible [data-hotkey="/"]. "?" shows the keys that the page knows: those of
// templates/components/keyboard.html whose data-where finds something. A key typed into a field stays there.

const TYPING = "input:not([type=checkbox], [type=radio], [type=file]), textarea, select, [contenteditable], dialog[open]";
// The second is what a Chinese keyboard types.
const ASKING = ["?", "？"];

const keys = document.getElementById("keyboard");
const opener = document.querySelector('[data-dialog="keyboard"]');

function leaveOutOthers() {
  for (const part of keys.querySelectorAll("[data-where]")) part.hidden = !document.querySelector(part.dataset.where);
}

function focusFilter() {
  const fields = [...document.querySelectorAll('[data-hotkey="/"]')];
  const field = fields.find((candidate) => candidate.checkVisibility());
  field?.focus();
  field?.select?.();
  return Boolean(field);
}

function showKeys() {
  if (!keys) return false;
  leaveOutOthers();
  keys.showModal();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  const heard = (event.key === "/" && focusFilter()) || (ASKING.includes(event.key) && showKeys());
  if (heard) event.preventDefault();
});

if (opener && keys) {
  opener.hidden = false;
  // The dialog itself is opened by dialogs.js.
  opener.addEventListener("click", leaveOutOthers);
}
