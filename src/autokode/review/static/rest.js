// A sample to be judged: «a» and «x» say whether the answer has the code, and the next one comes to the same place.

import { refresh } from "./news.js";
import { $ } from "./page.js";

const isMeantForThePage = ({ target, altKey, ctrlKey, metaKey }) =>
  document.body.dataset.keys !== "off" && !altKey && !ctrlKey && !metaKey && !$("dialog[open]") && !target.matches("input, textarea, select");

document.addEventListener("keydown", (event) => {
  const button = isMeantForThePage(event) && /^[ax]$/.test(event.key) && $(`.judge button[data-key="${event.key}"]`);
  if (!button) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // elsewhere these keys decide on a suggestion
  if (!event.repeat) button.click();
}, true);

document.addEventListener("sent", async (event) => {
  if (!event.target.closest(".rest") || event.detail.go) return;
  event.preventDefault(); // it is renewed here
  await refresh();
  ($(".judge .quote") || $("#verdict") || $("h1")).focus();
});
