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

let sending = Promise.resolve(); // one move after the other: the server keeps the one it hears last

async function move(dial) {
  const position = dial.value;
  const precision = stepAt(dial).value;
  sending = sending.then(() => decide("setting", { precision }));
  if (await sending) {
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
