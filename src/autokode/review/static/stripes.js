// Stripes in the margin of the text: one for each coding, beside the lines it covers. Codings that overlap stand side by side.

import { $, all } from "./page.js";

const WIDEST = 8; // pixels from one stripe to the next

const codingsOf = (piece) => (piece.dataset.codings || "").split(" ");

/** Where each coding of an utterance begins and ends in its text, in pixels, with its lane; the longest of those that begin together first. */
function measured(turn) {
  const text = $(".text", turn);
  const top = text.parentElement.getBoundingClientRect().top;
  const found = all(".coding", turn).map((coding) => {
    const pieces = all(".coded", text).filter((piece) => codingsOf(piece).includes(coding.dataset.coding));
    const first = pieces[0]?.getClientRects()[0];
    const last = [...(pieces.at(-1)?.getClientRects() || [])].at(-1);
    return first && last && { coding, from: first.top - top, to: last.bottom - top };
  }).filter(Boolean).sort((a, b) => a.from - b.from || b.to - a.to);
  const ends = [];
  for (const one of found) {
    const free = ends.findIndex((end) => end <= one.from + 1);
    one.lane = free < 0 ? ends.length : free;
    ends[one.lane] = one.to;
  }
  return { gutter: $(".stripes", turn), found, lanes: ends.length };
}

function draw({ gutter, found, lanes, width }) {
  const step = Math.min(WIDEST, width / Math.max(1, lanes));
  gutter.replaceChildren(...found.map(({ coding, from, to, lane }) => {
    const { code, colour, coding: number } = coding.dataset;
    const stripe = document.createElement("button");
    Object.assign(stripe, { type: "button", tabIndex: -1, className: `stripe ${colour}`, ariaLabel: code });
    Object.assign(stripe.dataset, { do: "to-coding", of: number });
    Object.assign(stripe.style, { top: `${from}px`, height: `${to - from}px`, left: `${lane * step}px`, width: `${Math.max(3, step - 3)}px` });
    stripe.classList.toggle("on", coding.classList.contains("here"));
    return stripe;
  }));
}

/** Draw the stripes of utterances as they come, and again when their text gets another width. */
export function followStripes() {
  const turns = $("#main");
  if (!$(".turn", turns)) return;
  const resized = new ResizeObserver((entries) => {
    const measures = entries.map(({ target }) => target.closest(".turn")).filter((turn) => turn && $(".stripes", turn)).map(measured);
    for (const one of measures) one.width = one.gutter.clientWidth;
    measures.forEach(draw);
  });
  const watch = (within) => all(".stripes", within).forEach((gutter) => resized.observe($(".text", gutter.parentElement)));
  watch(turns);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.matches?.(".turn, #turns")) watch(node);
  }).observe(turns, { childList: true, subtree: true });
}
