// The interviews: files come by drop or by choice, and what was understood of them is shown when they are here.

import { refresh } from "./news.js";
import { $, all, tell } from "./page.js";
import { decide } from "./server.js";
import { filesIn, upload } from "./upload.js";

const isHidden = (name) => /(^|\/)(\.|~\$|desktop\.ini$|thumbs\.db$)/i.test(name);

/** Bring files, one after the other, and show what was understood; what a system hides is left alone. */
async function bring(files, then = refresh, version = null) {
  const wanted = files.filter(([, name]) => !isHidden(name));
  const far = $("#coming-far");
  let sign = null;
  if (far) far.hidden = !wanted.length;
  for (const [index, [file, name]] of wanted.entries()) {
    const told = (share) => { if (far) far.value = (index + share) / wanted.length; };
    told(0);
    const coming = $("#coming");
    if (coming) coming.textContent = `${index + 1} / ${wanted.length}: ${file.name}`;
    sign = await upload(file, name, told);
    if (!sign) break; // the page says why
    await decide("interviews/read", { sign, version });
  }
  if (far) far.hidden = true;
  if ($("#coming")) $("#coming").textContent = wanted.length ? "" : $("#coming").dataset.none;
  await then(sign);
}

const chosen = (input) => [...input.files].map((file) => [file, file.webkitRelativePath || file.name]);

function followDrop(zone) {
  const over = (is) => (event) => { event.preventDefault(); zone.classList.toggle("over", is); };
  addEventListener("dragover", over(true)); // wherever on the page: a file dropped beside the field must not replace the page
  addEventListener("dragleave", over(false));
  addEventListener("drop", async (event) => {
    over(false)(event);
    if (event.dataTransfer) bring(await filesIn(event.dataTransfer));
  });
  for (const input of all("#files, #folder")) {
    input.addEventListener("cancel", () => bring([])); // a browser says the same of an empty folder
    input.addEventListener("change", async () => { await bring(chosen(input)); input.value = ""; });
  }
}

/** What the person sees is what is taken in. */
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-send='interviews/take-in']");
  if (!form) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = $("#take-in");
  if (button.disabled) return;
  button.disabled = true;
  const body = { saw: JSON.parse(button.dataset.saw), pseudonymised: $("[name=pseudonymised]", form).checked };
  decide(form.dataset.send, body).then(async (answer) => {
    button.disabled = false;
    await refresh();
    if (answer) tell(answer.message);
  });
}, true);

/** A new version of an interview: one file, and then the page that shows what follows. */
document.addEventListener("change", (event) => {
  const input = event.target.closest("input[type=file][data-version]");
  if (!input?.files.length) return;
  bring(chosen(input).slice(0, 1), (sign) => { if (sign) location.href = `${input.dataset.version}?file=${sign}`; }, Number(input.dataset.of));
});

/** What is gone for good: the page tells, and nothing of the old one stays in sight. */
document.addEventListener("sent", (event) => {
  const { html } = event.detail;
  if (html === undefined) return;
  event.preventDefault();
  $("#main").innerHTML = html;
  $("#main").focus();
  if (!event.detail.ended) return;
  document.body.dataset.ended = "yes"; // the project answers no longer, as it should be
  all(".menu, .quiet, .who").forEach((one) => one.remove());
});

if ($("#drop")) followDrop($("#drop"));
