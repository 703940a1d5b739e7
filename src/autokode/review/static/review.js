// Starts the page: lets each module follow what it is about, fills the fields, and goes to the utterance the address names.

import { folded, followDialogs } from "./dialogs.js";
import { followDial } from "./dial.js";
import { followFocus, goTo } from "./focus.js";
import { followKeys } from "./keys.js";
import { followMemos } from "./memo.js";
import { followNews } from "./news.js";
import { $, all } from "./page.js";
import { followSelection } from "./selection.js";
import { decide, followLeaving } from "./server.js";

function followFields() {
  $("[data-pick]")?.addEventListener("change", (event) => { location.href = event.target.value; });
  $("[data-order]")?.addEventListener("change", (event) => decide("setting", { order: event.target.value }));
  $("#find")?.addEventListener("input", (event) => {
    const typed = folded(event.target.value.trim());
    all("#codes li").forEach((code) => { code.hidden = !folded(code.textContent).includes(typed); });
  });
}

followFocus();
followSelection();
followDialogs();
followMemos();
followLeaving();
followNews();
followDial();
followKeys();
followFields();

if (matchMedia("(max-width: 60rem)").matches) $(".codebook details")?.removeAttribute("open");

const start = $("[data-at]");
if (start) {
  start.scrollIntoView({ block: "center" });
  goTo($(".card", start) || start);
}
