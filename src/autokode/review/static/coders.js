// Adds a coder; a name that is like a known one is asked about first.

import { confirmed, fieldsOf, send } from "./forms.js";
import { $ } from "./page.js";

const form = $("#add-coder");
form.addEventListener("sent", async (event) => {
  const { question } = event.detail;
  if (!question) {
    form.reset();
    return;
  }
  event.preventDefault();
  const given = { ...fieldsOf(form), sure: true };
  if (await confirmed(question)) await send(form, form.dataset.send, given);
});
