// Copies an address to the clipboard, and closes lists that hang open. Without this module the address can be selected
// in its field, and a list closes where it was opened.

document.addEventListener("click", async ({ target }) => {
  for (const open of document.querySelectorAll("details.drop[open]")) {
    if (!open.contains(target)) open.removeAttribute("open");
  }
  const button = target.closest("[data-copy]");
  const field = button && document.getElementById(button.dataset.copy);
  if (!field) return;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Browsers give the clipboard to pages over HTTPS only; the address stays selected.
    return;
  }
  const label = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = label), 2000);
});

document.addEventListener("keydown", ({ key }) => {
  const open = key === "Escape" && document.querySelector("details.drop[open]");
  if (!open) return;
  open.removeAttribute("open");
  open.querySelector("summary").focus();
});
