// The list of names: rows by arrow keys, decisions by keys and buttons, words added by selecting them, and work that is waited for.

import { $, all, root } from "./page.js";
import { decide } from "./server.js";
import { refresh } from "./news.js";

const EVERY_MS = 700;
const rows = () => all("#name-table tbody.name");
const visible = () => rows().filter((row) => !row.hidden);
const entryOf = (element) => element?.closest?.("tbody.name");
const lineOf = (entry) => $("tr", entry);
let chosen = null; // the number of the entry that a dialog is about
let reached = null; // the entry at which the last decision left the person

// rows

function stand(entry) {
  if (!entry) return;
  rows().forEach((one) => { lineOf(one).tabIndex = -1; });
  lineOf(entry).tabIndex = 0;
  lineOf(entry).focus();
}

function step(way) {
  const shown = visible();
  const at = shown.indexOf(entryOf(document.activeElement));
  stand(shown[at < 0 ? 0 : Math.min(Math.max(at + way, 0), shown.length - 1)]);
}

function fits(entry, text, group, state) {
  const { classList, dataset } = entry;
  return (!group || dataset.group === group)
    && (!text || `${lineOf(entry).cells[0].textContent} ${dataset.becomes}`.toLowerCase().includes(text))
    && (!state || (state === "open" ? !classList.contains("decided") : classList.contains(state)));
}

function narrow() {
  const text = $("#name-find").value.trim().toLowerCase();
  const group = $("#name-group").value;
  const state = $("#name-state").value;
  for (const entry of rows()) entry.hidden = !fits(entry, text, group, state);
  const shown = visible();
  $("#name-none").hidden = shown.length > 0;
  if (!shown.some((entry) => lineOf(entry).tabIndex === 0) && shown[0]) lineOf(shown[0]).tabIndex = 0;
}

// decisions

async function say(number, body, refused) {
  const entry = $(`#e${number}`);
  const next = visible()[visible().indexOf(entry) + 1];
  const answer = await decide(`names/${number}`, { ...body, seen: entry.dataset.seen }, refused);
  if (!answer) return false;
  for (const [changed, html] of Object.entries(answer.rows)) show(changed, html);
  $("#decided").textContent = answer.decided;
  reached = $(`#e${number}`) || next;
  stand(reached);
  return true;
}

function show(number, html) {
  const old = $(`#e${number}`);
  if (!html) { old?.remove(); return; }
  const holder = document.createElement("table");
  holder.innerHTML = html;
  const entry = $("tbody", holder);
  if (old) old.replaceWith(entry);
  else $("#name-table").append(entry);
}

async function places(entry) {
  const button = $("[data-name=places]", entry);
  const open = $(".where", entry);
  button.setAttribute("aria-expanded", String(!open));
  if (open) { open.parentElement.remove(); return; }
  const response = await fetch(`${root}names/${entry.dataset.number}/places`);
  if (!response.ok) return;
  const row = entry.insertRow();
  const cell = row.insertCell();
  cell.colSpan = 6;
  cell.className = "where";
  cell.innerHTML = await response.text();
}

/** Take back what was decided last on the list, or decide it again; never what was decided in the project. */
async function back(way) {
  const answer = await decide(`names/back/${way}`);
  if (!answer || !Object.keys(answer.rows).length) return;
  if ($("#name-text")) { await refresh(); return; }
  if (!$("#name-table")) { location.href = `${root}names`; return; } // a preview of what is no longer so
  for (const [changed, html] of Object.entries(answer.rows)) show(changed, html);
  $("#decided").textContent = answer.decided;
  stand(Object.keys(answer.rows).map((number) => $(`#e${number}`)).find((entry) => entry));
}

/** Whether a key is for undo or redo, as everywhere on the page. */
function wayOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const letter = key.toLowerCase();
  if (altKey || !["z", "y"].includes(letter)) return null;
  if (ctrlKey || metaKey) return letter === "y" || shiftKey ? "redo" : "undo";
  return document.body.dataset.keys === "off" || key !== letter ? null : { z: "undo", y: "redo" }[letter];
}

const acts = {
  keep: (entry) => say(entry.dataset.number, { said: "keep" }),
  replace: (entry) => say(entry.dataset.number, { said: "replace" }),
  part: (entry) => say(entry.dataset.number, { said: "part" }),
  places,
  becomes(entry) {
    const field = open("name-becomes", entry).becomes;
    field.value = entry.dataset.becomes;
    field.select();
  },
  merge(entry) {
    const { find, into } = open("name-merge", entry);
    find.value = "";
    choices(into, entry, "");
    find.focus();
  },
};

function open(name, entry) {
  chosen = entry.dataset.number;
  const dialog = $(`#${name}`);
  $(".quote", dialog).textContent = entry.dataset.form;
  $(".problem", dialog).textContent = "";
  dialog.showModal();
  return $("form", dialog).elements;
}

function choices(list, entry, text) {
  const others = rows().filter((one) => one !== entry && one.dataset.kind === entry.dataset.kind);
  const named = others.filter((one) => lineOf(one).cells[0].textContent.toLowerCase().includes(text.toLowerCase()));
  list.replaceChildren(...named.map((one) => new Option(`${one.dataset.form} → ${one.dataset.becomes}`, one.dataset.number)));
  if (list.options.length) list.selectedIndex = 0;
}

/** Send what a dialog holds; it stays open, and says why, if it is refused. */
function followDialog(name, sent) {
  const dialog = $(`#${name}`);
  if (!dialog) return;
  $("form", dialog).addEventListener("submit", async (event) => {
    event.preventDefault();
    const refused = (answer) => { $(".problem", dialog).textContent = answer.error; };
    if (!(await sent(event.target.elements, refused))) return;
    dialog.close(); // which gives the focus back to a row that may be gone
    stand(reached);
  });
}

async function add(fields, refused) {
  const [text, kind, into, becomes] = ["text", "kind", "into", "becomes"].map((field) => fields[field].value);
  const answer = await decide("names/add", { text, kind, into: into ? Number(into) : 0, becomes }, refused);
  if (!answer) return false;
  if ($("#name-text")) await refresh();
  else location.reload();
  return true;
}

function openAdd(text) {
  const dialog = $("#name-add");
  const { text: field, into, becomes } = $("form", dialog).elements;
  Object.assign(field, { value: text });
  into.value = becomes.value = $(".problem", dialog).textContent = "";
  dialog.showModal();
}

const selected = () => getSelection().toString().replace(/\s+/g, " ").trim().slice(0, 80);

// keys: taken before the page's own, which mean other things where there are suggestions

const KEYS = {
  ArrowDown: () => step(1), j: () => step(1), ArrowUp: () => step(-1),
  k: (entry) => acts[entry.classList.contains("keeps") ? "replace" : "keep"](entry),
  r: acts.becomes, m: acts.merge, Enter: places,
};

function pressed(event) {
  const { key, target } = event;
  const inField = target.matches("input, select, textarea");
  const way = wayOf(event);
  if ($("dialog[open]") || (!way && (event.ctrlKey || event.metaKey || event.altKey))) return;
  if (way && !inField) back(way);
  else if (target.id === "name-find" && (key === "ArrowDown" || key === "Escape")) step(0);
  else if (inField || (document.body.dataset.keys === "off" && key.length === 1)) return;
  else if (key === "/" && $("#name-find")) $("#name-find").focus();
  else if (key === "l" && $("#name-add")) openAdd(selected());
  else if (key === "Enter" && target.matches("button, a, summary")) return;
  else if (KEYS[key] && (entryOf(target) || key.startsWith("Arrow")) && rows().length) KEYS[key](entryOf(target));
  else if (!["r", "m", "k", "l"].includes(key)) return;
  event.preventDefault();
  event.stopPropagation();
}

// work that goes on

async function wait() {
  const job = $("#job");
  for (;;) {
    await new Promise((resolve) => { setTimeout(resolve, EVERY_MS); });
    const response = await fetch(`${root}names/state`).catch(() => null);
    if (!response?.ok) continue;
    const { runs, done, whole, task } = await response.json();
    if (!runs) {
      location.href = task === "preview" || task === "check" ? `${root}names/${task}` : `${root}names`;
      return;
    }
    if (whole) Object.assign($("progress", job), { max: whole, value: done });
  }
}

function follow() {
  document.addEventListener("keydown", pressed, true);
  for (const way of ["undo", "redo"]) { // the buttons at the top, as the keys
    $(`button[data-do=${way}]`)?.addEventListener("click", (event) => { event.stopPropagation(); back(way); });
  }
  document.addEventListener("sent", (event) => {
    if (event.target.dataset.send?.startsWith("names/begin/")) {
      event.preventDefault();
      location.href = `${root}names`;
    }
  });
  if ($("#job")) { wait(); return; }
  $("#name-open-add")?.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
  $("#name-open-add")?.addEventListener("click", () => openAdd(selected()));
  followDialog("name-add", add);
  followDialog("name-becomes", ({ becomes }, refused) => say(chosen, { said: "becomes", becomes: becomes.value }, refused));
  followDialog("name-merge", async ({ into }, refused) => into.value !== "" && say(chosen, { said: "merge", into: Number(into.value) }, refused));
  $("#name-merge input")?.addEventListener("input", ({ target }) => choices($("#name-merge select"), $(`#e${chosen}`), target.value));
  const table = $("#name-table");
  if (!table) return;
  for (const field of ["#name-find", "#name-group", "#name-state"]) $(field).addEventListener("input", narrow);
  all("[data-standing]").forEach((button) => button.addEventListener("click", () => openAdd(button.dataset.standing)));
  table.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-name]");
    const entry = entryOf(event.target);
    if (button) acts[button.dataset.name](entry);
    else if (entry && !event.target.closest("a") && getSelection().isCollapsed) stand(entry);
  });
  narrow();
}

follow();
