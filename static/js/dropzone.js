// Photos of one item from anywhere: dropped or pasted on any spot of the page, several at once or one after another,
// shown at once, weighed before they travel. Without this module the file field does its work alone.

const zone = document.querySelector("[data-dropzone]");
const field = zone.querySelector('input[type="file"]');
const list = document.querySelector("[data-preview]");
const note = zone.querySelector("[data-note]");
const camera = document.querySelector("[data-camera]");
const address = document.getElementById("id_image_url");
const MOST_BYTES = Number(zone.dataset.mostBytes);
const MOST_PHOTOS = Number(zone.dataset.mostPhotos);
const TYPING = "input:not([type=file], [type=checkbox], [type=radio]), textarea";

// What the field is to send, in the order of its cards. Choosing in a dialog replaces the field's own files.
let chosen = [];

zone.classList.add("ready");
list.classList.add("ready");

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

const isSame = (one) => (other) =>
  one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

function add(files) {
  const complaints = [];
  const leftOut = [];
  for (const file of files) {
    if (chosen.some(isSame(file))) continue;
    const wrong = complaint(file);
    if (wrong) {
      complaints.push(files.length > 1 ? `${file.name}: ${wrong}` : wrong);
    } else if (list.children.length === MOST_PHOTOS) {
      leftOut.push(file.name);
    } else {
      chosen.push(file);
      const item = card(file);
      list.append(item);
      // For whoever has more to offer for a photo (crop.js).
      item.dispatchEvent(new CustomEvent("photo", { bubbles: true, detail: { file } }));
    }
  }
  if (leftOut.length > 0) complaints.push(zone.dataset.tooMany.replace("{names}", leftOut.join(", ")));
  document.getElementById("picture-errors").replaceChildren();
  update(complaints);
}

function update(complaints = []) {
  const carrier = new DataTransfer();
  for (const file of chosen) carrier.items.add(file);
  field.files = carrier.files;
  const counted = zone.dataset.counted.replace("{number}", list.children.length);
  say(complaints.join(" ") || (list.children.length > 1 ? counted : ""), complaints.length > 0);
}

function card(file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const facts = [file.name, size(file.size)];
  name.className = "name";
  name.title = name.textContent = facts.join(" · ");
  const picture = new Image();
  picture.alt = "";
  picture.addEventListener("load", () => {
    facts.splice(1, 0, `${picture.naturalWidth} × ${picture.naturalHeight}`);
    name.title = name.textContent = facts.join(" · ");
    URL.revokeObjectURL(picture.src);
  });
  // HEIC and TIFF: readable for the server, not for every browser.
  picture.addEventListener("error", () => picture.replaceWith(placeholder(file)));
  picture.src = URL.createObjectURL(file);
  item.append(picture, name);
  makeRemovable(item, file.name, () => {
    chosen = chosen.filter((other) => other !== file);
  });
  return item;
}

function placeholder(file) {
  const box = document.createElement("span");
  box.className = "noimg";
  box.textContent = file.name.split(".").pop().toUpperCase();
  return box;
}

function makeRemovable(item, name, forget) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "remove";
  button.textContent = "×";
  button.setAttribute("aria-label", zone.dataset.takeAway.replace("{name}", name));
  button.addEventListener("click", () => {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    forget();
    item.remove();
    update();
    (next?.querySelector(".remove") ?? field).focus();
  });
  item.append(button);
}

for (const item of list.children) {
  const name = item.querySelector(".name").textContent.trim();
  makeRemovable(item, name, () => {
    // Its address would bring it back.
    if ("fetched" in item.dataset) address.value = "";
  });
}
// Somebody may have chosen before this module had come.
if (field.files.length > 0) add([...field.files]);
else update();

function takeFrom(transfer) {
  if (transfer.files.length > 0) {
    add([...transfer.files]);
    return true;
  }
  const text = (transfer.getData("text/uri-list") || transfer.getData("text/plain")).trim();
  if (!/^https?:\/\/\S+$/i.test(text)) return false;
  address.value = text;
  address.focus();
  return true;
}

field.addEventListener("change", () => add([...field.files]));
// A photo from the camera joins the others: sent from its own field, too, it would come twice.
camera?.addEventListener("change", () => {
  add([...camera.files]);
  camera.value = "";
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
