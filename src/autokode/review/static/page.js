// The page itself: how to find elements, what the server wrote about the page, and what it tells the person.

export const $ = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const written = document.body.dataset;
export const root = written.root; // the address of the overview, with its token
export const interview = Number(written.interview) || null; // null on pages that show no interview
export const wanted = JSON.parse(written.wanted || "{}"); // the filter that the page was opened with
export const texts = $("#texts").dataset;

export function tell(text) { $("#said").textContent = text; }

const noticeAbout = (about) => all("#wrong > p").find((notice) => notice.dataset.about === about);

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
