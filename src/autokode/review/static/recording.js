// The screen on which a recording is found: folders are entered, and a file is linked by the sign that the server gave it.

import { $ } from "./page.js";
import { ask } from "./server.js";
import { send } from "./forms.js";

const own = () => $("#recording").dataset;

async function enter(button) {
  const answer = await ask(`interviews/${own().of}/recording/folder`, { folder: button.dataset.soundFolder });
  if (!answer) return;
  const list = button.closest(".folders");
  list.innerHTML = answer.html;
  $(".trail b", list).focus();
}

document.addEventListener("click", ({ target }) => {
  const folder = target.closest("button[data-sound-folder]");
  const file = target.closest("button[data-pick-sound]");
  if (folder) enter(folder);
  if (file) send(file, `interviews/${own().of}/recording/link`, { file: file.dataset.pickSound, saw: own().saw });
});
