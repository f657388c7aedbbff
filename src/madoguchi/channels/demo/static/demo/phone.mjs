// The phone refreshes itself, and the device may give its position. Without this file, sending or
// reloading shows what is new, and a place is chosen from the list.

const POLL_MS = 1000;
const POLL_HIDDEN_MS = 10_000;
const log = document.getElementById("log");

/** Put what is new at the end, so that only that is read aloud; replace what changed. */
function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const lines = document.getElementById("lines");
  const known = new Map([...lines.children].map((line) => [line.dataset.key, line]));
  let grown = false;
  for (const line of fresh.getElementById("lines").children) {
    const old = known.get(line.dataset.key);
    if (!old) {
      lines.append(line.cloneNode(true));
      grown = true;
    } else if (old.textContent !== line.textContent) {
      old.replaceWith(line.cloneNode(true));
    }
  }
  const quick = document.getElementById("quick");
  const newQuick = fresh.getElementById("quick");
  const key = (element) => element.firstElementChild?.dataset.key;
  if (key(quick) !== key(newQuick)) {
    quick.replaceChildren(...newQuick.children);
    grown = true;
  }
  if (grown) log.scrollTop = log.scrollHeight;
}

async function refresh() {
  try {
    const answer = await fetch(log.dataset.logUrl, { credentials: "same-origin" });
    if (answer.ok) show(await answer.text());
  } catch {
    // The house is closed for a moment; the next look will tell.
  } finally {
    setTimeout(refresh, document.hidden ? POLL_HIDDEN_MS : POLL_MS);
  }
}
log.scrollTop = log.scrollHeight;
setTimeout(refresh, POLL_MS);

const where = document.getElementById("where");
const here = document.getElementById("here");
if (where && "geolocation" in navigator) {
  const state = document.getElementById("here-state");
  here.hidden = false;
  here.addEventListener("click", () => {
    state.textContent = "場所を調べています…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        where.elements.lat.value = coords.latitude;
        where.elements.lon.value = coords.longitude;
        where.submit();
      },
      () => {
        state.textContent = "場所を調べられませんでした。一覧から選んで送ってください。";
      },
      { enableHighAccuracy: true, timeout: 15_000 },
    );
  });
}
