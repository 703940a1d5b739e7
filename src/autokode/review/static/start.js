// Starts the pages of «Mine prosjekter»: forms, the folders of the home directory, the file of a codebook.

import { followLife } from "./alive.js";
import { followForms } from "./forms.js";
import { $ } from "./page.js";
import { decide, followLeaving } from "./server.js";
import { upload } from "./upload.js";

/** Show the folder that a person chose in the list of another. */
async function enter(button) {
  const list = button.closest(".folders");
  const answer = await decide("folders", { folder: button.dataset.folder, mode: list.dataset.mode });
  if (!answer) return;
  list.innerHTML = answer.html;
  showPlace();
  $(".trail b", list).focus();
}

/** Show where the new project will lie, as its name is typed. */
function showPlace() {
  const named = $("[data-named]");
  if (named) named.textContent = $("input[name=name]").value.trim() || `<${named.dataset.named}>`;
}

function followFolders() {
  $("input[name=name]")?.addEventListener("input", showPlace);
  showPlace();
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-folder]");
    if (button) enter(button);
  });
}

function followFile() {
  $("#codebook-file")?.addEventListener("change", async (event) => {
    const [file] = event.target.files;
    $("#codebook-name").textContent = file?.name ?? "";
    $("#codebook-sign").value = "";
    if (!file) return;
    $("#codebook-file-chosen").checked = true;
    event.target.setAttribute("aria-busy", "true");
    $("#codebook-sign").value = await upload(file) || "";
    event.target.removeAttribute("aria-busy");
  });
}

followForms();
followLeaving();
followFolders();
followFile();
followLife();
$("[data-focus]")?.focus(); // only now that Enter is heard
$("[data-focus]")?.select(); // what the page suggests is typed over
