// The staff map: snapshot, live changes, filters, map and list as one.

import { Live, SignedOut, getJson } from "./live.mjs";
import { Store, isPlaced, passes } from "./store.mjs";
import { CaseList, clockTime } from "./list.mjs";
import { loadConfig, makeMap } from "./base.mjs";
import { CaseLayer } from "./cases.mjs";
import { addGround } from "./ground.mjs";

const root = document.querySelector("#map-app");
const element = root.querySelector("#map");
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const form = part("filters");

/** value -> word, read from the choices the server wrote into the page. */
function wordsOf(name) {
  const words = {};
  const options = root.querySelectorAll(`select[name="${name}"] option, datalist[data-words="${name}"] option`);
  for (const option of options) words[option.value] = option.textContent;
  for (const input of form.querySelectorAll(`input[name="${name}"]`)) words[input.value] = input.dataset.word;
  return words;
}

function readFilter() {
  const data = new FormData(form);
  const hours = Number(data.get("hours") || 0);
  return {
    urgencies: new Set(data.getAll("urgency").map(Number)),
    state: data.get("state"),
    category: data.get("category"),
    sinceS: hours ? Date.now() / 1000 - hours * 3600 : 0,
    doubtful: data.has("doubtful"),
    needsPlace: data.has("needs_place"),
    text: (data.get("text") ?? "").trim(),
  };
}

const store = new Store();
let selected = null;
let layer = null;
let list = null;
let drawPlanned = false;

function draw() {
  drawPlanned = false;
  const filter = readFilter();
  const items = store.list(filter);
  list.show(items);
  layer?.show(items);
  layer?.select(store.get(selected) ?? null);
  const unplaced = items.filter((item) => !isPlaced(item)).length;
  const all = store.cases.size;
  part("count").textContent = `${items.length.toLocaleString("ja-JP")} 件`
    + (items.length === all ? "" : `（全 ${all.toLocaleString("ja-JP")} 件）`)
    + (unplaced ? `　うち地図に出ないもの（場所不明） ${unplaced.toLocaleString("ja-JP")} 件` : "");
  const waiting = items.filter((item) => item.state === "new").length;
  part("next").textContent = `次の未確認（N）　${waiting.toLocaleString("ja-JP")} 件`;
  part("next").disabled = waiting === 0;
  part("empty").hidden = items.length > 0;
}

function planDraw() {
  if (drawPlanned) return;
  drawPlanned = true;
  setTimeout(draw, 150);
}

function select(id, options = {}) {
  selected = id;
  const item = store.get(id) ?? null;
  list.select(id, options);
  layer?.select(item, { move: options.move });
}

/** The next unseen case below the selected one, round to the first. */
function next() {
  const unseen = list.items.filter((item) => item.state === "new");
  if (!unseen.length) return;
  const at = unseen.findIndex((item) => item.id === selected);
  select(unseen[(at + 1) % unseen.length].id, { move: true, reveal: true, focus: true });
}

function announce(changed) {
  const fresh = changed.filter((item) => item.isNew && passes(item, readFilter()));
  if (!fresh.length) return;
  const life = fresh.filter((item) => item.urgency === 3).length;
  part("news").textContent = `新しい知らせ ${fresh.length} 件${life ? `（命の危険 ${life} 件）` : ""}：${fresh[0].title}`;
}

function tell({ state, at }) {
  const box = part("status");
  const time = at ? clockTime(at.getTime() / 1000) : "";
  const text = {
    live: `つながっています。最後の更新 ${time}`,
    lost: `つながっていません。最後の更新 ${time}。自動でつなぎ直します。`,
    "signed-out": `サインインが切れました。最後の更新 ${time}。ページを開き直して、サインインしてください。`,
  }[state];
  if (box.dataset.state !== state) box.setAttribute("role", state === "live" ? "none" : "alert");
  box.dataset.state = state;
  box.textContent = text;
}

/** Rivers and roads come after the points; without them the map works all the same. */
async function drawGround(map, config) {
  part("credit").textContent = config.attribution;
  try {
    const credit = await addGround(map, element.dataset.groundUrl, config);
    if (credit) part("credit").textContent = `${config.attribution}／${credit}`;
    root.dataset.ground = credit ? "drawn" : "none";
  } catch (error) {
    console.warn("ground:", error);
  }
}

async function startMap() {
  try {
    const config = await loadConfig(element.dataset.configUrl);
    const made = await makeMap(element, config);
    layer = new CaseLayer({ ...made, onSelect: (id) => select(id, { reveal: true }) });
    root.dataset.map = "ready";
    root.madoguchiMap = made.map;
    draw();
    await drawGround(made.map, config);
  } catch (error) {
    part("no-map").hidden = false;
    element.hidden = true;
    console.warn("map:", error);
  }
}

async function start() {
  if (matchMedia("(max-width: 48rem)").matches) part("filter-box").open = false;
  list = new CaseList({
    body: part("rows"),
    more: part("more"),
    caseUrl: element.dataset.caseUrl,
    words: { urgency: wordsOf("urgency"), state: wordsOf("state"), category: wordsOf("category"), accuracy: wordsOf("accuracy") },
    onFocus: (id) => select(id, { move: true }),
  });
  form.addEventListener("input", planDraw);
  form.addEventListener("submit", (event) => { event.preventDefault(); draw(); });
  form.addEventListener("reset", () => setTimeout(draw));
  part("next").addEventListener("click", next);
  root.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=checkbox]), select, textarea");
    if (event.key.toLowerCase() === "n" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      next();
    }
  });
  window.addEventListener("beforeprint", () => {
    list.showForPrint();
    if (layer) part("picture").src = layer.picture();
    part("picture").hidden = !layer;
    part("printed").textContent = new Date().toLocaleString("ja-JP", { timeZone: "Asia/Tokyo" });
  });
  const ready = startMap();
  await load();
  await ready;
  openAsked();
}

/** A link from elsewhere names a case: ?case=<number>. */
function openAsked() {
  const number = new URLSearchParams(location.search).get("case");
  if (!number) return;
  for (const item of store.cases.values()) {
    if (item.number === number) select(item.id, { move: true, reveal: true });
  }
}

async function load() {
  try {
    const snapshot = (await getJson(element.dataset.snapshotUrl, { cache: "no-cache" })).body;
    store.take(snapshot, { whole: true });
    root.dataset.loaded = "yes";
    draw();
    tell({ state: "live", at: new Date() });
    new Live({
      url: element.dataset.changesUrl,
      seq: store.seq,
      onChange: (answer) => { announce(store.take(answer)); planDraw(); },
      onState: tell,
    }).start();
  } catch (error) {
    tell({ state: error instanceof SignedOut ? "signed-out" : "lost", at: null });
    if (!(error instanceof SignedOut)) setTimeout(load, 5000);
  }
}

start();
