// The tree of the codebook: arrows go through it, Alt with an arrow, a button or dragging moves a code. What is written in a form
// and not stored yet is not lost: the page asks before it is left, and keeps the form when the rest is renewed.

import { refresh } from "./news.js";
import { $, all, tell } from "./page.js";
import { decide } from "./server.js";

const WAYS = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };
const STEPS = { ArrowUp: -1, ArrowDown: 1 };
let dragged = null; // the code that is being dragged

const items = () => all("#tree [role=treeitem]");
const itemAt = (target) => target.closest?.("#tree [role=treeitem]");
const itemOf = (code) => items().find((item) => item.dataset.code === code);
const chosen = () => $("#tree [aria-selected=true]");
const isDirty = () => $("#panel").dataset.dirty === "yes";

function stand(item) {
  if (!item) return;
  items().forEach((one) => { one.tabIndex = one === item ? 0 : -1; });
  item.focus();
}

/** Move a code under another one, before one of those there or last, and stay on it. */
async function move(item, place) {
  if (!item || !place) return;
  if (isDirty()) {
    tell($("#tree").dataset.dirty);
    return;
  }
  const { code, mark } = item.dataset;
  const held = $("#moves")?.contains(document.activeElement) ? document.activeElement.dataset.move : null;
  const [above, before] = place;
  if (!(await decide("codebook/move", { code, mark, above, before }))) return;
  await refresh();
  const button = held && $(`[data-move=${held}]`);
  if (button && !button.disabled) button.focus();
  else stand(itemOf(code));
}

const movesOf = (item) => JSON.parse(item.dataset.moves);

function pressed(event) {
  const item = itemAt(event.target);
  if (!item) return;
  const list = items();
  if (event.altKey && WAYS[event.key]) move(item, movesOf(item)[WAYS[event.key]]);
  else if (event.altKey || event.ctrlKey || event.metaKey) return;
  else if (STEPS[event.key]) stand(list[list.indexOf(item) + STEPS[event.key]]);
  else if (event.key === "Home") stand(list[0]);
  else if (event.key === "End") stand(list.at(-1));
  else if (event.key === "Enter") $("a", item).click();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Where a code would go that is dropped at this height of an item: before it, after it, or below it. */
function zoneAt(item, y) {
  const { top, height } = item.getBoundingClientRect();
  const share = (y - top) / height;
  return share < 0.3 ? "before" : share > 0.7 ? "after" : "into";
}

function placeAt(item, zone) {
  const { code, above } = item.dataset;
  if (zone === "into") return [code, ""];
  if (zone === "before") return [above, code];
  const siblings = items().filter((one) => one.dataset.above === above);
  return [above, siblings[siblings.indexOf(item) + 1]?.dataset.code ?? ""];
}

function unmark() { items().forEach((item) => item.classList.remove("before", "after", "into")); }

function followDragging() {
  document.addEventListener("dragstart", (event) => {
    dragged = itemAt(event.target);
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.code);
    dragged.classList.add("dragged");
  });
  document.addEventListener("dragover", (event) => {
    const item = itemAt(event.target);
    if (!dragged || !item) return;
    event.preventDefault();
    unmark();
    if (item !== dragged) item.classList.add(zoneAt(item, event.clientY));
  });
  document.addEventListener("drop", (event) => {
    const item = itemAt(event.target);
    if (!dragged || !item) return;
    event.preventDefault();
    if (item !== dragged) move(dragged, placeAt(item, zoneAt(item, event.clientY)));
  });
  document.addEventListener("dragend", () => {
    unmark();
    dragged?.classList.remove("dragged");
    dragged = null;
  });
}

/** Keep what somebody writes in the panel until it is stored. */
function followWriting() {
  document.addEventListener("input", ({ target }) => {
    if (!target.closest("#rename, #texts-of-code")) return;
    $("#panel").dataset.dirty = "yes";
    $("#panel").removeAttribute("data-fresh");
    if (target.name === "own_colour") $("[name=colour][value=own]").checked = true;
  });
  document.addEventListener("sent", ({ target }) => {
    if (!target.closest("#panel")) return;
    delete $("#panel").dataset.dirty;
    $("#panel").dataset.fresh = "";
  });
  addEventListener("beforeunload", (event) => { if (isDirty()) event.preventDefault(); });
}

document.addEventListener("keydown", pressed, true);
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-move]");
  if (button && chosen()) move(chosen(), movesOf(chosen())[button.dataset.move]);
});
followDragging();
followWriting();
