// News: what other windows decided, and what the model learnt. Nothing a person looks at moves until they ask for it.

import { here, placeOf, restore, turnInView } from "./focus.js";
import { $, all, complain, interview, settled, tell, texts } from "./page.js";
import { ask, inTurn, isOtherText, isUnsaved, renewTurn, shows, state } from "./server.js";

const EVERY_MS = 1500;
const SOON_MS = 150;
let newest = true; // whether the page shows the newest round
let awaiting = false; // whether the dial was moved and its suggestions are not here yet

/** Show the newest round; each block marked data-fresh is replaced, and the page keeps its place. */
export async function refresh() {
  if (!$("[data-fresh]")) return location.reload();
  const response = await fetch(location.href).catch(() => null);
  if (!response?.ok) return complain(texts.gone, "gone");
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const place = placeOf(here);
  const seen = turnInView();
  const before = seen?.getBoundingClientRect().top;
  for (const block of all("[data-fresh]")) {
    const inUse = $("#dial", block) && block.contains(document.activeElement);
    if (!inUse) block.replaceWith(page.getElementById(block.id));
  }
  Object.assign(state, { round: Number(page.body.dataset.round), decision: Number(page.body.dataset.decision) });
  shows(page);
  settled("text"); // what was refused since the text was another one
  newest = true;
  if ($("#news")) $("#news").textContent = "";
  if (place) restore(place);
  const after = seen && $(`#${seen.id}`)?.getBoundingClientRect().top;
  if (after !== undefined) scrollBy(0, after - before);
  return null;
}

/** Show the newest round if the page does not; return whether it did already. */
export async function catchUp() {
  if (newest) return true;
  await refresh();
  return false;
}

async function hear() {
  if (document.body.dataset.ended || document.hidden || $("dialog[open]") || isUnsaved()) return;
  const news = await ask(`news?${new URLSearchParams({ ...state, ...(interview && { interview }) })}`);
  if (!news) {
    awaiting = false;
    return;
  }
  if (news.failed) complain(news.failed, "learning");
  else settled("learning");
  if (!$("#news")) return;
  if (isOtherText(news)) { // the places and numbers on this page are those of the text before
    if (newest) offer(texts.corrected);
    return;
  }
  await announce(news);
  for (const number of news.touched[interview] || []) {
    const place = placeOf(here);
    await renewTurn(number);
    if (place?.number === number) restore(place);
  }
  state.decision = Math.max(state.decision, news.state.decision);
  awaiting &&= news.turning;
}

/** Show a new round at once to who moved the dial, and offer it to everybody else. */
async function announce(news) {
  const newer = news.state.round > state.round;
  if (awaiting && newer) {
    await refresh();
    tell(news.said);
  } else if (newest && newer) {
    offer(news.said);
  } else if (newest) $("#news").textContent = news.learning ? texts.learning : "";
}

/** Say that the page can be renewed, and why. */
function offer(why) {
  newest = false;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", textContent: `${texts.show} (r)` });
  button.dataset.do = "refresh";
  $("#news").replaceChildren(`${why} `, button);
}

const listen = () => (isUnsaved() ? Promise.resolve() : inTurn(hear).catch(() => null));

/** Listen closely until the suggestions follow the dial. */
export async function awaitSuggestions() {
  awaiting = true;
  while (awaiting) {
    await listen();
    await new Promise((resolve) => { setTimeout(resolve, SOON_MS); });
  }
}

export function followNews() {
  setInterval(listen, EVERY_MS);
}
