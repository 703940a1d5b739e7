// The text a person selected. Each piece of text knows its place, the browser says how far into a piece; nobody counts characters.

import { turnOf } from "./focus.js";
import { $, all } from "./page.js";

let last = null; // the last selection in the text

/** The last selection: `from` and `to` as [place of the piece, UTF-16 units into it], the quote, and the utterance. */
export function selection() {
  note();
  return last && { ...last, turn: $(`#${last.turn}`) };
}

export function clearSelection() {
  last = null;
  getSelection().removeAllRanges();
}

export function followSelection() {
  document.addEventListener("selectionchange", note);
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
