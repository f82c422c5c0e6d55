// Files into a batch: dropped, pasted or chosen, sent in parts, two at a time. A file that broke off goes on where it
// stopped when it is chosen again. Without this module the form sends them in one piece.

const intake = document.querySelector("[data-intake]");
const list = intake.querySelector("[data-uploads]");
const form = intake.querySelector("form");
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
const words = intake.dataset;
const AT_ONCE = 2;
const TRIES = 5;

intake.querySelector("[data-plain]").hidden = true;
const folder = intake.querySelector("[data-folder]");
folder.hidden = !("webkitdirectory" in HTMLInputElement.prototype);

const queue = [];
let sending = 0;

const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

async function send(address, options) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": token }, ...options });
      if (answer.status < 500 || (answer.status === 507 && attempt === TRIES)) return answer;
    } catch (problem) {
      if (attempt === TRIES) throw problem;
    }
    if (attempt === TRIES) throw new Error("no answer");
    await pause(2 ** attempt / 2);
  }
}

async function upload({ file, name, line }) {
  const fingerprint = `${name} ${file.size} ${file.lastModified}`;
  const announced = await send(words.announce, { body: JSON.stringify({ name, size: file.size, fingerprint }) });
  if (!announced.ok) {
    const { error } = announced.status === 400 ? await announced.json() : { error: words.failed };
    line.fail(error);
    return;
  }
  const { file: id, received, part_bytes: partBytes } = await announced.json();
  let offset = received;
  line.show(offset);
  while (offset < file.size) {
    const body = file.slice(offset, offset + partBytes);
    const answer = await send(`${words.announce}${id}/part/?offset=${offset}`, { body });
    if (answer.status === 507) {
      line.fail((await answer.json().catch(() => ({}))).error ?? words.failed);
      return;
    }
    if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
    offset = (await answer.json()).received;
    line.show(offset);
  }
  line.end();
}

function lineFor(name, size) {
  const item = document.createElement("li");
  const label = document.createElement("span");
  const bar = document.createElement("progress");
  const note = document.createElement("span");
  label.textContent = name;
  bar.max = size || 1;
  bar.value = 0;
  bar.className = "progress";
  note.className = "small dim";
  note.textContent = words.waiting;
  item.append(label, bar, note);
  list.append(item);
  return {
    show(bytes) {
      bar.value = bytes;
      note.textContent = `${Math.round((100 * bytes) / (size || 1))} %`;
    },
    end() {
      note.textContent = words.received;
      setTimeout(() => item.remove(), 1500);
      refresh();
    },
    fail(text) {
      bar.remove();
      item.classList.add("wrong");
      note.textContent = text;
    },
  };
}

// The rows show themselves as they are read.
let refreshing = 0;
function refresh() {
  clearTimeout(refreshing);
  refreshing = setTimeout(() => {
    const progress = document.getElementById("progress");
    window.htmx?.ajax("GET", location.href, { target: progress, swap: "outerHTML" });
  }, 700);
}

function next() {
  while (sending < AT_ONCE && queue.length > 0) {
    const job = queue.shift();
    sending += 1;
    upload(job)
      .catch(() => job.line.fail(words.failed))
      .finally(() => {
        sending -= 1;
        next();
      });
  }
}

function take(file, name) {
  if (name.split("/").some((part) => part.startsWith("."))) return;
  queue.push({ file, name, line: lineFor(name, file.size) });
}

async function walk(entry, path) {
  if (entry.isFile) {
    const file = await new Promise((done, failed) => entry.file(done, failed));
    take(file, path + file.name);
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return;
    for (const inner of some) await walk(inner, `${path}${entry.name}/`);
  }
}

async function takeFrom(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length > 0) for (const entry of entries) await walk(entry, "");
  else for (const file of transfer.files) take(file, file.name);
  next();
}

for (const input of intake.querySelectorAll("input[type=file]")) {
  input.addEventListener("change", () => {
    for (const file of input.files) take(file, file.webkitRelativePath || file.name);
    input.value = "";
    next();
  });
}

document.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length === 0) return;
  event.preventDefault();
  for (const file of event.clipboardData.files) take(file, file.name);
  next();
});

// The page is the target: what misses the frame must not make the browser leave it.
let depth = 0;
document.addEventListener("dragenter", () => {
  depth += 1;
  form.classList.add("over");
});
document.addEventListener("dragleave", () => {
  depth -= 1;
  if (depth === 0) form.classList.remove("over");
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  depth = 0;
  form.classList.remove("over");
  event.preventDefault();
  takeFrom(event.dataTransfer);
});

window.addEventListener("beforeunload", (event) => {
  if (sending > 0 || queue.length > 0) event.preventDefault();
});
