// Talks to the server, with decisions one after the other, and puts the utterances it sends back in place of the old ones.

import { here, placeOf, restore } from "./focus.js";
import { $, all, complain, interview, root, tell, texts, wanted } from "./page.js";

export const state = { round: Number(document.body.dataset.round), decision: Number(document.body.dataset.decision) };
let queue = Promise.resolve();

/** Run some work when all that was asked before is answered. */
export function inTurn(work) {
  const result = queue.then(work);
  queue = result.catch(() => null);
  return result;
}

/** Read from an address; null, and a complaint on the page, if that fails. */
export const ask = (path) => answerTo(path);

/** Send to an address, with the interview and the filter of the page; null, and a complaint, if that fails. */
export const send = (path, body) => answerTo(path, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ transcript: interview ?? undefined, wanted, ...body }),
});

async function answerTo(path, options) {
  let response;
  try {
    response = await fetch(root + path, options);
  } catch {
    complain(texts.gone);
    return null;
  }
  const answer = await response.json().catch(() => ({ error: response.statusText }));
  complain(response.ok ? "" : answer.error);
  return response.ok ? answer : null;
}

/** Send a decision, show what it changed, and stay at the place a person was at. */
export function decide(path, body = {}) {
  return inTurn(async () => {
    const place = placeOf(here);
    const answer = await send(path, body);
    if (answer) {
      replaceTurns(answer.turns);
      if (answer.state.decision <= state.decision + 1) state.decision = answer.state.decision; // else `hear` asks what others decided
      tell(answer.message || "");
      if (place && answer.turns[place.number] !== undefined) restore(place);
    }
    all(".busy").forEach((item) => item.classList.remove("busy"));
    return answer;
  });
}

/** Fetch an utterance of this page again. */
export async function renewTurn(number) {
  replaceTurns((await ask(`turn/${interview}/${number}`))?.turns);
}

function replaceTurns(turns) {
  for (const [number, html] of Object.entries(turns || {})) {
    const old = $(`#t${number}`);
    if (!old) continue;
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const turn = holder.content.firstElementChild;
    turn.classList.toggle("here", old.classList.contains("here"));
    old.replaceWith(turn);
  }
}
