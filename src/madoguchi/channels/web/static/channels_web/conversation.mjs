// The conversation refreshes itself, and the device may give its position. Without this file the
// page works by itself: links and forms do the same.

const log = document.getElementById("log");
const form = document.getElementById("message-form");
const POLL_MS = 2000;
const POLL_HIDDEN_MS = 15000;
const POLL_AWAITED_MS = 400;

/** Soon while an answer is awaited, seldom while nobody looks. */
function pause() {
  if (document.hidden) return POLL_HIDDEN_MS;
  return log.querySelector(".talk-state") ? POLL_AWAITED_MS : POLL_MS;
}

let next;

async function refresh() {
  let wait = POLL_HIDDEN_MS;
  try {
    const answer = await fetch(log.dataset.logUrl, { credentials: "same-origin" });
    const version = answer.headers.get("X-Talk-Version");
    if (answer.ok && version !== log.dataset.version) {
      log.innerHTML = await answer.text();
      log.dataset.version = version;
    }
    wait = pause();
  } catch {
    // No connection: the lines stay as they are.
  }
  clearTimeout(next);
  next = setTimeout(refresh, wait);
}
document.addEventListener("talk:changed", refresh);
addEventListener("online", refresh);
refresh();

/** Ask the device where it is and write it into the form; `then` runs when it is known. */
function usePosition(then = () => {}) {
  const state = document.getElementById("position-state");
  state.textContent = state.dataset.asking;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      form.elements.lat.value = coords.latitude;
      form.elements.lon.value = coords.longitude;
      form.elements.radius.value = coords.accuracy;
      state.textContent = state.dataset.found.replace("METRES", Math.round(coords.accuracy));
      then();
    },
    () => {
      state.textContent = state.dataset.failed;
      form.elements.where.focus();
    },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
}

if ("geolocation" in navigator) {
  document.getElementById("position").hidden = false;
  document.getElementById("use-position").addEventListener("click", () => usePosition());
  log.addEventListener("click", (event) => {
    if (!event.target.closest("[data-send-position]")) return;
    event.preventDefault();
    usePosition(() => form.requestSubmit());
  });
}
