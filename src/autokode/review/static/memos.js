// The page of memos: writes them in the same dialog as elsewhere, and shows them as they are afterwards.

import { openMemo } from "./memo.js";
import { refresh } from "./news.js";
import { $ } from "./page.js";

document.addEventListener("click", ({ target }) => {
  const { write, memo, quote } = target.dataset;
  if (write) openMemo(write, memo, quote);
});
document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-write-on]") || !target.value) return;
  const option = target.selectedOptions[0];
  openMemo(option.value, option.dataset.memo, option.textContent);
  target.value = "";
});
$("#memo").addEventListener("close", refresh);
