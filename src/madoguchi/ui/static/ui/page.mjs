// Small helps that no page depends on: everything here also works without JavaScript.

const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

// A form that was sent is not sent twice by an impatient second press.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  const busy = form.querySelector("[data-busy]");
  if (busy) busy.hidden = false;
  setTimeout(() => delete form.dataset.sent, 10_000);
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Residents' pages stay on the device for when there is no connection.
const worker = document.querySelector("link[data-worker]")?.dataset.worker;
if (worker && navigator.serviceWorker) {
  navigator.serviceWorker.register(worker, { scope: "/", updateViaCache: "none" }).catch(() => {});
  addEventListener("online", () => navigator.serviceWorker.controller?.postMessage("flush"));
}
