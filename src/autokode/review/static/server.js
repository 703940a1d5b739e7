// Talks to the server, with decisions one after the other, and puts the utterances it sends back in place of the old ones.
// A decision that gets no answer is sent again until it gets one; until then the page says that it is not stored.

import { here, placeOf, restore } from "./focus.js";
import { $, all, complain, interview, root, noticeAbout, settled, standing, tell, texts, wanted } from "./page.js";

const AGAIN_MS = 2000;
const SLOW_MS = 1500; // an answer that takes longer is worth a word

export const state = { round: Number(document.body.dataset.round), decision: Number(document.body.dataset.decision) };
let { seen } = document.body.dataset; // the state of the project's file that the page shows
let { textMark } = document.body.dataset; // of the text that the page shows of its interview; its places are places in that text
let queue = Promise.resolve();
let unanswered = 0; // decisions
let replaced = false; // whether another file took the place of the project's: nothing goes there from this page

const pause = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

/** Run some work when all that was asked before is answered. */
export function inTurn(work) {
  const result = queue.then(work);
  queue = result.catch(() => null);
  return result;
}

export const isUnsaved = () => unanswered > 0;

/** The page shows what another page from the server has: the state of the project's file, and the text of the interview. */
export function shows(page) { ({ seen, textMark } = page.body.dataset); }

/** Whether an answer is of another text of the interview than the page shows. */
export const isOtherText = (answer) => Boolean(textMark && answer.text_mark) && answer.text_mark !== textMark;

/** The mark of the text that the page shows, for what is stored later than it is written. */
export const shownText = () => textMark;

const bodyOf = (body) => JSON.stringify({ transcript: interview ?? undefined, text_mark: textMark, wanted, ...body });

/** Read from an address, with what is asked for in a body if there is one; null, and a complaint on the page, if that fails. */
export async function ask(path, body = null) {
  if (replaced) return null;
  let response;
  try {
    const asked = body && { method: "POST", body: bodyOf(body) };
    response = await fetch(root + path, { ...asked, headers: { "Content-Type": "application/json", "Autokode-Seen": seen } });
  } catch {
    complain(texts.gone, "gone");
    return null;
  }
  settled("gone");
  const about = path.split("?")[0];
  return answerIn(response, about, (answer) => complain(answer.error, about));
}

async function answerIn(response, about, refused) {
  const answer = await response.json().catch(() => ({ error: response.statusText }));
  if (answer.replaced) {
    replaced = true;
    complain(answer.error, "replaced", [["reload", texts.reload]]);
  }
  if (answer.other_text) complain(`${texts.unsaved} ${answer.error}`, "text", [["refresh", texts.newest], ["put-away", texts.close]]);
  if (!response.ok) {
    refused(answer);
    return null;
  }
  settled(about);
  seen = answer.state?.seen ?? seen;
  return answer;
}

/** Send to an address, with the interview and the filter of the page, until there is an answer. */
async function send(path, body, refused) {
  if (replaced) {
    refused({ error: texts.replaced });
    return null;
  }
  const options = {
    method: "POST",
    headers: { "Content-Type": "application/json", "Autokode-Seen": seen, "Autokode-Once": crypto.randomUUID() },
    body: bodyOf(body),
  };
  for (;;) {
    const response = await fetch(root + path, options).catch(() => null);
    if (response) return answerIn(response, path, refused);
    sayUnsaved();
    await pause(AGAIN_MS);
  }
}

function sayUnsaved() {
  standing("decisions", unanswered ? "unstored" : "");
  if (unanswered) complain(`${texts.waiting} (${unanswered})`, "waiting", []);
  else settled("waiting");
}

/** Send a decision, show what it changed, and stay at the place a person was at; null, and a complaint, if it is refused. */
export async function decide(path, body = {}, refused = (answer) => answer.other_text || complain(`${texts.unsaved} ${answer.error}`, path)) {
  unanswered += 1;
  standing("decisions", "busy");
  const slow = setTimeout(sayUnsaved, SLOW_MS);
  const answer = await inTurn(async () => {
    const place = placeOf(here);
    const found = await send(path, body, refused);
    if (found) {
      replaceTurns(found);
      if (found.state?.decision <= state.decision + 1) state.decision = found.state.decision; // else `hear` asks what others decided
      tell(found.message || "");
      if (place && found.turns[place.number] !== undefined && !isOtherText(found)) restore(place);
    }
    all(".busy").forEach((item) => item.classList.remove("busy"));
    return found;
  });
  clearTimeout(slow);
  unanswered -= 1;
  if (!unanswered || noticeAbout("waiting")) sayUnsaved(); // others in the queue are only on their way
  return answer;
}

/** Fetch an utterance of this page again. */
export async function renewTurn(number) {
  replaceTurns(await ask(`turn/${interview}/${number}`));
}

/** Put utterances in place of the old ones; not those of another text, which have other numbers. */
function replaceTurns(answer) {
  if (!answer || isOtherText(answer)) return;
  for (const [number, html] of Object.entries(answer.turns || {})) {
    const old = $(`#t${number}`);
    if (!old) continue;
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const turn = holder.content.firstElementChild;
    turn.classList.toggle("here", old.classList.contains("here"));
    old.replaceWith(turn);
  }
}

export function followLeaving() {
  addEventListener("beforeunload", (event) => { if (isUnsaved()) event.preventDefault(); });
}
