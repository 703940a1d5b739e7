// Follows long work: says how far it is, and renews the page when it is done.

import { refresh } from "./news.js";
import { $ } from "./page.js";
import { ask } from "./server.js";

const EVERY_MS = 400;

async function follow() {
  const block = $("[data-errand]");
  if (block && !document.hidden) {
    const found = await ask(`errand/${block.dataset.errand}`);
    if (!found || !found.working) await refresh();
    else {
      $("[data-far]", block).textContent = found.now;
      const bar = $("progress", block);
      if (found.whole) Object.assign(bar, { max: found.whole, value: found.done });
      else bar.removeAttribute("value");
    }
  }
  setTimeout(follow, EVERY_MS);
}

document.addEventListener("sent", ({ target }) => { // what is made comes beside the top of the form, or below it
  const made = target.matches("form") && $("#made");
  if (made && (made.getBoundingClientRect().top < 0 || made.getBoundingClientRect().top > innerHeight / 2)) made.scrollIntoView();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("a[download]")) setTimeout(refresh, 1000); // the file goes when it is sent
});
follow();
