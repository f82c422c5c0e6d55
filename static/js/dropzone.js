// A photo from anywhere: dropped or pasted on any spot of the page, shown at once, weighed before it travels.
// Without this module the file field does its work alone.

const zone = document.querySelector("[data-dropzone]");
const field = zone.querySelector('input[type="file"]');
const preview = zone.querySelector("[data-preview]");
const note = zone.querySelector("[data-note]");
const address = document.getElementById("id_image_url");
const MOST_BYTES = Number(zone.dataset.mostBytes);
const TYPING = "input:not([type=file], [type=checkbox], [type=radio]), textarea";

const before = [...preview.childNodes];

zone.classList.add("ready");
let shown = "";

function size(bytes) {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function say(text, isWrong = false) {
  note.textContent = text;
  note.classList.toggle("wrong", isWrong);
}

// What is wrong with it, as far as that shows before it travels; the server looks at the content.
function complaint(file) {
  if (!file.type.startsWith("image/") && !/\.(heic|heif|tiff?)$/i.test(file.name)) return zone.dataset.notPicture;
  return file.size > MOST_BYTES ? zone.dataset.tooLarge : "";
}

function choose(file) {
  URL.revokeObjectURL(shown);
  const wrong = complaint(file);
  if (wrong) {
    // A photo that was kept before is still there, and is shown again.
    field.value = "";
    preview.replaceChildren(...before);
    say(wrong, true);
    return;
  }
  if (field.files[0] !== file) {
    const carrier = new DataTransfer();
    carrier.items.add(file);
    field.files = carrier.files;
  }
  address.value = "";
  document.getElementById("picture-errors").replaceChildren();
  show(file);
}

function show(file) {
  shown = URL.createObjectURL(file);
  const picture = new Image();
  const facts = [file.name, size(file.size)];
  picture.alt = "";
  picture.addEventListener("load", () => {
    facts.splice(1, 0, `${picture.naturalWidth} × ${picture.naturalHeight}`);
    say(facts.join(" · "));
  });
  // HEIC and TIFF: readable for the server, not for every browser.
  picture.addEventListener("error", () => picture.remove());
  picture.src = shown;
  preview.replaceChildren(picture);
  say(facts.join(" · "));
}

function takeFrom(transfer) {
  const files = [...transfer.files];
  const file = files.find(({ type }) => type.startsWith("image/")) ?? files[0];
  if (file) {
    choose(file);
    return true;
  }
  const text = (transfer.getData("text/uri-list") || transfer.getData("text/plain")).trim();
  if (!/^https?:\/\/\S+$/i.test(text)) return false;
  address.value = text;
  address.focus();
  return true;
}

field.addEventListener("change", () => {
  if (field.files[0]) choose(field.files[0]);
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
