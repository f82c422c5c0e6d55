// Opens `<dialog id="x">` for a link or button with data-dialog="x", and closes it for [data-close] inside.
// Without this module the link goes to a page that holds the same form.

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const modified = event.ctrlKey || event.metaKey || event.shiftKey;
  if (opener && !modified) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog) return;
    event.preventDefault();
    dialog.showModal();
    dialog.querySelector("[autofocus], input:not([type=hidden]), textarea, select")?.focus();
    return;
  }
  const dialog = event.target.closest("dialog");
  if (!dialog) return;
  // A click on the dialog itself, outside its contents, is a click on the veil around it.
  const closer = event.target.closest("[data-close]");
  if (closer || (event.target === dialog && isOutside(dialog, event))) {
    event.preventDefault();
    dialog.close();
  }
});

function isOutside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}
