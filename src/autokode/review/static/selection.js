// The text a person selected. Each piece of text knows its place, the browser says how far into a piece; nobody counts characters.

import { turnOf } from "./focus.js";
import { $, all } from "./page.js";

let last = null; // the last selection in the text

/** The last selection: `from` and `to` as [place of the piece, UTF-16 units into it], the quote, and the utterance. */
export function selection() {
  note();
  return last && { ...last, turn: $(`#${last.turn}`) };
}

/** The segment that a decision is about: what is selected, else the whole utterance. */
export function segmentOf(selected, turn) {
  if (selected) return { from: selected.from, to: selected.to };
  return { start: Number(turn.dataset.start), end: Number(turn.dataset.end) };
}

export function clearSelection() {
  last = null;
  getSelection().removeAllRanges();
}

/** Follow what is selected. A selection made with the mouse snaps to whole words, unless Alt is held; one made by keys stays as it is. */
export function followSelection() {
  document.addEventListener("selectionchange", note);
  let inText = false;
  document.addEventListener("mousedown", ({ target }) => { inText = Boolean(target.closest?.(".text")); }, true);
  document.addEventListener("mouseup", ({ altKey }) => {
    if (inText && !altKey) setTimeout(snap); // the browser has the selection as it will be
    inText = false;
  }, true);
}

const LETTER = /[\p{L}\p{N}\p{M}_]/u;
const INNER = /[-’'.,:@/]/u; // part of a word where letters stand on both sides: «e-post», «2,5»

const isLetter = (text, at) => at >= 0 && at < text.length && LETTER.test(text[at]);
const isInWord = (text, at) => isLetter(text, at) || (INNER.test(text[at] || "") && isLetter(text, at - 1) && isLetter(text, at + 1));

/** Move the ends of the selection out to those of the words they stand in. */
function snap() {
  const selected = getSelection();
  if (!selected.rangeCount || selected.isCollapsed) return;
  const range = selected.getRangeAt(0);
  const [start, end] = [edge(range.startContainer, range.startOffset, -1), edge(range.endContainer, range.endOffset, 1)];
  if (start && end) selected.setBaseAndExtent(...start, ...end);
}

/** The end of the word around a place in the text, before (`way` -1) or after it (1): [node, offset]; null outside of the text. */
function edge(node, offset, way) {
  const text = node.nodeType === Node.TEXT_NODE && node.parentElement.closest(".text");
  if (!text) return null;
  const nodes = all("span[data-place]", text).map((piece) => piece.firstChild);
  const whole = nodes.map((one) => one.data).join("");
  let at = offset;
  for (const one of nodes.slice(0, nodes.indexOf(node))) at += one.data.length;
  while (at > 0 && at < whole.length && isInWord(whole, at - 1) && isInWord(whole, at)) at += way;
  for (const one of nodes) {
    if (at <= one.data.length) return [one, at];
    at -= one.data.length;
  }
  return null;
}

function note() {
  const selected = getSelection();
  if (!selected.rangeCount) return;
  const range = selected.getRangeAt(0);
  const inText = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.(".text");
  if (!inText(range.startContainer) && !inText(range.endContainer)) return; // a press on a button leaves the last one valid
  const pieces = range.collapsed ? [] : all(".text span[data-place]").filter((piece) => range.intersectsNode(piece));
  last = pieces.length ? described(range, pieces[0], pieces.at(-1)) : null;
}

function described(range, first, final) {
  const inside = (piece, node) => piece.contains(node) && node.nodeType === Node.TEXT_NODE;
  const from = inside(first, range.startContainer) ? range.startOffset : 0;
  const to = inside(final, range.endContainer) ? range.endOffset : final.textContent.length;
  return {
    from: [Number(first.dataset.place), from],
    to: [Number(final.dataset.place), to],
    quote: range.toString(),
    turn: turnOf(first).id,
  };
}
