// The page of search: what is ticked gets a code, after a look at what will be coded.

import { chooseCode } from "./dialogs.js";
import { refresh } from "./news.js";
import { $, all } from "./page.js";
import { ask, decide } from "./server.js";

const texts = $("#search-texts").dataset;
const boxes = () => all("[data-place]", $("#found"));
const ticked = () => boxes().filter((box) => box.checked).map((box) => box.dataset.place);
const everywhere = () => Boolean($("#search-all")?.checked);
let request = null; // what the preview shows: the places that were asked about, the code, and the mark of the answer

function count() {
  if (!$("#search-code")) return;
  const chosen = ticked().length;
  $("#search-ticked").textContent = everywhere() || !chosen ? "" : `${chosen} ${texts.ticked}`;
  $("#search-code").disabled = !everywhere() && !chosen;
}

function tick(checked) {
  const answers = boxes().filter((box) => !box.closest(".asks")); // what the interviewer says only if nothing else was found
  boxes().forEach((box) => { box.checked = checked && (!answers.length || answers.includes(box)); });
  if (!checked && $("#search-all")) $("#search-all").checked = false;
  count();
}

async function preview(code) {
  const body = { s: $("#found").dataset.search, ticked: ticked(), all: everywhere(), unit: $("#search-unit").value, code };
  const answer = await ask("search/preview", body);
  if (!answer) return;
  request = { ...body, mark: answer.mark };
  $("#coding-code").textContent = `«${code}»`;
  $("#coding-says").textContent = answer.says;
  $("#coding-list").replaceChildren(...answer.shown.map(({ where, quote }) => {
    const entry = document.createElement("li");
    entry.textContent = `${where}: ${quote}`;
    return entry;
  }));
  $("#coding-do").disabled = !answer.new;
  $("#coding").showModal();
  $("#coding-do").focus();
}

async function give() {
  $("#coding").close();
  if (await decide("search/code", request)) await refresh();
  count();
}

document.addEventListener("change", count);
document.addEventListener("click", ({ target }) => {
  if (target.dataset.tick) tick(target.dataset.tick === "all");
  else if (target.id === "search-code") chooseCode(texts.what, preview);
  else if (target.id === "coding-do") give();
});
count();
