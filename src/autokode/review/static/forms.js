// Forms and buttons that send to an address, <form data-send> and <button data-send data-body>: once, with a question before if
// they have one, and the page is renewed after.

import { refresh } from "./news.js";
import { $, all } from "./page.js";
import { ask, decide } from "./server.js";

/** Ask a person in the dialog whether something is to be done; red says that something is lost by it. */
export function confirmed(question, isLoss = false) {
  const dialog = $("#sure");
  $("#sure-text").textContent = question;
  $("#sure-yes").className = isLoss ? "danger" : "yes";
  dialog.returnValue = "";
  dialog.showModal();
  $("#sure-no").focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/** What the fields of a form hold: texts; true or false for a box alone; a list where several share a name ending in «[]». */
export function fieldsOf(form, pressed = null) {
  const found = {};
  for (const field of all("input[name], select[name], textarea[name]", form)) {
    const { name, type, value } = field;
    if (name.endsWith("[]")) {
      const list = (found[name.slice(0, -2)] ??= []);
      if (type !== "checkbox" || field.checked) list.push(value);
    } else if (type === "radio") {
      if (field.checked) found[name] = value;
    } else found[name] = type === "checkbox" ? field.checked : value;
  }
  if (pressed?.name) found[pressed.name] = pressed.value;
  return found;
}

/** Send to an address (what only reads, data-reads, is no decision to be stored), and show what came of it; the element hears «sent» with the answer, and nothing is renewed if it says so. */
export async function send(element, path, body) {
  const { ask: question, askAgain } = element.dataset;
  const isLoss = element.matches(".danger, .no") || Boolean($(".danger", element));
  if (question && !(await confirmed(question, isLoss))) return null;
  if (askAgain && !(await confirmed(askAgain, isLoss))) return null;
  element.setAttribute("aria-busy", "true");
  const answer = await (element.dataset.reads === undefined ? decide : ask)(path, body);
  element.removeAttribute("aria-busy");
  if (!answer) return null;
  const heard = element.dispatchEvent(new CustomEvent("sent", { detail: answer, bubbles: true, cancelable: true }));
  if (answer.go) location.href = answer.go;
  else if (heard) await refresh();
  return answer;
}

const isBusy = (element) => element.getAttribute("aria-busy") === "true";

export function followForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-send]");
    if (!form) return;
    event.preventDefault();
    if (!isBusy(form)) send(form, form.dataset.send, fieldsOf(form, event.submitter));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-send]");
    if (button && !isBusy(button)) send(button, button.dataset.send, JSON.parse(button.dataset.body || "{}"));
  });
}
