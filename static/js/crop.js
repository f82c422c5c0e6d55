// Choosing the part of a photo that is searched: a button on each card, the dialog, and the form's fields.
// Without this module whole photos are searched, or the parts that the form came with.

const dialog = document.getElementById("crop");
const cropBox = dialog.querySelector("crop-box");
const picture = cropBox.querySelector("img");
const wrong = dialog.querySelector("[data-wrong]");
const said = document.getElementById("crop-said");
const taking = dialog.querySelector("[data-take]");
const preparation = document.getElementById("id_preparation");
const cards = document.querySelector("[data-preview]");
const words = dialog.dataset;
const SVG = "http://www.w3.org/2000/svg";
const WHOLE = [0, 0, 1, 1];
// So that a screen reader is not interrupted at every step of an arrow key.
const MILLISECONDS_UNTIL_SAID = 500;

// The files of cards that are not uploaded yet.
const files = new WeakMap();
// The photo in the dialog: its card, and where its picture comes from.
let current = null;
let speaking;

const fieldOf = (card) => card.querySelector("[data-crop]");
const nameOf = (card) => files.get(card)?.name ?? card.querySelector(".name").textContent.trim();

function offer(card, file) {
  if (file) {
    files.set(card, file);
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "file_crop" });
    field.dataset.crop = "";
    card.append(field);
  }
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn slim choose" });
  button.setAttribute("aria-haspopup", "dialog");
  button.addEventListener("click", () => open(card));
  card.append(button);
  label(card);
}

function label(card) {
  const button = card.querySelector(".choose");
  button.textContent = fieldOf(card).value ? words.another : words.choose;
  button.setAttribute("aria-label", words.of.replace("{name}", nameOf(card)));
}

async function open(card) {
  const opened = { card, file: files.get(card), id: card.dataset.id };
  current = opened;
  dialog.querySelector("[data-name]").textContent = nameOf(card);
  wrong.hidden = true;
  cropBox.dataset.waiting = "";
  picture.removeAttribute("src");
  cropBox.box = fieldOf(card).value ? fieldOf(card).value.split(",").map(Number) : WHOLE;
  for (const radio of dialog.querySelectorAll("[name=crop-preparation]")) radio.checked = radio.value === preparation.value;
  suggest(card);
  mark();
  said.textContent = told();
  dialog.showModal();
  try {
    await show(opened);
    if (current !== opened) return;
    delete cropBox.dataset.waiting;
    cropBox.focus({ preventScroll: true });
    announceToPresets();
  } catch (failure) {
    if (current !== opened) return;
    wrong.textContent = failure.told || words.unreadable;
    wrong.hidden = false;
  }
}

// The browser draws it, or the server does: HEIC and TIFF are readable for the server, not for every browser.
async function show(opened) {
  const address = opened.file ? URL.createObjectURL(opened.file) : opened.card.dataset.photo;
  const drawn = await load(address).catch((failure) => {
    if (!opened.file) throw failure;
    URL.revokeObjectURL(address);
    return drawnByServer(opened);
  });
  if (current !== opened) return;
  opened.size = [drawn.naturalWidth, drawn.naturalHeight];
  cropBox.style.setProperty("--ratio", drawn.naturalWidth / drawn.naturalHeight);
  picture.src = drawn.src;
  await picture.decode();
}

async function drawnByServer({ card, file }) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  body.set("image", file);
  const answer = await fetch(words.trial, { method: "POST", body });
  const kind = answer.headers.get("Content-Type") ?? "";
  if (kind !== "image/jpeg") {
    throw Object.assign(new Error(kind), { told: kind.startsWith("text/plain") ? await answer.text() : "" });
  }
  const drawn = await load(URL.createObjectURL(await answer.blob()));
  const shown = drawn.cloneNode();
  shown.alt = "";
  card.querySelector(".noimg")?.replaceWith(shown);
  return drawn;
}

async function load(address) {
  const drawn = new Image();
  drawn.src = address;
  await drawn.decode();
  return drawn;
}

function suggest(card) {
  const place = dialog.querySelector("[data-parts]");
  for (const button of place.querySelectorAll("[data-box]")) button.remove();
  const parts = card.dataset.parts?.split(" ").filter(Boolean) ?? [];
  parts.forEach((part, number) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn slim", textContent: words.suggested.replace("{number}", number + 1) });
    button.dataset.box = part;
    const small = new Image();
    small.alt = "";
    small.src = `${card.dataset.thumb}?crop=${part}`;
    button.prepend(small);
    button.addEventListener("click", () => cropBox.change(part.split(",").map(Number)));
    place.append(button);
  });
}

function told() {
  if (cropBox.isWhole) return words.saidWhole;
  const [left, top, right, bottom] = cropBox.box.map((edge) => Math.round(edge * 100));
  const edges = { left, top, right, bottom };
  return words.said.replace(/\{(\w+)\}/g, (_all, name) => edges[name]);
}

function mark() {
  const whole = cropBox.isWhole;
  taking.textContent = whole ? words.takeWhole : words.takePart;
  for (const button of dialog.querySelectorAll("[data-box]")) {
    button.setAttribute("aria-pressed", button.dataset.box === cropBox.box.join());
  }
  dialog.querySelector("[data-whole].btn").setAttribute("aria-pressed", whole);
}

const boxText = () => (cropBox.isWhole ? "" : cropBox.box.join());

function announceToPresets() {
  dialog.dispatchEvent(new CustomEvent("part", { detail: { file: current.file, id: current.id, box: boxText() } }));
}

cropBox.addEventListener("input", () => {
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    said.textContent = told();
  }, MILLISECONDS_UNTIL_SAID);
  mark();
  if (!("waiting" in cropBox.dataset)) announceToPresets();
});

dialog.querySelector("[data-whole].btn").addEventListener("click", () => cropBox.change(WHOLE));

dialog.querySelector("form").addEventListener("submit", () => {
  const { card, size } = current;
  const chosen = dialog.querySelector("[name=crop-preparation]:checked");
  if (chosen) preparation.value = chosen.value;
  if (size) take(card, cropBox.isWhole ? null : cropBox.box, size);
});

// The part to search of a card's photo; null for all of it. Where no picture is shown there is nothing to draw on.
function take(card, box, size) {
  fieldOf(card).value = box?.join() ?? "";
  card.querySelector(".outline")?.remove();
  if (box) card.querySelector("img")?.after(outline(box, size));
  label(card);
  card.dispatchEvent(new CustomEvent("part", { bubbles: true }));
}

dialog.addEventListener("close", () => {
  clearTimeout(speaking);
  if (current.file && picture.src && !current.card.querySelector(`img[src="${picture.src}"]`)) URL.revokeObjectURL(picture.src);
  current = null;
});

// As searches/boxes.py draws it.
function outline([left, top, right, bottom], [width, height]) {
  const [l, t, r, b] = [left * width, top * height, right * width, bottom * height].map(Math.round);
  const inside = `M${l} ${t}V${b}H${r}V${t}Z`;
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("class", "outline");
  drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
  drawing.setAttribute("aria-hidden", "true");
  for (const [name, path] of [["outside", `M0 0H${width}V${height}H0Z${inside}`], ["inside", inside]]) {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("class", name);
    line.setAttribute("d", path);
    drawing.append(line);
  }
  return drawing;
}

for (const card of cards.children) offer(card);
cards.addEventListener("photo", (event) => offer(event.target, event.detail.file));
// A part that somebody else proposes for a card (hints.js).
cards.addEventListener("suggested", ({ target, detail }) => {
  const shown = target.querySelector("img");
  take(target, detail.box, [shown?.naturalWidth ?? 1, shown?.naturalHeight ?? 1]);
});

// From a search's page: with a single photo there is nothing else to choose.
if (location.hash === "#crop") {
  if (cards.children.length === 1) open(cards.firstElementChild);
  else cards.querySelector(".choose")?.focus();
}
