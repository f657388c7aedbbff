// Asks for changes every two seconds; slower when nobody looks or nothing answers, and says so.

const EVERY_MS = 1500;
const HIDDEN_MS = 30_000;
const SLOWEST_MS = 60_000;

export class SignedOut extends Error {}

/** Fetch JSON; null when unchanged. Throws SignedOut when the answer is a sign-in page. */
export async function getJson(url, options = {}) {
  const headers = { Accept: "application/json", ...options.headers };
  const response = await fetch(url, { credentials: "same-origin", ...options, headers });
  if (response.status === 304 || response.status === 204) return { unchanged: true };
  const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
  if (response.status === 401 || response.status === 403 || response.redirected || (response.ok && !isJson)) {
    throw new SignedOut();
  }
  if (!response.ok) throw new Error(`${response.status}`);
  return { body: await response.json(), etag: response.headers.get("ETag") };
}

export class Live {
  /** onChange(answer), onState({state: "live"|"lost"|"signed-out", at: Date|null}) */
  constructor({ url, seq, onChange, onState }) {
    Object.assign(this, { url, seq, onChange, onState });
    this.failures = 0;
    this.at = new Date();
    this.etag = null;
    this.timer = null;
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.ask(); });
    window.addEventListener("online", () => this.ask());
  }

  start() { this.plan(EVERY_MS); }

  plan(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), wait);
  }

  async ask() {
    if (this.asking) return;
    this.asking = true;
    clearTimeout(this.timer);
    let wait = EVERY_MS;
    try {
      wait = await this.once() ? 0 : EVERY_MS;
      this.failures = 0;
      this.at = new Date();
      this.onState({ state: "live", at: this.at });
    } catch (error) {
      this.failures += 1;
      wait = Math.min(SLOWEST_MS, EVERY_MS * 2 ** this.failures);
      this.onState({ state: error instanceof SignedOut ? "signed-out" : "lost", at: this.at });
    } finally {
      this.asking = false;
    }
    this.plan(document.hidden ? Math.max(wait, HIDDEN_MS) : wait);
  }

  /** One question; true when more is waiting. */
  async once() {
    const url = new URL(this.url, location.href);
    url.searchParams.set("since", this.seq);
    const answer = await getJson(url, {
      cache: "no-store",
      headers: this.etag ? { "If-None-Match": this.etag } : {},
      signal: AbortSignal.timeout(15_000),
    });
    if (answer.unchanged) return false;
    this.etag = answer.etag;
    this.seq = answer.body.seq;
    if (answer.body.rows.length) this.onChange(answer.body);
    return Boolean(answer.body.more);
  }
}
