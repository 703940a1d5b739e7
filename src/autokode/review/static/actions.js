// What a person can do. Each action is named as a button's data-do names it, and takes the item, the utterance and the button.

import { corrections, dropCorrection, openCorrection, openCorrectionAgain } from "./correct.js";
import { chooseCode, decideSame, openSame } from "./dialogs.js";
import { goTo, here, items, neighbour, standAt, turnOf } from "./focus.js";
import { makeCode, openInVivo, renewCodes, storeInVivo } from "./in_vivo.js";
import { changeSpeed, hear, pause, SKIP_S, skipBy } from "./listen.js";
import { dropDraft, openDraft, openMemo, storeMemo } from "./memo.js";
import { catchUp, refresh } from "./news.js";
import { $, all, complain, interview, root, settled, tell, texts, wanted } from "./page.js";
import { clearSelection, segmentOf, selection } from "./selection.js";
import { ask, decide, renewTurn } from "./server.js";

export const actions = {
  "next-item": () => goTo(neighbour(items(), 1)),
  "previous-item": () => goTo(neighbour(items(), -1)),
  "next-turn": () => goToTurn(1),
  "previous-turn": () => goToTurn(-1),
  accept,
  reject,
  change,
  same: (item) => item?.dataset.suggestion && openSame(item),
  wider: (item) => move(item, "wider"),
  narrower: (item) => (getSelection().isCollapsed ? move(item, "narrower") : openInVivo()),
  "end-later": (item) => move(item, "end_later"),
  "end-earlier": (item) => move(item, "end_earlier"),
  "begin-earlier": (item) => move(item, "begin_earlier"),
  "begin-later": (item) => move(item, "begin_later"),
  good: (item) => item?.dataset.coding && alter(item, { said: "good" }),
  memo: (item, turn) => (item?.dataset.coding ? codingMemo(item.dataset) : turnMemo(turn)),
  "turn-memo": (item, turn) => turnMemo(turn),
  "interview-memo": (item, turn, button) => openMemo(button.dataset.about, button.dataset.memo, $("h1").textContent),
  "store-memo": storeMemo,
  correct: (item, turn) => openCorrection(turn),
  "store-correction": corrections.store,
  "split-turn": corrections.split,
  "join-turn": corrections.join,
  "correct-anyway": corrections.anyway,
  "open-correction": (item, turn, button) => openCorrectionAgain(button.parentElement.dataset.about),
  "drop-correction": (item, turn, button) => dropCorrection(button.parentElement.dataset.about),
  "to-coding": (item, turn, button) => goTo($(`[data-coding="${button.dataset.of}"]`, turn), false),
  add: (item, turn) => add(turn),
  "in-vivo": openInVivo,
  "store-in-vivo": storeInVivo,
  give: (item, turn, button) => give(button.dataset.code, turn, selection()),
  read: (item, turn) => read(turn),
  unread: (item, turn) => decide(`read/${turn.dataset.transcript}/${turn.dataset.number}`, { read: false }),
  "accept-after-all": (item, turn, { dataset: { suggestion, said } }) => (
    decide(`suggestion/${suggestion}`, { said: "accept", saw: said, shows: codingsIn(turn) })),
  "same-accept": () => decideSame("accept"),
  "same-reject": () => decideSame("reject"),
  hear: (item, turn) => hear(turn),
  pause,
  "hear-back": () => skipBy(-SKIP_S),
  "hear-on": () => skipBy(SKIP_S),
  slower: () => changeSpeed(-1),
  faster: () => changeSpeed(1),
  undo: () => step("undo"),
  redo: () => step("redo"),
  skip: (item, turn, button) => skip(...button.parentElement.dataset.about.split(" ")),
  learn: () => decide("learn"),
  find: openFind,
  refresh,
  help: () => $("#help").showModal(),
  close: (item, turn, button) => button.closest("dialog").close(),
  "put-away": (item, turn, button) => settled(button.parentElement.dataset.about),
  "open-draft": (item, turn, button) => openDraft(button.parentElement.dataset.about),
  "drop-draft": (item, turn, button) => dropDraft(button.parentElement.dataset.about),
  reload: () => location.reload(),
};

/** Decide about a coding, and say which one that is: its number may have been given again since. */
function alter(item, body) {
  const { coding, code, start, end } = item.dataset;
  return decide(`coding/${coding}`, { ...body, saw: [Number(start), Number(end), code] });
}

const spanOf = (element) => ({ start: Number(element.dataset.start), end: Number(element.dataset.end) });

function accept(item) {
  if (item?.dataset.suggestion) judge(item, { said: "accept", ...spanOf(item) });
}

function reject(item) {
  if (item?.dataset.coding) alter(item, { said: "remove" });
  else if (item) judge(item, { said: "reject" });
}

function judge(item, body) {
  if (item.classList.contains("busy")) return; // a second press of the key, before the server answered
  item.classList.add("busy");
  decide(`suggestion/${item.dataset.suggestion}`, { ...body, saw: "" });
}

function change(item) {
  if (!item) return;
  const { suggestion, coding, code: old } = item.dataset;
  chooseCode(old, (code) => (coding
    ? alter(item, { said: "recode", code })
    : decide(`suggestion/${suggestion}`, { said: "change", code, ...spanOf(item), saw: "" })));
}

/** Make a coding's segment, or the segment a suggestion would get, wider or narrower. */
async function move(item, way) {
  if (!item) return;
  const { transcript, number } = turnOf(item).dataset;
  const { coding, anchor } = item.dataset;
  const span = spanOf(item);
  const found = await ask(`span/${transcript}/${number}?${new URLSearchParams({ ...span, step: way, ...(anchor && { anchor }) })}`);
  if (!found || (found.start === span.start && found.end === span.end)) return;
  if (coding) {
    await alter(item, { said: "span", start: found.start, end: found.end });
    return;
  }
  Object.assign(item.dataset, { start: found.start, end: found.end });
  const shown = $(".span", item);
  shown.hidden = false;
  shown.textContent = `${texts.span} «${found.quote}»`;
}

const codingMemo = ({ coding, memo, code }) => openMemo(`coding/${coding}`, memo, code);

function turnMemo(turn) {
  if (!turn) return;
  const { transcript, number } = turn.dataset;
  openMemo(`turn/${transcript}/${number}`, $("[data-do=turn-memo]", turn)?.dataset.memo, turn.getAttribute("aria-label"));
}

function add(turn) {
  const selected = selection();
  const target = selected?.turn || turn;
  if (!target) return;
  const make = (name) => makeCode(name, target, segmentOf(selected, target));
  chooseCode(selected ? `${texts.selected}: «${selected.quote}»` : texts.turn, (code) => give(code, turn, selected), make);
}

/** Give a code to the selected text, else to the whole utterance. */
function give(code, turn, selected) {
  const target = selected?.turn || turn || turnOf(here);
  if (!target) return;
  const segment = segmentOf(selected, target);
  clearSelection();
  standAt(target);
  decide(`code/${target.dataset.transcript}`, { code, ...segment });
}

const codingsIn = (turn) => all(".coding", turn).map(({ dataset: { coding } }) => Number(coding));

/** Mark an utterance as read, with the suggestions that were seen and left undecided, and go to the next to read. */
async function read(turn) {
  if (!turn || turn.classList.contains("asks")) return;
  const { transcript, number } = turn.dataset;
  const seen = all(".card", turn).map((card) => Number(card.dataset.suggestion));
  if (!turn.classList.contains("read") && !(await decide(`read/${transcript}/${number}`, { read: true, seen }))) return;
  const next = await ask(`next?${new URLSearchParams({ json: 1, transcript, number, ...wanted })}`);
  if (!next) return;
  if (next.number === null) tell(texts.all);
  else if (next.transcript !== interview || !$(`#t${next.number}`)) location.href = next.address;
  else {
    if (await catchUp()) await renewTurn(next.number);
    goTo($(`#t${next.number} .card`) || $(`#t${next.number}`));
  }
}

async function goToTurn(way) {
  const turns = all(".turn.answer");
  const at = turns.indexOf(turnOf(here));
  const next = at < 0 ? turns[0] : turns[Math.min(Math.max(at + way, 0), turns.length - 1)];
  await catchUp();
  if (next) goTo($(`#${next.id}`));
}

/** Undo or redo a decision, and go to where it was. One that no longer fits is passed over if the person wants that. */
async function step(way, body = {}) {
  const answer = await decide(way, body, ({ error, stuck }) => {
    const buttons = [["put-away", texts.close]];
    if (stuck) complain(error, `${way} ${stuck}`, [["skip", texts.skip], ...buttons]);
    else complain(`${texts.unsaved} ${error}`, way);
  });
  if (answer?.codes) renewCodes();
  if (answer?.again && interview && (answer.place.transcript ?? interview) === interview) { // its name, its text or who interviews
    location.reload();
    return;
  }
  const place = answer?.place;
  if (!interview && answer?.decision) refresh();
  if (!interview || !place) return;
  if (!place.transcript) {
    if (answer.decision) refresh(); // what was taken in stands in many places
    return;
  }
  const number = place.numbers[0];
  if (place.transcript !== interview) location.href = `${root}interview/${place.transcript}?turn=${number ?? 0}`;
  else if (number !== undefined && turnOf(here)?.dataset.number !== String(number)) goTo($(`#t${number}`));
}

function skip(way, stuck) {
  settled(`${way} ${stuck}`);
  return step(way, { skip: Number(stuck) });
}

/** Empty the field and show all codes: the browser empties it by Escape as well, but tells nobody. */
export function clearFind() {
  $("#find").value = "";
  $("#find").dispatchEvent(new Event("input"));
}

function openFind() {
  const box = $("#find");
  if (!box) return;
  box.closest("details").open = true;
  box.focus();
}
