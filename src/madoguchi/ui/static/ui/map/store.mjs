// The cases an open map knows: a snapshot, then changes by sequence number. No DOM, no network.

export const CLOSED = new Set(["done", "refused", "merged"]);
const UNPLACED = new Set(["none", "town"]);

export class Store {
  constructor() {
    this.cases = new Map();
    this.seq = 0;
  }

  /** Take a snapshot or an answer about changes: {seq, fields, rows}. Returns the changed cases. */
  take(answer, { whole = false } = {}) {
    if (whole) this.cases.clear();
    const { fields, rows } = answer;
    const changed = rows.map((row) => {
      const item = {};
      fields.forEach((field, index) => { item[field] = row[index]; });
      const before = this.cases.get(item.id);
      item.isNew = !before;
      this.cases.set(item.id, item);
      return item;
    });
    this.seq = answer.seq;
    return changed;
  }

  get(id) { return this.cases.get(id); }

  /** The cases that pass, most pressing first. */
  list(filter) {
    const chosen = [];
    for (const item of this.cases.values()) if (passes(item, filter)) chosen.push(item);
    return chosen.sort(byNeed);
  }
}

/** Open before closed, urgent before calm, unseen before seen, then the latest change. */
export function byNeed(a, b) {
  return CLOSED.has(a.state) - CLOSED.has(b.state)
    || b.urgency - a.urgency
    || (b.state === "new") - (a.state === "new")
    || b.updated - a.updated
    || b.id - a.id;
}

export function isPlaced(item) { return item.lat !== null && item.lon !== null; }

/** Whether nobody but open posts of social networks tells of it. */
export function isUnverified(item) { return item.posts > 0 && item.witnesses === 0; }

/** Whether somebody still has to find out where it is. */
export function needsPlace(item) {
  return !CLOSED.has(item.state) && (item.ask_pending || UNPLACED.has(item.accuracy));
}

/**
 * filter: {urgencies: Set<number>, state: "open"|"all"|state, category, sinceS: epoch s or 0,
 * doubtful, needsPlace, text}
 */
export function passes(item, filter) {
  if (!filter.urgencies.has(item.urgency)) return false;
  if (filter.state === "open" ? CLOSED.has(item.state)
    : filter.state !== "all" && item.state !== filter.state) return false;
  if (filter.category && !item.categories.includes(filter.category)) return false;
  if (filter.sinceS && item.updated < filter.sinceS) return false;
  if (filter.doubtful && !item.doubtful) return false;
  if (filter.needsPlace && !needsPlace(item)) return false;
  if (!filter.text) return true;
  return `${item.number} ${item.title} ${item.place_label}`.includes(filter.text);
}
