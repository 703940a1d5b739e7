// The list of what stands out: when a line is decided, the next one has the focus.

import { refresh } from "./news.js";
import { $, all } from "./page.js";

document.addEventListener("sent", async (event) => {
  const line = event.target.closest(".stands");
  if (!line) return;
  event.preventDefault(); // it is renewed here
  const at = all(".stands").indexOf(line);
  await refresh();
  const left = all(".stands");
  const next = left[Math.min(at, left.length - 1)];
  (next ? $("button", next) : $("h1")).focus();
});
