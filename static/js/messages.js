// Gives each message a button that takes it away. Without this module the messages stay until the next page.

function addDismiss(list) {
  for (const message of list.querySelectorAll(".message:not(:has(.dismiss))")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "dismiss";
    button.setAttribute("aria-label", list.dataset.dismiss);
    button.textContent = "×";
    button.addEventListener("click", () => {
      message.remove();
      list.hidden = list.children.length === 0;
    });
    message.append(button);
  }
}

function prepare() {
  for (const list of document.querySelectorAll(".messages")) addDismiss(list);
}

prepare();
document.addEventListener("htmx:afterSettle", prepare);
