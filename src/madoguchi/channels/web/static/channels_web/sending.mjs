// What is sent from the page goes through the queue of the device, so that neither a dead line nor
// a closed browser loses it. Where the browser keeps nothing it is sent at once, and the page says
// so. Without this file the forms send themselves.

const queue = self.madoguchiQueue;
const form = document.getElementById("message-form");
const words = form.dataset;
const main = document.getElementById("main");
const part = document.getElementById("queue");
const list = document.getElementById("queue-list");
const pattern = document.getElementById("queue-item");
const state = document.getElementById("send-state");
const HELD_MS = 10 * 60_000;
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 5 * 60_000;
const SHOW_AFTER_MS = 1500;
let keeps = false;
let busy = false;
let pause = FIRST_PAUSE_MS;
let timer;
let replaces;

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40; // version 4 of RFC 9562
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

function say(text) {
  state.textContent = text;
}

/** The message in a form; null when there is nothing in it. */
async function read(source, submitter) {
  const given = new FormData(source, submitter);
  const photo = given.get("photo");
  const fields = {};
  for (const name of ["text", "where", "lat", "lon", "radius"]) {
    const value = given.get(name);
    if (value?.trim()) fields[name] = value;
  }
  const item = { id: given.get("once"), fields, photo: null, written: Date.now(), state: "waiting" };
  if (photo?.size) item.photo = await small(photo);
  return item.photo || fields.text || fields.where || fields.lat ? item : null;
}

async function small(photo) {
  try {
    return await (await import(words.photoScript)).toSend(photo);
  } catch {
    return { bytes: await photo.arrayBuffer(), type: photo.type, name: photo.name };
  }
}

/** A message that was sent or kept leaves the form; the next one has an id of its own. */
function clear(source) {
  if (source !== form) return;
  form.reset();
  for (const name of ["lat", "lon", "radius"]) form.elements[name].value = "";
  form.elements.once.value = newId();
  document.getElementById("position-state").textContent = "";
}

async function submit(source, submitter) {
  const item = await read(source, submitter);
  if (!item) {
    say(words.empty);
    form.elements.text.focus();
    return;
  }
  say(words.sending);
  if (await kept(item)) {
    replaces = undefined;
    clear(source);
    await askForSync();
    await flush();
    await sayOutcome(item.id);
  } else {
    await sendAtOnce(item, source);
  }
}

/** Whoever has sent it: what is no longer on the device has arrived. */
async function sayOutcome(id) {
  const left = (await queue.all()).find((item) => item.id === id);
  if (!left) {
    say(words.sent);
    changed();
  } else if (left.state !== "waiting") {
    say(words[`state${left.state}`]);
  }
}

/** Whether the message stands in the queue of the device, in place of the one it replaces. */
async function kept(item) {
  if (!keeps) return false;
  try {
    await (replaces ? queue.alone(() => queue.put(item, replaces)) : queue.put(item));
    return true;
  } catch {
    return false; // full, or taken away meanwhile
  }
}

/** Without a queue: the words stay in the form until the server has them. */
async function sendAtOnce(item, source) {
  let outcome = { later: 0 };
  try {
    const { token, claim } = await queue.fetchTicket();
    outcome = await queue.deliver({ claim, ...item }, token);
  } catch {
    // No connection: said below.
  }
  if (!outcome.stored) {
    say(outcome.refused ?? outcome.error ?? words.unkept);
    return;
  }
  clear(source);
  changed();
  say(outcome.stored.photo ? lost(outcome.stored.photo) : words.sent);
}

function lost(reason) {
  return `${words.photoLost} ${reason === "too-large" ? words.tooLarge : reason}`;
}

/** The conversation has new lines. */
function changed() {
  document.dispatchEvent(new Event("talk:changed"));
}

async function askForSync() {
  try {
    await (await navigator.serviceWorker?.getRegistration())?.sync?.register(queue.NAME);
  } catch {
    // The browser knows no background sync, or does not allow it: the page sends.
  }
}

/** Send what waits now; what cannot go is tried again after a growing pause. */
async function flush() {
  clearTimeout(timer);
  const slow = setTimeout(render, SHOW_AFTER_MS);
  const { waiting, later, error } = await queue.flush();
  clearTimeout(slow);
  if (waiting) {
    say(error ?? words.kept);
    const wait = later ? later * 1000 : pause * (0.5 + Math.random() / 2);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    timer = setTimeout(flush, wait);
  } else {
    pause = FIRST_PAUSE_MS;
  }
  await render();
}

/** Show what is on the device and has not arrived. */
async function render() {
  const items = await queue.all().catch(() => []);
  part.hidden = !items.length;
  const had = list.contains(document.activeElement);
  list.replaceChildren(...items.map(row));
  if (had) (list.querySelector("button") ?? state).focus();
}

function row(item) {
  const shown = pattern.content.cloneNode(true);
  const get = (name) => shown.querySelector(`[data-part=${name}]`);
  const at = new Date(item.written);
  get("state").textContent = words[`state${item.state}`];
  get("time").dateTime = at.toISOString();
  get("time").textContent = at.toLocaleString(document.documentElement.lang, {
    month: "long", day: "numeric", hour: "numeric", minute: "2-digit",
  });
  const text = [item.fields.text, item.fields.where].filter(Boolean).join("\n");
  get("text").textContent = text;
  get("text").hidden = !text;
  get("text").id = `queued-${item.id}`;
  get("photo").hidden = !item.photo;
  get("point").hidden = !item.fields.lat;
  get("error").textContent = item.state === "told" ? lost(item.error) : (item.error ?? "");
  get("error").hidden = !item.error;
  for (const button of shown.querySelectorAll("button")) {
    button.dataset.id = item.id;
    button.setAttribute("aria-describedby", `queued-${item.id}`);
    button.hidden = button.dataset.for ? !button.dataset.for.includes(item.state) : false;
  }
  return shown;
}

/** Back into the form, under a new id: the old one may have arrived without our knowing. */
async function edit(id) {
  const item = await queue.alone(async () => {
    const found = (await queue.all()).find((one) => one.id === id);
    if (found) await queue.put({ ...found, held: Date.now() + HELD_MS });
    return found;
  });
  if (!item) {
    say(words.sent);
    return;
  }
  clear(form);
  for (const [name, value] of Object.entries(item.fields)) form.elements[name].value = value;
  if (item.photo) {
    const { bytes, name, type } = item.photo;
    const files = new DataTransfer();
    files.items.add(new File([bytes], name, { type }));
    form.elements.photo.files = files.files;
  }
  replaces = id;
  form.elements.text.focus();
  say(words.editing);
}

/** Everything that this device keeps goes; its key only when there is a connection. */
async function forget(action) {
  if (keeps) await queue.alone(() => queue.clear());
  for (const name of (await self.caches?.keys()) ?? []) await caches.delete(name);
  try {
    const { token } = await queue.fetchTicket();
    const headers = { "X-CSRFToken": token };
    const answer = await fetch(action, { method: "POST", headers });
    if (!answer.ok) throw new Error(`forget: ${answer.status}`);
    location.assign(answer.url);
  } catch {
    say(words.forgetLater);
    state.focus();
  }
}

/** Whether something stands in the form that taking back a message would wipe away. */
function isWriting() {
  const { text, where, photo } = form.elements;
  return Boolean(text.value.trim() || where.value.trim() || photo.files.length);
}

/** Another page or the service worker has changed what waits, or has sent it. */
async function heard(news) {
  if (busy) return;
  await render();
  if (news !== "sent") return;
  changed();
  if (!list.children.length) say(words.sent);
}

async function start() {
  form.elements.once.value = newId(); // a saved page may be used more than once
  main.addEventListener("submit", async (event) => {
    const { target, submitter } = event;
    if (target.id === "forget") {
      event.preventDefault();
      await forget(target.action);
    } else if (target === form || target.matches(".talk-quick")) {
      event.preventDefault();
      if (busy) return;
      busy = true;
      await submit(target, submitter).finally(() => (busy = false));
    }
  });
  try {
    await queue.open();
    keeps = true;
  } catch {
    document.getElementById("queue-none").hidden = false;
    return;
  }
  list.addEventListener("click", ({ target }) => {
    const { id, verb } = target.closest("button")?.dataset ?? {};
    if (verb === "drop") queue.alone(() => queue.remove(id));
    else if (verb === "edit" && isWriting()) say(words.writing);
    else if (verb === "edit") edit(id);
  });
  document.getElementById("queue-send").addEventListener("click", flush);
  new BroadcastChannel(queue.NAME).addEventListener("message", ({ data }) => heard(data));
  addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => document.hidden || flush());
  await flush();
}

if (queue) await start();
