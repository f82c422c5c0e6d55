// What is wrong with a photo, said below it before anything is searched; the server looks at it. Nothing waits for it.

const list = document.querySelector("[data-preview]");
// The server looks at less than this, so a photo of many megabytes need not travel for a hint.
const MOST_SIDE = 640;
const QUALITY = 0.9;

// Per card: its file, if it is not kept yet, and what is under way.
const files = new WeakMap();
const asking = new WeakMap();

const placeOf = (card) => card.querySelector(".hint");

function place(card) {
  const hint = document.createElement("div");
  hint.className = "hint";
  hint.setAttribute("role", "status");
  card.append(hint);
}

// A smaller copy; the file itself where the browser cannot draw it.
async function smaller(file) {
  try {
    const drawn = await createImageBitmap(file);
    const scale = Math.min(1, MOST_SIDE / Math.max(drawn.width, drawn.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(drawn.width * scale));
    canvas.height = Math.max(1, Math.round(drawn.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(drawn, 0, 0, canvas.width, canvas.height);
    drawn.close();
    const copy = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return copy ?? file;
  } catch {
    return file;
  }
}

async function ask(card) {
  asking.get(card)?.abort();
  const asked = new AbortController();
  asking.set(card, asked);
  const body = new FormData();
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  body.set("box", card.querySelector("[data-crop]").value);
  if (files.has(card)) body.set("image", await smaller(files.get(card)), "photo.jpg");
  else body.set("kept_image", card.dataset.id);
  try {
    const answer = await fetch(list.dataset.hint, { method: "POST", body, signal: asked.signal });
    // Who was signed out hears of that when the form is sent.
    const told = answer.status === 200 ? await answer.text() : "";
    if (!asked.signal.aborted) placeOf(card).innerHTML = told;
  } catch {
    // Without an answer there is no hint.
  }
}

list.addEventListener("photo", (event) => {
  files.set(event.target, event.detail.file);
  place(event.target);
  ask(event.target);
});

// Another part was chosen (crop.js).
list.addEventListener("part", (event) => ask(event.target));

list.addEventListener("click", (event) => {
  const part = event.target.closest(".hint [data-part]");
  if (!part) return;
  const card = part.closest("li");
  card.dispatchEvent(new CustomEvent("suggested", { bubbles: true, detail: { box: part.dataset.part.split(",").map(Number) } }));
  card.querySelector(".choose").focus();
});
