// The preparations side by side, each as the server really makes it of the part that is chosen in the dialog.

const dialog = document.getElementById("crop");
const figures = [...dialog.querySelectorAll("[data-preset]")];
// A moment after the box has come to rest: each answer costs the upload of a file that is not kept yet.
const MILLISECONDS_OF_REST = 350;

let resting;
let asked = new AbortController();

function stop() {
  clearTimeout(resting);
  asked.abort();
  asked = new AbortController();
}

function wanted(preparation, { file, id, box }) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  body.set("preparation", preparation);
  body.set("box", box);
  if (file) body.set("image", file);
  else body.set("kept_image", id);
  return body;
}

async function draw(figure, part, { signal }) {
  try {
    const body = wanted(figure.dataset.preset, part);
    const answer = await fetch(dialog.dataset.trial, { method: "POST", body, signal });
    const kind = answer.headers.get("Content-Type") ?? "";
    if (kind === "image/jpeg") showPicture(figure, await answer.blob(), signal);
    else showWords(figure, kind.startsWith("text/plain") ? await answer.text() : dialog.dataset.failed, signal);
  } catch {
    showWords(figure, dialog.dataset.failed, signal);
  }
}

function showPicture(figure, blob, signal) {
  if (signal.aborted) return;
  const picture = clear(figure);
  picture.src = URL.createObjectURL(blob);
  picture.hidden = false;
}

function showWords(figure, text, signal) {
  if (signal.aborted) return;
  clear(figure);
  figure.querySelector("[role=status]").textContent = text;
}

function clear(figure) {
  const picture = figure.querySelector("img");
  URL.revokeObjectURL(picture.src);
  picture.removeAttribute("src");
  picture.hidden = true;
  figure.querySelector("[role=status]").textContent = "";
  figure.removeAttribute("aria-busy");
  return picture;
}

dialog.addEventListener("part", ({ detail }) => {
  stop();
  for (const figure of figures) figure.setAttribute("aria-busy", "true");
  resting = setTimeout(() => {
    for (const figure of figures) draw(figure, detail, asked);
  }, MILLISECONDS_OF_REST);
});

dialog.addEventListener("close", () => {
  stop();
  figures.forEach(clear);
});
