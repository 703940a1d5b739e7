// Variables: a sheet is pasted, or brought in a file, and what it would change is shown before anything is stored.

import { refresh } from "./news.js";
import { $ } from "./page.js";
import { ask } from "./server.js";
import { upload } from "./upload.js";

const show = () => $("#plan").scrollIntoView({ block: "start" });

$("#sheet-file").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  const sign = await upload(file, file.name);
  target.value = ""; // the same file can be chosen again
  if (!sign || !(await ask("variables/look", { sign }))) return; // the page says why
  await refresh();
  show();
});
document.addEventListener("sent", (event) => {
  if (event.target.dataset.send !== "variables/look") return;
  event.preventDefault();
  event.target.reset();
  refresh().then(show);
});
