// Fills in what takes a while to compute: a block marked data-later has the address of what it is to hold.

import { all, complain, texts } from "./page.js";

for (const block of all("[data-later]")) {
  const response = await fetch(block.dataset.later).catch(() => null);
  if (!response?.ok) complain(texts.gone, "gone");
  else {
    block.replaceChildren(...new DOMParser().parseFromString(await response.text(), "text/html").body.childNodes);
    delete block.dataset.later; // it is here
  }
}
