// The table twin of the map: the same cases, in the same filter, for keyboard, reader and print.

import { CLOSED, isUnverified, needsPlace } from "./store.mjs";
import { URGENCY } from "./symbols.mjs";

const STEP = 100;
const PRINTED = 1000;
const TONES = { 3: "urgent", 2: "warn", 1: "info", 0: "normal" };

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "dataset") Object.assign(element.dataset, value);
    else if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function chip(text, tone, mark) {
  return make("span", { className: `chip chip-${tone}` }, ...(mark ? [make("span", { className: "chip-mark", "aria-hidden": "true" }, mark)] : []), text);
}

export function clockTime(epochS) {
  const at = new Date(epochS * 1000);
  const time = at.toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Tokyo" });
  const day = at.toLocaleDateString("ja-JP", { month: "numeric", day: "numeric", timeZone: "Asia/Tokyo" });
  const today = new Date().toLocaleDateString("ja-JP", { month: "numeric", day: "numeric", timeZone: "Asia/Tokyo" });
  return day === today ? time : `${day} ${time}`;
}

/** A radius as people say it: 80m, 300m, 1.5km. */
export function radius(metres) {
  const step = metres < 100 ? 10 : 100;
  const rounded = Math.max(10, Math.round(metres / step) * step);
  if (rounded < 1000) return `${rounded}m`;
  return `${(Math.max(metres, 1000) / 1000).toFixed(1).replace(".0", "")}km`;
}

export class CaseList {
  /** words: {urgency, state, category, accuracy: value -> word}; onFocus(id) */
  constructor({ body, more, caseUrl, words, onFocus }) {
    Object.assign(this, { body, more, caseUrl, words, onFocus });
    this.shown = STEP;
    this.items = [];
    this.selected = null;
    body.addEventListener("focusin", (event) => this.pick(event));
    body.addEventListener("click", (event) => this.pick(event));
    body.addEventListener("keydown", (event) => this.step(event));
    more.addEventListener("click", () => {
      const first = this.shown;
      this.shown += STEP;
      this.draw();
      this.body.rows[first]?.querySelector("a")?.focus();
    });
  }

  pick(event) {
    const row = event.target.closest("tr[data-case]");
    if (row && Number(row.dataset.case) !== this.selected) this.onFocus(Number(row.dataset.case));
  }

  /** Up and down move from row to row; Enter on the link opens the case. */
  step(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = event.target.closest("tr[data-case]");
    if (!by || !row || event.target.matches("input, select, textarea")) return;
    event.preventDefault();
    const next = by > 0 ? row.nextElementSibling : row.previousElementSibling;
    next?.querySelector("a")?.focus();
  }

  /** Paper has no button for more. */
  showForPrint() {
    this.shown = Math.max(this.shown, PRINTED);
    this.draw();
  }

  show(items) {
    this.items = items;
    this.draw();
  }

  draw() {
    const focused = document.activeElement?.closest?.("tr[data-case]")?.dataset.case;
    const shown = this.items.slice(0, this.shown);
    const chosen = this.selected && this.items.find((item) => item.id === this.selected);
    if (chosen && !shown.includes(chosen)) shown.unshift(chosen);
    this.body.replaceChildren(...shown.map((item) => this.row(item)));
    const left = this.items.length - Math.min(this.items.length, this.shown);
    this.more.hidden = left <= 0;
    this.more.textContent = `あと ${left.toLocaleString("ja-JP")} 件を見る`;
    if (focused) this.body.querySelector(`tr[data-case="${CSS.escape(focused)}"] a`)?.focus({ preventScroll: true });
  }

  row(item) {
    const closed = CLOSED.has(item.state);
    const { letter } = URGENCY[item.urgency];
    const link = make("a", { href: this.caseUrl.replace("NUMBER", encodeURIComponent(item.number)) }, item.title || item.number);
    const marks = [chip(this.words.state[item.state] ?? item.state, item.state === "new" ? "info" : "normal")];
    if (item.doubtful) marks.push(chip("要確認", "note", "?"));
    if (isUnverified(item)) marks.push(chip("未確認（SNS）", "warn", "?"));
    if (item.ask_pending) marks.push(chip("返事待ち", "warn"));
    else if (needsPlace(item)) marks.push(chip("場所不明", "warn"));
    const details = [item.number, ...(item.witnesses > 1 ? [`${item.witnesses}人から`] : []), ...(item.posts ? [`SNS${item.posts}件`] : []), item.categories.map((name) => this.words.category[name] ?? name).join("・")];
    const urgency = chip(this.words.urgency[item.urgency], closed ? "normal" : TONES[item.urgency], letter);
    const classes = [...(closed ? ["row-closed"] : []), ...(item.id === this.selected ? ["row-selected"] : [])];
    return make(
      "tr",
      { dataset: { case: item.id }, className: classes.join(" ") },
      make("td", { dataset: { label: "緊急度・状態" } }, make("span", { className: "chips" }, urgency, ...marks)),
      make("th", { scope: "row" }, link, make("small", {}, details.join("　"))),
      make("td", { dataset: { label: "場所" } }, this.place(item)),
      make("td", { dataset: { label: "更新" }, className: "number" }, clockTime(item.updated)),
    );
  }

  place(item) {
    if (item.accuracy === "none") return item.place_label ? `${item.place_label}（位置は未確認）` : "場所は未確認";
    const name = item.place_label || "地図の地点";
    const accuracy = this.words.accuracy[item.accuracy] ?? item.accuracy;
    return make("span", {}, name, make("small", {}, `（${accuracy}・半径${radius(item.radius_m)}）`));
  }

  /** Mark the row of a case and bring it into view; `focus` also moves the keyboard there. */
  select(id, { reveal = false, focus = false } = {}) {
    this.selected = id;
    if (id && !this.body.querySelector(`tr[data-case="${id}"]`)) this.draw();
    for (const row of this.body.rows) row.classList.toggle("row-selected", Number(row.dataset.case) === id);
    const row = this.body.querySelector(`tr[data-case="${id}"]`);
    if (row && reveal) row.scrollIntoView({ block: "nearest" });
    if (row && focus) row.querySelector("a").focus();
  }
}
