// A survey: a table is brought in a file, its columns are looked at, and what they become is shown before anything is stored.

import { refresh } from "./news.js";
import { $ } from "./page.js";
import { ask } from "./server.js";
import { upload } from "./upload.js";

const show = () => refresh().then(() => $("#plan").scrollIntoView({ block: "start" }));

$("#survey-file").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  const sign = await upload(file, file.name);
  target.value = ""; // the same file can be chosen again
  if (sign && (await ask("survey/look", { sign }))) show(); // else the page says why
});
document.addEventListener("sent", (event) => {
  if (event.target.dataset.send !== "survey/columns") return;
  event.preventDefault();
  show();
});
