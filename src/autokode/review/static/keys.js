// Keys and buttons: which action each one starts. A new key has a line in KEYS here, its action in actions.js, and its help in
// templates/dialogs.html.

import { actions, clearFind } from "./actions.js";
import { goTo, here, itemOf, items, turnOf } from "./focus.js";
import { $ } from "./page.js";
import { decide } from "./server.js";

const KEYS = {
  j: "next-item", ArrowDown: "next-item", k: "previous-item", ArrowUp: "previous-item", n: "next-turn", p: "previous-turn",
  a: "accept", x: "reject", Delete: "reject", c: "change", l: "add", V: "in-vivo", s: "same", q: "good", m: "memo", t: "correct", Enter: "read",
  w: "wider", v: "narrower", e: "end-later", E: "end-earlier", i: "begin-earlier", I: "begin-later",
  h: "hear", H: "pause", b: "hear-back", f: "hear-on", "-": "slower", "+": "faster",
  z: "undo", y: "redo", r: "refresh", "/": "find", "?": "help",
};
let on = document.body.dataset.keys !== "off";

/** Name the key that was pressed as `KEYS` does; null if it is the browser's or single keys are off. */
function keyOf(event) {
  const letter = event.key.toLowerCase();
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) return letter === "y" || (letter === "z" && event.shiftKey) ? "y" : letter === "z" ? "z" : null;
  return on || event.key.length > 1 ? event.key : null;
}

/** Whether a key is meant for the field it is pressed in. On the dial and the player, only letters and signs are the page's keys. */
function belongsToField({ target, key }) {
  return target.matches("input, textarea, select") && !(target.closest("#dial, .player") && key.length === 1);
}

function pressed(event) {
  const { target } = event;
  if (event.key === "Escape" && target.matches("#find, #dial")) {
    if (target.id === "find") clearFind();
    goTo(turnOf(here) || $("#main"));
    return;
  }
  if ($("dialog[open]") || belongsToField(event)) return;
  const key = keyOf(event);
  if (!KEYS[key]) return;
  if (key === "Enter" && target.matches("button, a, summary")) return;
  if (key.startsWith("Arrow") && !turnOf(target) && !items().length) return;
  event.preventDefault();
  actions[KEYS[key]](itemOf(here), turnOf(here), null);
}

async function clicked(event) {
  const { target } = event;
  const button = target.closest("button[data-do], button[data-set]");
  const turn = turnOf(target);
  if (button?.dataset.do) {
    actions[button.dataset.do](itemOf(button) || (turn ? null : itemOf(here)), turn || turnOf(here), button);
  } else if (button) {
    if (await decide("setting", { [button.dataset.set]: button.dataset.value })) location.reload();
  } else if (turn && getSelection().isCollapsed && !target.closest("a, summary")) {
    (itemOf(target) || turn).focus({ preventScroll: true });
  }
}

export function followKeys() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", clicked);
  $("#keys-on").checked = on;
  $("#keys-on").addEventListener("change", (event) => {
    on = event.target.checked;
    document.body.dataset.keys = on ? "on" : "off";
    decide("setting", { keys: document.body.dataset.keys });
  });
}
