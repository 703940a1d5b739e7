// Import: a file is chosen or dropped, brought to the server, and looked at before it is taken in.

import { fieldsOf, send } from "./forms.js";
import { $, complain, settled } from "./page.js";
import { filesIn, upload } from "./upload.js";

const form = $("#bring");
const drop = $("#drop");
const share = $("#sent-share");

async function bring(file, name) {
  settled("file");
  share.hidden = false;
  const sign = await upload(file, name, (part) => { share.value = part; });
  share.hidden = true;
  if (sign) await send(form, form.dataset.send, { ...fieldsOf(form), sign });
}

$("#file").addEventListener("change", ({ target }) => {
  if (target.files[0]) bring(target.files[0], target.files[0].name).finally(() => { target.value = ""; });
});

drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", async (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  const [first] = await filesIn(event.dataTransfer);
  if (first) await bring(first[0], first[1].split("/").pop());
});

form.addEventListener("submit", (event) => { // before there is a file there is nothing to look at
  if ($("[name=sign]", form)) return;
  event.preventDefault();
  event.stopPropagation();
  complain($("p", drop).textContent, "file");
  $("#file").focus();
});
