// Settles disagreements: with the mouse, or with j and k between them, digits for the codes, and Enter for done and on.

import { refresh } from "./news.js";
import { $, all } from "./page.js";
import { decide } from "./server.js";

const differences = () => all(".difference");
const at = () => document.activeElement?.closest?.(".difference");

function goTo(difference) {
  if (!difference) return;
  difference.focus({ preventScroll: true });
  difference.scrollIntoView({ block: "nearest" });
}

function step(way) {
  const every = differences();
  const here = every.indexOf(at());
  goTo(every[here < 0 ? 0 : Math.min(Math.max(here + way, 0), every.length - 1)]);
}

/** Store what is ticked, and go to the next that is not settled. */
async function settle(difference) {
  const given = Object.fromEntries(all("[data-settle]", difference).map((box) => [box.dataset.settle, box.checked]));
  const { other, transcript, number, textMark } = difference.dataset;
  const every = differences();
  const later = every.slice(every.indexOf(difference) + 1).find((one) => !one.classList.contains("settled"));
  if (!(await decide(`resolve/${other}/${transcript}/${number}`, { given, text_mark: textMark }))) return;
  await refresh();
  goTo((later && $(`#${later.id}`)) || $(`#${difference.id}`) || differences()[0]);
}

function pressed(event) {
  if ($("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey || !$("#keys-on").checked) return;
  if (event.target.matches("select, textarea, input:not([type=checkbox])")) return;
  const difference = at();
  if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  else if (difference && /^[1-9]$/.test(event.key)) all("[data-settle]", difference)[event.key - 1]?.click();
  else if (difference && event.key === "Enter" && !event.target.matches("a, button")) settle(difference);
  else return;
  event.preventDefault();
  event.stopPropagation(); // these keys have another meaning where one reads
}

document.addEventListener("keydown", pressed, true);
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.settle");
  if (button) settle(button.closest(".difference"));
});
