// Memos. What is typed stays until the server has stored it: through a closed dialog, a server that does not answer, and a memo
// that was changed in another window meanwhile, which is shown beside.

import { $, complain, settled, standing, texts } from "./page.js";
import { decide, shownText } from "./server.js";

const drafts = new Map(); // what a memo is about → its draft, where something is typed that is not stored
let open = null; // the draft in the dialog: what it is about, its text, the text that it `was`, the `other` one, what is `wrong`,
// and the `mark` of the interview's text in which the place is

const noticeOf = (draft) => `memo ${draft.about}`;

export function openMemo(about, text, quote) {
  open = drafts.get(about) || { about, quote: quote || "", text: text || "", was: text || "", mark: shownText(), other: "", wrong: "" };
  $("#memo-quote").textContent = open.quote;
  $("#memo-text").value = open.text;
  show();
  $("#memo").showModal();
  $("#memo-text").focus();
}

export const openDraft = (about) => openMemo(about.replace(/^memo /, ""));

export function dropDraft(about) {
  const draft = drafts.get(about.replace(/^memo /, ""));
  if (!draft) return;
  drafts.delete(draft.about);
  say();
  settled(noticeOf(draft));
}

const say = () => standing("memos", drafts.size ? "unstored" : "");

function show() {
  $("#memo-wrong").textContent = open.wrong;
  $("#memo-other").hidden = !open.other;
  $("#memo-other-text").textContent = open.other;
}

function typed() {
  open.text = $("#memo-text").value;
  if (open.text === open.was && !open.wrong) drafts.delete(open.about);
  else drafts.set(open.about, open);
  say();
}

export async function storeMemo() {
  const draft = open;
  const { about, was } = draft;
  const text = $("#memo-text").value;
  Object.assign(draft, { text, wrong: texts.storing });
  drafts.set(about, draft);
  say();
  const shown = setTimeout(() => { if (open === draft) show(); }, 500);
  const stored = await decide("memo", { about, text, was, text_mark: draft.mark }, (answer) => {
    draft.wrong = answer.error;
    if (answer.other !== undefined) [draft.other, draft.was] = [answer.other, answer.other];
  });
  clearTimeout(shown);
  if (stored) confirmed(draft, text);
  if (open === draft) show();
}

function confirmed(draft, text) {
  Object.assign(draft, { was: text, other: "", wrong: "" });
  if (draft.about.startsWith("transcript/")) $("[data-do=interview-memo]").dataset.memo = text;
  if (draft.text !== text) return; // more was typed while this was on its way
  dropDraft(draft.about);
  if (open === draft) $("#memo").close();
}

export function followMemos() {
  $("#memo-text").addEventListener("input", typed);
  $("#memo-text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) storeMemo();
  });
  $("#memo").addEventListener("close", () => {
    const draft = open;
    open = null;
    if (!drafts.has(draft.about)) return;
    const buttons = [["open-draft", texts.open], ["drop-draft", texts.drop]];
    complain(`${texts.draft} «${draft.text.slice(0, 60)}»`, noticeOf(draft), buttons);
  });
  addEventListener("beforeunload", (event) => { if (drafts.size) event.preventDefault(); });
}
