// The place a person is at: an utterance, or a suggestion or coding (an item) in it. Moves it, shows it, finds it again.

import { $, all } from "./page.js";

export let here = null;
const PLAIN_COLOUR = /^(k\d|rgb-.+)$/;
let pressing = false; // whether a mouse button is down

export const turnOf = (element) => element?.closest?.(".turn");
export const itemOf = (element) => element?.closest?.(".item");
export const items = () => all(".item").filter((item) => item.offsetParent);

/** Take an element as the place that keys are about; it is not focused, and looks as before. */
export function standAt(element) { here = element; }

/** Describe the place of an element so that `restore` finds it when the server's HTML has replaced it. */
export function placeOf(element) {
  const turn = turnOf(element);
  if (!turn) return null;
  const item = itemOf(element);
  return {
    number: Number(turn.dataset.number),
    coding: item?.dataset.coding,
    card: item?.dataset.suggestion ? all(".card", turn).indexOf(item) : -1,
    code: item?.dataset.code,
  };
}

/** Go back to a place: the same coding, the same code's suggestion, the one now in its position, or what comes after the last. */
export function restore(place) {
  const turn = $(`#t${place.number}`);
  if (!turn) return;
  if (document.activeElement !== $("#dial") && !$("dialog[open]")) {
    goTo(standIn(turn, place) || (place.card >= 0 && $("[data-do=read]", turn)) || turn, false);
    return;
  }
  here = standIn(turn, place) || turn; // a person who turns the dial or writes keeps that in focus
  show();
}

function standIn(turn, place) {
  if (place.coding) return $(`[data-coding="${place.coding}"]`, turn);
  if (place.card < 0) return null;
  const cards = all(".card", turn);
  return cards.find((card) => card.dataset.code === place.code) || cards[place.card] || cards.at(-1);
}

/** Focus an element and bring its utterance into view. */
export function goTo(element, scroll = true) {
  if (!element) return;
  element.focus({ preventScroll: true });
  if (!scroll) return;
  const turn = turnOf(element) || element;
  const box = turn.getBoundingClientRect();
  const top = $(".top").getBoundingClientRect().bottom;
  const high = box.height > innerHeight - top;
  if (box.top < top || box.bottom > innerHeight) turn.scrollIntoView({ block: high ? "start" : "center" });
  if (high && element !== turn) element.scrollIntoView({ block: "nearest" });
}

/** Find the item after (`way` 1) or before (-1) the place a person is at; at the end of the list, that place itself. */
export function neighbour(list, way) {
  if (!list.length) return null;
  const active = document.activeElement;
  const from = turnOf(active) && !itemOf(active) ? active : here?.isConnected ? here : null;
  if (!from) return way > 0 ? list[0] : list.at(-1);
  const at = list.indexOf(from);
  if (at >= 0) return list[at + way] || from;
  const follows = (item) => from.compareDocumentPosition(item) & Node.DOCUMENT_POSITION_FOLLOWING;
  const found = way > 0 ? list.find(follows) : list.findLast((item) => !follows(item) && item !== from && !from.contains(item));
  return found || from;
}

/** The first utterance a person can see: the one they are at, if it is in view. */
export function turnInView() {
  const top = $(".top").getBoundingClientRect().bottom;
  const inView = (turn) => turn.getBoundingClientRect().bottom > top && turn.getBoundingClientRect().top < innerHeight;
  const own = turnOf(here);
  return own && inView(own) ? own : all(".turn").find(inView);
}

function show() {
  const turn = turnOf(here);
  if (!turn?.isConnected || here.classList.contains("here") && all(".item.here").every((item) => item === here)) return;
  for (const left of all(".turn.here")) if (left !== turn) light(left, null);
  all(".here").forEach((element) => element.classList.remove("here"));
  turn.classList.add("here");
  here.classList.add("here");
  light(turn, itemOf(here));
}

/** Mark in the text what an item is about: a suggestion's evidence, a coding's segment; nothing if there is no item. */
function light(turn, item) {
  const { suggestion, coding, colour } = item?.dataset || {};
  for (const piece of all(".text span", turn)) {
    const evidence = (piece.dataset.evidence || "").split(" ").map((pair) => pair.split(":")).find(([id]) => id === suggestion);
    const isLit = Boolean(coding) && (piece.dataset.codings || "").split(" ").includes(coding);
    piece.classList.remove("e", "e1", "e2", "e3", "e4", "lit", ...[...piece.classList].filter((name) => PLAIN_COLOUR.test(name)));
    if (suggestion && evidence) piece.classList.add("e", `e${evidence[1]}`);
    if (isLit) piece.classList.add("lit", colour);
  }
  for (const stripe of all(".stripe", turn)) stripe.classList.toggle("on", Boolean(coding) && stripe.dataset.of === coding);
}

/** Mark in the text what the pointer is over, an item or its stripe, and what a person is at when it leaves. */
function followPointer() {
  let over = null;
  document.addEventListener("mouseover", ({ target }) => {
    if (pressing) return;
    const turn = turnOf(target);
    const of = target.dataset?.of;
    const item = of ? $(`[data-coding="${of}"]`, turn) : itemOf(target);
    if (item === over) return;
    const left = turnOf(over);
    if (left?.isConnected) light(left, left === turnOf(here) ? itemOf(here) : null);
    over = item;
    if (item) light(turn, item);
  });
}

/** Follow the browser's focus. While a mouse button is down nothing moves: a click would miss its button, a selection its first word. */
export function followFocus() {
  document.addEventListener("focusin", (event) => {
    const turn = turnOf(event.target);
    if (!turn) return;
    here = itemOf(event.target) || turn;
    if (!pressing) show();
  });
  document.addEventListener("mousedown", () => { pressing = true; }, true);
  const release = () => setTimeout(() => {
    pressing = false;
    show();
  });
  document.addEventListener("mouseup", release, true);
  document.addEventListener("dragend", release, true);
  window.addEventListener("blur", release); // of the window itself: an element may lose the focus under a press
  followPointer();
}
