// What is chosen stays chosen from page to page of one search, and through every replacement of the rows.
// Without this module the tray is a plain form for the boxes of the page.

const tray = document.getElementById("tray");
const store = `chosen-${tray?.dataset.job}`;
const PICTURES = 5;

const chosen = new Map(JSON.parse(sessionStorage.getItem(store) ?? "[]"));
const boxes = () => document.querySelectorAll('#rows input[name="match"]');

function pictureOf(box) {
  return box.closest("tr").querySelector(".o img")?.src ?? "";
}

function keep() {
  sessionStorage.setItem(store, JSON.stringify([...chosen]));
  show();
}

function show() {
  const status = tray.querySelector('[role="status"]');
  const { none, one, many } = status.dataset;
  const words = { 0: none, 1: one }[chosen.size] ?? many.replace("{number}", chosen.size);
  if (status.textContent !== words) status.textContent = words;
  tray.hidden = chosen.size === 0;
  tray.querySelector("[data-clear]").hidden = false;
  tray.querySelector(".chosen").replaceChildren(...pictures());
  sendAlong();
}

function pictures() {
  const shown = [...chosen.values()].filter(Boolean).slice(0, PICTURES).map((address) => {
    const picture = new Image(40, 40);
    picture.referrerPolicy = "no-referrer";
    picture.alt = "";
    picture.src = address;
    return picture;
  });
  if (chosen.size <= shown.length) return shown;
  const more = document.createElement("span");
  more.className = "more dim";
  more.textContent = `+${chosen.size - shown.length}`;
  return [...shown, more];
}

// Chosen offers of other pages have no box here: they are sent by fields of their own.
function sendAlong() {
  for (const field of tray.querySelectorAll("[data-elsewhere]")) field.remove();
  const here = new Set([...boxes()].map((box) => box.value));
  for (const id of chosen.keys()) {
    if (here.has(id)) continue;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "match", value: id });
    field.dataset.elsewhere = "";
    tray.append(field);
  }
}

function restore() {
  for (const box of boxes()) box.checked = chosen.has(box.value);
  document.dispatchEvent(new Event("chosen:restored"));
  show();
}

function clear() {
  chosen.clear();
  keep();
  restore();
}

if (tray) {
  document.addEventListener("change", ({ target }) => {
    if (target.name !== "match" || !target.closest("#rows")) return;
    if (target.checked) chosen.set(target.value, pictureOf(target));
    else chosen.delete(target.value);
    keep();
  });
  tray.querySelector("[data-clear]").addEventListener("click", clear);
  tray.addEventListener("submit", ({ submitter }) => {
    if (!submitter?.hasAttribute("formaction")) sessionStorage.setItem(`${store}-sent`, "1");
  });
  document.addEventListener("htmx:afterSwap", restore);
  // Back from saving them: they are where they belong.
  if (sessionStorage.getItem(`${store}-sent`) && document.querySelector(".message.success")) chosen.clear();
  sessionStorage.removeItem(`${store}-sent`);
  keep();
  restore();
}
