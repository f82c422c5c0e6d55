// A batch that is under way: tells when it is done, in the page's title and, if allowed, by the browser.

const WISH = "notify-batches";

function look() {
  const progress = document.getElementById("progress");
  const button = progress.querySelector("[data-notify]");
  if (button && "Notification" in window && Notification.permission === "default") {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const answer = await Notification.requestPermission();
      localStorage.setItem(WISH, answer);
      button.hidden = true;
    });
  }
  return progress.dataset.status;
}

let status = look();

document.addEventListener("htmx:afterSwap", () => {
  const now = look();
  if (status === "running" && now === "done") tell(document.getElementById("progress").dataset);
  status = now;
});

// A chosen replacement is sent at once.
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-sends]")) target.form.requestSubmit();
});

function tell({ title, done }) {
  document.title = `✓ ${title}`;
  if (document.hidden && "Notification" in window && Notification.permission === "granted") {
    new Notification(title, { body: done, tag: location.pathname });
  }
}
