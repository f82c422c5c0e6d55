// Walk the offers by arrow keys, choose by space, open by Enter; Shift chooses everything in between.
// Without this module the boxes and links are reached by Tab.

const rows = () => [...document.querySelectorAll("#rows > tr")];
const boxOf = (row) => row.querySelector('input[name="match"]');
const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
const PLAIN_PLACES = "body, main, .tablebox";

let lastChosen = null;

function choose(row, state) {
  const box = boxOf(row);
  if (box.checked === state) return;
  box.checked = state;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function chooseBetween(from, to, state) {
  const all = rows();
  const [first, last] = [all.indexOf(from), all.indexOf(to)].sort((one, other) => one - other);
  for (const row of all.slice(Math.max(0, first), last + 1)) choose(row, state);
}

function goTo(row) {
  for (const other of rows()) other.tabIndex = other === row ? 0 : -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function step(event, row) {
  const all = rows();
  const here = row ? all.indexOf(row) : -1;
  const next = all[Math.min(all.length - 1, Math.max(0, here + STEPS[event.key]))];
  if (!next) return;
  event.preventDefault();
  if (event.shiftKey && row) chooseBetween(row, next, true);
  goTo(next);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const row = event.target.closest("#rows > tr");
  if (!row && !event.target.matches(PLAIN_PLACES)) return;
  if (event.key in STEPS && (row || event.key === "ArrowDown")) {
    step(event, row);
  } else if (event.target === row && event.key === " ") {
    event.preventDefault();
    choose(row, !boxOf(row).checked);
    lastChosen = row.id;
  } else if (event.target === row && event.key === "Enter") {
    event.preventDefault();
    row.querySelector(".offer a")?.click();
  }
});

document.addEventListener("click", (event) => {
  const box = event.target.closest('#rows input[name="match"]');
  if (!box) return;
  const row = box.closest("tr");
  const from = lastChosen && document.getElementById(lastChosen);
  if (event.shiftKey && from) chooseBetween(from, row, box.checked);
  lastChosen = row.id;
});

// The box in the table's head: all of this page, or none of it.
document.addEventListener("change", ({ target }) => {
  if (target.id === "choose-all") {
    // Kept apart: the box itself follows each row that changes.
    const state = target.checked;
    for (const row of rows()) choose(row, state);
  }
  if (target.closest("#rows")) showWhetherAll();
});

function showWhetherAll() {
  const all = document.getElementById("choose-all");
  if (!all) return;
  const chosen = rows().filter((row) => boxOf(row).checked).length;
  all.hidden = false;
  all.checked = chosen > 0 && chosen === rows().length;
  all.indeterminate = chosen > 0 && !all.checked;
}

function prepare() {
  const all = rows();
  const current = all.find((row) => row === document.activeElement) ?? all[0];
  for (const row of all) row.tabIndex = row === current ? 0 : -1;
  showWhetherAll();
}

prepare();
document.addEventListener("htmx:afterSwap", prepare);
document.addEventListener("chosen:restored", showWhetherAll);
