// Messages that wait on the device, and the one way to send them. The page and the service worker
// share this file, so it is no module. A message leaves the queue only when the server has said
// that it is stored; the id made on the device lets the server know a repetition.
"use strict";

self.madoguchiQueue = (() => {
  if (!self.BroadcastChannel || !AbortSignal.timeout) return undefined; // then the form sends itself
  const NAME = "madoguchi";
  const STORE = "queue";
  const PATIENCE_MS = 120_000;
  const { ticket, send } = self.SHELL?.doors ?? document.getElementById("message-form").dataset;
  let opened;

  /** The store of the device; rejects where the browser keeps nothing. */
  function open() {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
      request.onblocked = () => reject(new Error("blocked"));
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const store = request.result;
        store.onversionchange = store.onclose = () => {
          store.close();
          opened = undefined;
        };
        resolve(store);
      };
    });
    opened.catch(() => (opened = undefined));
    return opened;
  }

  /** One transaction; resolves with the request's result once it is on the disk. */
  async function transact(mode, work) {
    const transaction = (await open()).transaction(STORE, mode, { durability: "strict" });
    const request = work(transaction.objectStore(STORE));
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    return request.result;
  }

  const channel = new BroadcastChannel(NAME);

  /** Every message on the device, in the order of writing. */
  async function all() {
    const items = await transact("readonly", (store) => store.getAll());
    return items.sort((one, other) => one.written - other.written);
  }

  /** Write a message; in the same step the one that it replaces goes. */
  async function put(item, replaces) {
    await transact("readwrite", (store) => {
      if (replaces) store.delete(replaces);
      return store.put(item);
    });
    channel.postMessage("changed");
  }

  async function remove(id) {
    await transact("readwrite", (store) => store.delete(id));
    channel.postMessage("changed");
  }

  async function clear() {
    await transact("readwrite", (store) => store.clear());
    channel.postMessage("changed");
  }

  /** Run alone among all tabs and the service worker, where the browser can say so. */
  function alone(work) {
    return navigator.locks ? navigator.locks.request(NAME, work) : work();
  }

  /** A fresh {token}, the device's key in its cookie, and a {claim} to that key. */
  async function fetchTicket() {
    const answer = await fetch(ticket, { cache: "no-store", signal: AbortSignal.timeout(20_000) });
    if (!answer.ok) throw new Error(`ticket: ${answer.status}`);
    return answer.json();
  }

  function bodyOf(item) {
    const body = new FormData();
    for (const [name, value] of Object.entries(item.fields)) body.set(name, value);
    body.set("once", item.id);
    body.set("written", item.written);
    body.set("sending", Date.now());
    body.set("claim", item.claim);
    if (item.photo) {
      const { bytes, type, name } = item.photo;
      body.set("photo", new Blob([bytes], { type }), name);
    }
    return body;
  }

  /** Try once: {stored}, {refused}, or {later} in seconds (0: whenever there is a chance). */
  async function attempt(item, token) {
    const answer = await fetch(send, {
      method: "POST",
      body: bodyOf(item),
      headers: { "X-CSRFToken": token },
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const told = await answer.json().catch(() => ({}));
    // A login page of a wireless network also answers 200: only the server knows the id.
    if (answer.ok && told.stored === true && told.once === item.id) return { stored: told };
    if (answer.status === 422 && told.error) return { refused: told.error };
    if (answer.status === 413 && item.photo) return { tooLarge: true };
    if (answer.status === 403 || answer.status === 409) return { stale: true };
    return { later: Number(answer.headers.get("Retry-After")) || 0, error: told.error };
  }

  /** Send one message, with a new token or without its photo where that is what it needs. */
  async function deliver(item, token) {
    let outcome = await attempt(item, token);
    if (outcome.stale) outcome = await attempt(item, (await fetchTicket()).token);
    if (outcome.tooLarge) {
      outcome = await attempt({ ...item, photo: null }, token);
      if (outcome.stored) outcome.stored.photo = "too-large";
    }
    return outcome.stale ? { later: 0 } : outcome;
  }

  /** Send what waits, oldest first, as the device that tried it first; stops at the first that cannot go now. */
  async function flushAlone() {
    const now = Date.now();
    const due = (await all()).filter((item) => item.state === "waiting" && !(item.held > now));
    if (!due.length) return { sent: 0, waiting: 0 };
    let sent = 0;
    const { token, claim: ours } = await fetchTicket();
    const claim = due.find((item) => item.claim)?.claim ?? ours; // of the first attempt
    for (const kept of due) {
      const item = { ...kept, claim };
      await put(item);
      const outcome = await deliver(item, token);
      if (outcome.stored) {
        sent += 1;
        if (!outcome.stored.photo) await remove(item.id);
        else await put({ ...item, claim: "", photo: null, state: "told", error: outcome.stored.photo });
        channel.postMessage("sent");
      } else if (outcome.refused) {
        await put({ ...item, state: "refused", error: outcome.refused });
      } else {
        await put({ ...item, error: outcome.error ?? "" });
        return { sent, waiting: due.length - sent, ...outcome };
      }
    }
    return { sent, waiting: 0 };
  }

  /** Send what waits; never throws: without a connection everything simply goes on waiting. */
  function flush() {
    return alone(() => flushAlone().catch(() => ({ sent: 0, waiting: 1, later: 0 })));
  }

  return { all, alone, clear, deliver, fetchTicket, flush, open, put, remove, NAME };
})();
