// The dialogs: choose a code, decide the same for near-identical suggestions. That of memos is in memo.js.

import { here } from "./focus.js";
import { $, all } from "./page.js";
import { ask, decide } from "./server.js";

let chosen = null; // called with the code that is chosen
let made = null; // called with the name of a code that is not there yet; null where none can be made
let alike = []; // the suggestions to decide in the same way

/** Fold a text so that what is typed is found whatever its case. */
export const folded = (text) => text.normalize("NFC").toLowerCase().replaceAll("_", " ");

export function chooseCode(quote, then, make = null) {
  [chosen, made] = [then, make];
  $("#choose-quote").textContent = quote;
  $("#choose-text").value = "";
  narrow();
  $("#choose").showModal();
  $("#choose-text").focus();
}

const options = () => all("#choose-list li");
const newCode = () => $("#choose-new");
const visible = () => options().filter((option) => !option.hidden);

/** Hide the codes that do not fit what is typed; point to the first whose name begins with it or whose number it is. */
function narrow() {
  const name = $("#choose-text").value.trim();
  const typed = folded(name);
  const begins = (option) => option.dataset.number === typed || folded(option.dataset.code).startsWith(typed);
  const fits = (option) => begins(option) || typed.split(" ").every((word) => folded(option.dataset.code).includes(word));
  const codes = options().filter((option) => option !== newCode());
  codes.forEach((option) => { option.hidden = !fits(option); });
  newCode().hidden = !made || !typed || codes.some((option) => typed === folded(option.dataset.code) || typed === option.dataset.number);
  $("b", newCode()).textContent = `«${name}»`;
  point(codes.find((option) => !option.hidden && begins(option)) || visible()[0]);
}

function point(option) {
  options().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
  $("#choose-text").setAttribute("aria-activedescendant", option?.id || "");
  option?.scrollIntoView({ block: "nearest" });
}

function take(option) {
  if (!option) return;
  $("#choose").close();
  if (option === newCode()) made($("#choose-text").value.trim());
  else chosen?.(option.dataset.code);
}

function chooseByKey(event) {
  const shown = visible();
  const at = shown.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") point(shown[Math.min(at + 1, shown.length - 1)]);
  else if (event.key === "ArrowUp") point(shown[Math.max(at - 1, 0)]);
  else if (event.key === "Enter") take(shown[at]);
  else return;
  event.preventDefault();
}

export async function openSame(item) {
  const answer = await ask(`same/${item.dataset.suggestion}`);
  if (!answer) return;
  alike = [Number(item.dataset.suggestion), ...answer.found.map((one) => one.id)];
  $("#same-code").textContent = item.dataset.code;
  $("#same-list").replaceChildren(...answer.found.map((one) => {
    const entry = document.createElement("li");
    entry.textContent = `${one.speaker}, ${one.transcript}: ${one.quote}`;
    return entry;
  }));
  $("#same-none").hidden = answer.found.length > 0;
  $("#same").showModal();
}

export function decideSame(said) {
  $("#same").close();
  return decide("same", { suggestions: alike, said });
}

export function followDialogs() {
  $("#choose-text").addEventListener("input", narrow);
  $("#choose-text").addEventListener("keydown", chooseByKey);
  $("#choose-list").addEventListener("click", (event) => take(event.target.closest("li")));
  for (const dialog of all("dialog")) {
    dialog.addEventListener("close", () => { if (here?.isConnected) here.focus({ preventScroll: true }); });
  }
}
