// The dial: how many suggestions. They follow it at once, and the page keeps its place.

import { awaitSuggestions } from "./news.js";
import { $ } from "./page.js";
import { decide } from "./server.js";

const stepAt = (dial) => $(`#dial-steps option[value="${dial.value}"]`).dataset;

function describe(dial) {
  const { name, meaning } = stepAt(dial);
  dial.setAttribute("aria-valuetext", `${name}: ${meaning}`);
  $("#dial-means b").textContent = name;
  $("#dial-means span").textContent = meaning;
}

async function move(dial) {
  const position = dial.value;
  if (await decide("setting", { precision: stepAt(dial).value })) {
    dial.dataset.stood = position;
    await awaitSuggestions();
  } else {
    dial.value = dial.dataset.stood;
    describe(dial);
  }
}

export function followDial() {
  document.addEventListener("input", (event) => { if (event.target.id === "dial") describe(event.target); });
  document.addEventListener("change", (event) => { if (event.target.id === "dial") move(event.target); });
}
