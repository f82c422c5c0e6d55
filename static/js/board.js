// Drag a card to another column, or move it with Alt and the arrow keys.
// Without this module each card has a choice of statuses and a button.

const board = document.querySelector(".board");
const columns = () => [...board.querySelectorAll(".column")];
let dragged = null;

function send(card, status) {
  const form = card.querySelector("form.move");
  if (!form) return;
  form.elements.status.value = status;
  sessionStorage.setItem("moved", card.id);
  form.requestSubmit();
}

function markDraggable() {
  for (const card of board.querySelectorAll(".cardlet:has(form.move)")) card.draggable = true;
}

board?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest(".cardlet");
  if (!dragged) return;
  dragged.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.id);
});

board?.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  for (const column of columns()) column.classList.remove("over");
  dragged = null;
});

board?.addEventListener("dragover", (event) => {
  const column = event.target.closest(".column");
  if (!dragged || !column) return;
  event.preventDefault();
  for (const other of columns()) other.classList.toggle("over", other === column);
});

board?.addEventListener("drop", (event) => {
  const column = event.target.closest(".column");
  if (!dragged || !column) return;
  event.preventDefault();
  if (!column.contains(dragged)) send(dragged, column.dataset.status);
});

board?.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const card = event.target.closest(".cardlet");
  if (!card || !step || !event.altKey) return;
  event.preventDefault();
  const all = columns();
  const next = all[all.indexOf(card.closest(".column")) + step];
  if (next) send(card, next.dataset.status);
});

// The card that was moved keeps the focus, wherever it is now.
const moved = sessionStorage.getItem("moved");
sessionStorage.removeItem("moved");
if (moved && board) document.getElementById(moved)?.querySelector(".t a")?.focus();
if (board) markDraggable();
