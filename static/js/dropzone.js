// A photo from anywhere: dropped or pasted on any spot of the page, shown at once, weighed before it travels.
// Without this module the file field does its work alone.

const zone = document.querySelector("[data-dropzone]");
const field = zone.querySelector('input[type="file"]');
const preview = zone.querySelector("[data-preview]");
const note = zone.querySelector("[data-note]");
const address = document.getElementById("id_image_url");
const MOST_BYTES = Number(zone.dataset.mostBytes);
const TYPING = "input:not([type=file], [type=checkbox], [type=radio]), textarea";

zone.classList.add("ready");
let shown = "";

function size(bytes) {
  const unit = bytes < 1e6 ? ["kB", 1e3] : ["MB", 1e6];
  return `${(bytes / unit[1]).toFixed(bytes < 1e6 ? 0 : 1)} ${unit[0]}`;
}

function say(text, isWrong = false) {
  note.textContent = text;
  note.classList.toggle("wrong", isWrong);
}

function take(file) {
  if (!file.type.startsWith("image/") && !/\.(heic|heif|tiff?)$/i.test(file.name)) {
    say(zone.dataset.notPicture, true);
    return;
  }
  const carrier = new DataTransfer();
  carrier.items.add(file);
  field.files = carrier.files;
  show(file);
}

function show(file) {
  URL.revokeObjectURL(shown);
  if (file.size > MOST_BYTES) {
    field.value = "";
    say(zone.dataset.tooLarge, true);
    return;
  }
  shown = URL.createObjectURL(file);
  const picture = new Image();
  picture.alt = "";
  picture.addEventListener("load", () => say(`${file.name} · ${picture.naturalWidth} × ${picture.naturalHeight} · ${size(file.size)}`));
  // HEIC and TIFF: readable for the server, not for every browser.
  picture.addEventListener("error", () => picture.remove());
  picture.src = shown;
  preview.replaceChildren(picture);
  zone.classList.add("filled");
  if (address) address.value = "";
  say(`${file.name} · ${size(file.size)}`);
  document.querySelector("#picture-errors")?.replaceChildren();
}

function takeFrom(transfer) {
  const files = [...transfer.files];
  const file = files.find(({ type }) => type.startsWith("image/")) ?? files[0];
  if (file) {
    take(file);
    return true;
  }
  const text = (transfer.getData("text/uri-list") || transfer.getData("text/plain")).trim();
  if (!/^https?:\/\/\S+$/i.test(text)) return false;
  address.value = text;
  address.focus();
  return true;
}

field.addEventListener("change", () => {
  if (field.files[0]) show(field.files[0]);
});

document.addEventListener("paste", (event) => {
  const typing = event.target.closest(TYPING);
  if (typing && event.clipboardData.files.length === 0) return;
  if (takeFrom(event.clipboardData)) event.preventDefault();
});

// The page is the target: a photo that misses the frame must not make the browser leave the form.
let depth = 0;
document.addEventListener("dragenter", () => {
  depth += 1;
  zone.classList.add("over");
});
document.addEventListener("dragleave", () => {
  depth -= 1;
  if (depth === 0) zone.classList.remove("over");
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  depth = 0;
  zone.classList.remove("over");
  if (event.target.closest(TYPING) && event.dataTransfer.files.length === 0) return;
  event.preventDefault();
  takeFrom(event.dataTransfer);
});
