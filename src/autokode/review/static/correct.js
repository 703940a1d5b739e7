// Corrections of the transcript: an utterance's words, its speaker, where it begins and ends. What is typed stays until the server
// has stored it: through a closed dialog, a text that somebody else corrected, and what has to be looked at first.

import { goTo } from "./focus.js";
import { refresh } from "./news.js";
import { $, all, complain, settled, standing, tell, texts } from "./page.js";
import { decide, shownText } from "./server.js";

const drafts = new Map(); // utterance's key → its draft, where something is typed that is not stored
let open = null; // the draft in the dialog: the utterance, its words and speaker as they `were` and as they are typed, the text's mark
let waits = null; // the correction that was looked at and not stored yet, since something cannot follow

const dialog = () => $("#correct");
const noticeOf = ({ key }) => `correction ${key}`;
const wrong = (text) => { $("#correct-wrong").textContent = text; };
const isChanged = ({ words, speaker, were }) => words !== were.words || speaker !== were.speaker;

export function openCorrection(turn) {
  if (!dialog()) return;
  if (!turn) {
    tell(dialog().dataset.nothing);
    return;
  }
  const { transcript, number } = turn.dataset;
  const key = `${transcript}/${number}/${shownText()}`;
  const were = {
    words: all(".text span[data-place]", turn).map((piece) => piece.textContent).join(""),
    speaker: $(".speaker b", turn).textContent,
  };
  show(drafts.get(key) || { key, number, path: `correct/${transcript}/${number}`, mark: shownText(), were, ...were });
}

export function openCorrectionAgain(about) {
  const draft = drafts.get(about.replace(/^correction /, ""));
  if (draft) show(draft);
}

export function dropCorrection(about) {
  const draft = drafts.get(about.replace(/^correction /, ""));
  if (draft) drop(draft);
}

function drop(draft) {
  drafts.delete(draft.key);
  say();
  settled(noticeOf(draft));
}

const say = () => standing("corrections", drafts.size ? "unstored" : "");

function show(draft) {
  open = draft;
  $("#correct-words").value = draft.words;
  $("#correct-speaker").value = draft.speaker;
  $("#correct-second").value = draft.were.speaker;
  $("#correct-everywhere").checked = false;
  const speakers = [...new Set(all(".speaker b").map((name) => name.textContent).filter(Boolean))];
  $("#correct-speakers").replaceChildren(...speakers.map((name) => Object.assign(document.createElement("option"), { value: name })));
  $("details", dialog()).open = false;
  wrong("");
  follows(null);
  dialog().showModal();
  $("#correct-words").focus();
}

/** Show what cannot follow a correction, to be decided; nothing if there is none. */
function follows(answer, body = null) {
  waits = answer && { ...body, follows: answer.follows };
  $("#correct-left").hidden = !answer;
  $("#correct-list").replaceChildren(...(answer?.left || []).map((text) => {
    const entry = document.createElement("li");
    entry.textContent = text;
    return entry;
  }));
  if (answer) $("#correct-anyway").focus();
}

function typed() {
  Object.assign(open, { words: $("#correct-words").value, speaker: $("#correct-speaker").value });
  if (isChanged(open)) drafts.set(open.key, open);
  else drafts.delete(open.key);
  follows(null);
  say();
}

export const corrections = {
  store: () => send({ do: "turn", words: $("#correct-words").value, speaker: $("#correct-speaker").value, everywhere: $("#correct-everywhere").checked }),
  split: () => alone() && send({ do: "split", before: $("#correct-words").value.slice(0, $("#correct-words").selectionStart), speaker: $("#correct-second").value }),
  join: () => alone() && send({ do: "join" }),
  anyway: () => waits && send(waits),
};

/** Whether nothing is typed that would be lost by splitting or joining. */
function alone() {
  if (isChanged(open)) wrong(dialog().dataset.first);
  return !isChanged(open);
}

async function send(body) {
  const draft = open;
  if (!draft || dialog().getAttribute("aria-busy") === "true") return;
  dialog().setAttribute("aria-busy", "true");
  const answer = await decide(draft.path, { ...body, text_mark: draft.mark }, ({ error }) => { if (open === draft) wrong(error); });
  dialog().removeAttribute("aria-busy");
  if (!answer) return;
  if (answer.left) {
    if (open === draft) follows(answer, body);
    return;
  }
  drop(draft);
  if (open === draft) dialog().close();
  await refresh();
  goTo($(`#t${draft.number}`));
}

export function followCorrections() {
  if (!dialog()) return;
  for (const field of ["#correct-words", "#correct-speaker"]) $(field).addEventListener("input", typed);
  $("#correct-everywhere").addEventListener("change", () => follows(null));
  $("#correct-words").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) corrections.store();
  });
  dialog().addEventListener("close", () => {
    const draft = open;
    open = null;
    if (!drafts.has(draft.key)) return;
    const buttons = [["open-correction", texts.open], ["drop-correction", texts.drop]];
    complain(`${dialog().dataset.draft} «${draft.words.slice(0, 60)}»`, noticeOf(draft), buttons);
  });
  addEventListener("beforeunload", (event) => { if (drafts.size) event.preventDefault(); });
}
