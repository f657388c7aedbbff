// The service worker: keeps the resident's pages for bad days and sends what waits. It answers for
// the pages it was told alone; pages of staff, sign-in, photos and maps never pass through it.
"use strict";

const { version, pages, languages, statics, extras, offline, search } = self.SHELL;
const CACHE = `shell-${version}`;
const SAVED_AT = "X-Saved-At";
const PATIENCE_MS = 5000;
const FRESH_MS = 6 * 60 * 60 * 1000;
const AWAY = [502, 503, 504];

self.addEventListener("install", (event) => {
  event.waitUntil(saveAll().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((n) => n !== CACHE).map((n) => caches.delete(n))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (pages.includes(url.pathname)) event.respondWith(show(event, url));
    else if (url.pathname.startsWith(languages)) event.respondWith(choose(event, url));
  } else if (url.pathname.startsWith(statics)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === self.madoguchiQueue.NAME) event.waitUntil(flushOrFail());
});

self.addEventListener("message", (event) => {
  if (event.data === "flush") event.waitUntil(self.madoguchiQueue.flush());
});

/** A failed sync is tried again by the browser. */
async function flushOrFail() {
  const { waiting } = await self.madoguchiQueue.flush();
  if (waiting) throw new Error("messages wait");
}

/** The page from the network, else as it was saved. */
async function show(event, url) {
  const fresh = fetch(event.request);
  try {
    const answer = await inTime(fresh);
    if (AWAY.includes(answer.status)) return (await saved(url)) ?? answer;
    event.waitUntil(afterVisit(url, answer.clone()));
    return answer;
  } catch {
    return (await saved(url)) ?? fresh;
  }
}

function inTime(promise) {
  return new Promise((resolve, reject) => {
    setTimeout(reject, PATIENCE_MS);
    promise.then(resolve, reject);
  });
}

/** Another language was chosen: all pages are saved anew in it. */
async function choose(event, url) {
  try {
    const answer = await fetch(event.request);
    event.waitUntil(saveAll().catch(() => {}));
    return answer;
  } catch {
    const next = url.searchParams.get("next") ?? "/";
    return Response.redirect(pages.includes(next) ? next : "/");
  }
}

/** There is a connection: keep this page, send what waits, keep the others when they are old. */
async function afterVisit(url, answer) {
  if (!url.search) await keep(await caches.open(CACHE), url.pathname, answer);
  await self.madoguchiQueue.flush();
  if (await areOld()) await saveAll().catch(() => {});
}

async function areOld() {
  const cache = await caches.open(CACHE);
  const kept = await Promise.all(pages.map((page) => cache.match(page)));
  return kept.some((one) => !one || Date.now() - Number(one.headers.get(SAVED_AT)) > FRESH_MS);
}

/** Save every page and what it is made of; fails when the network does. */
async function saveAll() {
  const cache = await caches.open(CACHE);
  const texts = await Promise.all(
    pages.map(async (page) => {
      const answer = await fetch(page, { cache: "no-cache", headers: { Accept: "text/html" } });
      if (answer.status >= 500) throw new Error(`${page}: ${answer.status}`);
      return keep(cache, page, answer);
    }),
  );
  const parts = new Set(extras);
  for (const text of texts) {
    for (const [, part] of text.matchAll(/"([^"#]+)/g)) if (part.startsWith(statics)) parts.add(part);
  }
  await Promise.all(
    [...parts].map(async (part) => (await cache.match(part)) ?? cache.add(part)),
  );
}

/** Keep a page with the time; returns its text, "" for what is no page of its own. */
async function keep(cache, page, answer) {
  if (!answer.ok || answer.redirected) return "";
  const text = await answer.text();
  const headers = new Headers(answer.headers);
  headers.set(SAVED_AT, Date.now());
  await cache.put(page, new Response(text, { headers }));
  return text;
}

/** The saved page with a note of its age on top; undefined when there is none. */
async function saved(url) {
  const kept = await (await caches.open(CACHE)).match(url.pathname);
  if (!kept) return undefined;
  const text = await kept.text();
  const language = /<html [^>]*class="([^"]+)"/.exec(text)?.[1] ?? "lang-ja";
  const time = timeOf(new Date(Number(kept.headers.get(SAVED_AT))), language);
  const more = url.search ? ` ${search[language]}` : "";
  const note = `<p class="note note-warn" role="status">${offline[language].replace("{time}", time)}${more}</p>`;
  const page = text.replace(/<main\b[^>]*>/, (main) => `${main}\n${note}`);
  return new Response(page, { headers: kept.headers });
}

/** 21時5分; of another day 11月24日21時5分. */
function timeOf(at, language) {
  const today = at.toDateString() === new Date().toDateString();
  if (language === "lang-en") {
    const day = today ? {} : { month: "long", day: "numeric" };
    return at.toLocaleString("en", { ...day, hour: "numeric", minute: "2-digit" });
  }
  const day = today ? "" : `${at.getMonth() + 1}月${at.getDate()}日`;
  return `${day}${at.getHours()}時${at.getMinutes()}分`;
}
