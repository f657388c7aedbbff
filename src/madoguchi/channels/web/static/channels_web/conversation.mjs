// The conversation refreshes itself, and the device may give its position. Without this file the
// page works by itself: links and forms do the same.

const log = document.getElementById("log");
const form = document.getElementById("message-form");
const POLL_MS = 2000;
const POLL_HIDDEN_MS = 15000;

async function refresh() {
  try {
    const answer = await fetch(log.dataset.logUrl, { credentials: "same-origin" });
    const version = answer.headers.get("X-Talk-Version");
    if (answer.ok && version !== log.dataset.version) {
      log.innerHTML = await answer.text();
      log.dataset.version = version;
    }
  } finally {
    setTimeout(refresh, document.hidden ? POLL_HIDDEN_MS : POLL_MS);
  }
}
refresh();

document.querySelector(".error-summary")?.focus();

if ("geolocation" in navigator) {
  const state = document.getElementById("position-state");
  document.getElementById("position").hidden = false;
  document.getElementById("use-position").addEventListener("click", () => {
    state.textContent = "場所を調べています…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lat.value = coords.latitude;
        form.elements.lon.value = coords.longitude;
        form.elements.radius.value = coords.accuracy;
        state.textContent = `いまいる場所を使います（誤差およそ${Math.round(coords.accuracy)}m）。「送る」で一緒に送られます。`;
      },
      () => {
        state.textContent = "場所を調べられませんでした。住所や近くの建物の名前を書いてください。";
      },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
}
