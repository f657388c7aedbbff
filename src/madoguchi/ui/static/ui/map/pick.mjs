// Choose a pin on a map. The form works without this: address text stays, latitude and longitude
// are hidden fields that only a chosen pin fills.
//
// <form data-pick [data-config-url] [data-ground-url: rivers and roads] [data-lat data-lon: where the pin stands now]>
//   <input name="lat" type="hidden"> <input name="lon" type="hidden"> <div data-pick-map hidden></div>

import { loadConfig, makeMap } from "./base.mjs";
import { addGround } from "./ground.mjs";

const WORDS = {
  ja: {
    hint: "地図を押すか、矢印キーで地図を動かして「真ん中に印を置く」を押してください。",
    set: "印を置きました。ちがうときは、もう一度押してください。",
    centre: "真ん中に印を置く",
    here: "今いる場所にする",
    clear: "印を消す",
    cleared: "印を消しました。",
    failed: "今いる場所がわかりませんでした。地図を押すか、住所を書いてください。",
  },
  en: {
    hint: "Press the map, or move it with the arrow keys and press “Put the pin in the middle”.",
    set: "Pin set. Press again to move it.",
    centre: "Put the pin in the middle",
    here: "Use my position",
    clear: "Remove the pin",
    cleared: "Pin removed.",
    failed: "Your position is not available. Press the map or write the address.",
  },
};

function button(text) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button-second";
  made.textContent = text;
  return made;
}

function addStyles() {
  for (const path of ["../../vendor/maplibre/maplibre-gl.css", "../map.css"]) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(path, import.meta.url);
    document.head.append(link);
  }
}

export async function makePicker(form) {
  const words = WORDS[document.documentElement.lang] ?? WORDS.ja;
  const root = form.querySelector("[data-pick-map]");
  const { lat, lon } = form.elements;
  const element = document.createElement("div");
  element.className = "map";
  const state = document.createElement("p");
  state.className = "picker-state";
  state.setAttribute("role", "status");
  state.textContent = words.hint;
  const [centre, here, clear] = [button(words.centre), button(words.here), button(words.clear)];
  const actions = document.createElement("div");
  actions.className = "actions";
  actions.append(centre, ...(navigator.geolocation ? [here] : []), clear);
  root.classList.add("picker");
  root.append(state, element, actions);
  root.hidden = false;

  const config = await loadConfig(form.dataset.configUrl ?? "/map/config");
  const { map, maplibre, calm } = await makeMap(element, config);
  addGround(map, form.dataset.groundUrl, config).catch((error) => console.warn("ground:", error));
  const pin = new maplibre.Marker({ color: "#ce0000", draggable: true });
  pin.getElement().setAttribute("aria-label", "選んだ場所");

  function put(at, { move = false } = {}) {
    show(at, { move });
    lat.value = at.lat.toFixed(6);
    lon.value = at.lng.toFixed(6);
    lat.dispatchEvent(new Event("change", { bubbles: true }));
    state.textContent = words.set;
    clear.disabled = false;
  }

  /** Where the place stands now; it is no choice, so that words written instead still count. */
  function show(at, { move = false } = {}) {
    pin.setLngLat(at).addTo(map);
    if (move) map[calm ? "jumpTo" : "easeTo"]({ center: at, zoom: Math.max(map.getZoom(), 15) });
  }

  function remove() {
    pin.remove();
    lat.value = lon.value = "";
    lat.dispatchEvent(new Event("change", { bubbles: true }));
    state.textContent = words.cleared;
    clear.disabled = true;
  }

  map.on("click", (event) => put(event.lngLat));
  pin.on("dragend", () => put(pin.getLngLat()));
  centre.addEventListener("click", () => put(map.getCenter()));
  clear.addEventListener("click", remove);
  clear.disabled = true;
  here.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
    ({ coords }) => put(new maplibre.LngLat(coords.longitude, coords.latitude), { move: true }),
    () => { state.textContent = words.failed; },
    { enableHighAccuracy: true, timeout: 10_000 },
  ));
  const chosen = [lat.value, lon.value].map(Number);
  const known = [form.dataset.lat, form.dataset.lon].map(Number);
  if (chosen.every(Boolean)) put(new maplibre.LngLat(chosen[1], chosen[0]), { move: true });
  else if (known.every(Boolean)) show(new maplibre.LngLat(known[1], known[0]), { move: true });
  return map;
}

/** Make the picker when it can be seen: a map in closed details has no size. */
function whenSeen(form) {
  const details = form.closest("details");
  const begin = () => makePicker(form).catch((error) => {
    form.querySelector("[data-pick-map]").hidden = true;
    console.warn("picker:", error);
  });
  if (!details || details.open) begin();
  else details.addEventListener("toggle", begin, { once: true });
}

const forms = document.querySelectorAll("form[data-pick]");
if (forms.length) addStyles();
forms.forEach(whenSeen);
