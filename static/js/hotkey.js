// "/" focuses the page's filter: the first visible [data-hotkey="/"]. A key typed into a field stays there.

const TYPING = "input, textarea, select, [contenteditable], dialog[open]";

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest(TYPING)) return;
  const fields = [...document.querySelectorAll('[data-hotkey="/"]')];
  const field = fields.find((candidate) => candidate.checkVisibility());
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select?.();
});
