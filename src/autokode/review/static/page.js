// The page itself: how to find elements, what the server wrote about the page, and what it tells the person.

export const $ = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const written = document.body.dataset;
export const root = written.root; // the address of the overview, with its token
export const interview = Number(written.interview) || null; // null on pages that show no interview
export const wanted = JSON.parse(written.wanted || "{}"); // the filter that the page was opened with
export const texts = $("#texts").dataset;

const working = new Map(); // what is on its way, or could not be stored → "busy" or "unstored"

/** Say beside «Undo» whether all is stored: how it stands with one thing, "busy", "unstored", or "" when that is well. */
export function standing(about, how) {
  if (how) working.set(about, how);
  else working.delete(about);
  const worst = [...working.values()].includes("unstored") ? "unstored" : working.size ? "busy" : "stored";
  const shown = $("#stored");
  if (!shown || shown.dataset.how === worst) return;
  shown.dataset.how = worst;
  shown.textContent = texts[worst];
}

export function tell(text) { $("#said").textContent = text; }

export const noticeAbout = (about) => all("#wrong > p").find((notice) => notice.dataset.about === about);

/** Say that something is wrong. It stays on the page until that is well again (`settled`), or the person puts it away. */
export function complain(text, about, buttons = [["put-away", texts.close]]) {
  const notice = noticeAbout(about) || $("#wrong").appendChild(document.createElement("p"));
  if (notice.firstChild?.data === `${text} `) return; // a screen reader need not say it again
  notice.dataset.about = about;
  notice.replaceChildren(`${text} `, ...buttons.map(([action, name]) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: name });
    button.dataset.do = action;
    return button;
  }));
}

export function settled(about) { noticeAbout(about)?.remove(); }
