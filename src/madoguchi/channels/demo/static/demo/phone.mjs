// The phone refreshes itself; without this file, sending or reloading shows what is new.

const log = document.getElementById("log");
const POLL_MS = 1000;
let last = log.innerHTML.length;

async function refresh() {
  try {
    const answer = await fetch(log.dataset.logUrl, { credentials: "same-origin" });
    if (answer.ok) {
      const html = await answer.text();
      if (html.length !== last) {
        last = html.length;
        log.innerHTML = html;
        log.scrollTop = log.scrollHeight;
      }
    }
  } finally {
    setTimeout(refresh, POLL_MS);
  }
}
log.scrollTop = log.scrollHeight;
setTimeout(refresh, POLL_MS);
