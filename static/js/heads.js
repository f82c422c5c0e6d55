// Shift and a click on a column's head: sorted by it, too. Without this module the side's "then by" does the same.

document.addEventListener(
  "click",
  (event) => {
    const head = event.target.closest("thead a[data-adding]");
    const first = document.getElementById("sort");
    if (!head || !first || !event.shiftKey) return;
    event.preventDefault();
    // Before the link itself hears of it, and without the new window that the click would mean.
    event.stopPropagation();
    const all = new Option(head.textContent, head.dataset.adding, true, true);
    first.append(all);
    for (const field of first.form.querySelectorAll('[name="then"]')) field.value = "";
    first.dispatchEvent(new Event("change", { bubbles: true }));
    if (!window.htmx) first.form.requestSubmit();
  },
  true,
);
