// Tells the server that this page is open, also while it is hidden, and when it is left: a server that nobody uses ends.

import { $, complain, root, settled, texts } from "./page.js";

const EVERY_MS = 25_000;
let page = crypto.randomUUID();

function tellServer(gone) {
  const body = JSON.stringify({ page, gone });
  return fetch(`${root}alive`, { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body });
}

async function beat() {
  const answer = await tellServer(false).catch(() => null);
  if (answer) settled("gone");
  else complain(texts.gone, "gone");
}

export function followLife() {
  const home = $(".top .home"); // the page that a closed one leads to (door.js)
  if (home) localStorage.setItem("autokode-home", home.getAttribute("href"));
  beat();
  setInterval(beat, EVERY_MS);
  addEventListener("pagehide", () => { tellServer(true).catch(() => null); });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    page = crypto.randomUUID(); // the one before said goodbye
    beat();
  });
}
