// Starts the page: lets each module follow what it is about, fills the fields, and goes to the utterance the address names.

import { followLife } from "./alive.js";
import { followCorrections } from "./correct.js";
import { folded, followDialogs } from "./dialogs.js";
import { followDial } from "./dial.js";
import { followFocus, goTo } from "./focus.js";
import { followForms } from "./forms.js";
import { followInVivo } from "./in_vivo.js";
import { followKeys } from "./keys.js";
import { followListening } from "./listen.js";
import { followMemos } from "./memo.js";
import { followNews } from "./news.js";
import { $, all } from "./page.js";
import { followSelection } from "./selection.js";
import { followStripes } from "./stripes.js";
import { decide, followLeaving } from "./server.js";

function followFields() {
  $("[data-pick]")?.addEventListener("change", (event) => { location.href = event.target.value; });
  $("[data-order]")?.addEventListener("change", (event) => decide("setting", { order: event.target.value }));
  $("#find")?.addEventListener("input", (event) => {
    const typed = folded(event.target.value.trim());
    all("#codes li").forEach((code) => { code.hidden = !folded(code.textContent).includes(typed); });
  });
  for (const event of ["mouseover", "focusin"]) $("#codes")?.addEventListener(event, ({ target }) => mean(target.closest("li")));
}

/** Show what a code means at the foot of the codebook, where it pushes nothing. */
function mean(entry) {
  const definition = $(".definition", entry || document.createElement("li"));
  if (definition) $("#meaning").replaceChildren(...definition.cloneNode(true).childNodes);
}

/** The menu stands open where there is room for it, and so does the codebook. */
function followWidth() {
  for (const [part, width] of [[".menu", "75rem"], [".codebook details", "60rem"]]) {
    const narrow = matchMedia(`(max-width: ${width})`);
    const fit = () => { if ($(part)) $(part).open = !narrow.matches; };
    narrow.addEventListener("change", fit);
    fit();
    if (part === ".menu") document.addEventListener("click", ({ target }) => { if (narrow.matches && !target.closest(part)) fit(); });
  }
}

followFocus();
followSelection();
followDialogs();
followMemos();
followCorrections();
followListening();
followLeaving();
followNews();
followDial();
followKeys();
followForms();
followInVivo();
followLife();
followFields();
followStripes();
followWidth();

const start = $("[data-at]");
if (start) {
  start.scrollIntoView({ block: "center" });
  goTo($(".card", start) || start);
}
