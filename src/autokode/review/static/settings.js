// Settings: each is stored as soon as it is chosen.

import { $, all } from "./page.js";
import { decide } from "./server.js";

async function choose({ target }) {
  const { name, type, value, checked } = target;
  const chosen = type === "checkbox" ? (checked ? "on" : "off") : value;
  if (!(await decide("setting", { [name]: chosen }))) return;
  if (name === "theme") document.documentElement.dataset.theme = chosen;
  if (name === "keys") location.reload();
  if (name === "language") location.reload();
}

for (const field of all(".settings fieldset input, .settings input[name=keys]")) field.addEventListener("change", choose);
$("#own-name").addEventListener("sent", (event) => {
  event.preventDefault();
  location.reload();
});
