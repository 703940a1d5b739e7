// A code made from the words of the one who said it: it gets its name from the selected text, and is given to it in the same step.

import { standAt, turnOf, here } from "./focus.js";
import { $, all, complain, root, settled, tell, texts } from "./page.js";
import { clearSelection, segmentOf, selection } from "./selection.js";
import { decide } from "./server.js";

const LONGEST = 80; // of a name that is proposed
let target = null; // the text that the code is for

/** Ask for the name of a new code for what is selected, else for the whole utterance. */
export function openInVivo() {
  const selected = selection();
  const dialog = $("#vivo");
  const turn = selected?.turn || turnOf(here);
  if (!turn) {
    tell(dialog.dataset.nothing);
    return;
  }
  target = { turn, segment: segmentOf(selected, turn) };
  const words = (selected?.quote || "").trim().replace(/\s+/g, " ");
  $("#vivo-quote").textContent = words ? `«${words}»` : texts.turn;
  $("#vivo-name").value = words.replace(/[.,;:!?…]+$/, "").slice(0, LONGEST);
  $("#vivo-above").value = "";
  dialog.showModal();
  $("#vivo-name").select();
}

export async function storeInVivo() {
  const name = $("#vivo-name").value;
  if (!target || !name.trim()) return;
  const above = $("#vivo-above").value;
  $("#vivo").close();
  await makeCode(name, target.turn, target.segment, above);
}

/** Make a code and give it to a segment of an utterance, in one step. */
export async function makeCode(name, turn, segment, above = "") {
  clearSelection();
  standAt(turn);
  const refused = ({ error }) => complain(`${texts.unsaved} «${name}». ${error}`, "in-vivo"); // the name is not lost
  if (await decide(`in-vivo/${turn.dataset.transcript}`, { name, above, ...segment }, refused)) {
    settled("in-vivo");
    await renewCodes();
  }
}

/** Show the codes as the codebook has them now, wherever the page lists them. */
export async function renewCodes() {
  const response = await fetch(location.href).catch(() => null);
  if (!response?.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const list of all("#codes, #choose-list, #vivo-above")) {
    const { value } = list; // of a choice: one that a person makes meanwhile stays
    list.replaceChildren(...page.getElementById(list.id)?.childNodes ?? []);
    if (value !== undefined) list.value = value;
  }
  const style = $(`link[href^="${root}colours.css"]`);
  if (style) style.href = `${root}colours.css?${Date.now()}`;
}

export function followInVivo() {
  $("#vivo-name").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    storeInVivo();
  });
}
