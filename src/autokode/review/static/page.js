// The page itself: how to find elements, what the server wrote about the page, and the two lines of text for the person.

export const $ = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const written = document.body.dataset;
export const root = written.root; // the address of the overview, with its token
export const interview = Number(written.interview) || null; // null on pages that show no interview
export const wanted = JSON.parse(written.wanted || "{}"); // the filter that the page was opened with
export const texts = $("#texts").dataset;

export function tell(text) { $("#said").textContent = text; }
export function complain(text) { $("#wrong").textContent = text; }
