// The page's keys, buttons and fetches. Texts, places and what is right are the server's; nothing here counts characters.

const $ = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const root = document.body.dataset.root;
const interview = Number(document.body.dataset.interview) || null;
const wanted = JSON.parse(document.body.dataset.wanted || "{}");
const texts = $("#texts").dataset;
const state = { round: Number(document.body.dataset.round), decision: Number(document.body.dataset.decision) };
let here = null; // the utterance, or the item in it, that keys are about
let fresh = true; // whether what stands here is the newest round
let selected = null; // the last stretch of text a person selected
let line = Promise.resolve(); // decisions go to the server one after the other

// ---- asking the server

async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ transcript: interview ?? undefined, wanted, ...body }),
  };
  let answer;
  try {
    answer = await fetch(root + path, options);
  } catch {
    wrong(texts.gone);
    return null;
  }
  const said = await answer.json().catch(() => ({ error: answer.statusText }));
  wrong(answer.ok ? "" : said.error);
  return answer.ok ? said : null;
}

function decide(path, body) {
  const done = line.then(async () => {
    const keep = placeOf(here);
    const answer = await ask(path, body);
    if (answer) take(answer, keep);
    all(".busy").forEach((item) => item.classList.remove("busy"));
    return answer;
  });
  line = done.catch(() => null);
  return done;
}

function take(answer, keep) {
  swap(answer.turns);
  if (answer.state.decision <= state.decision + 1) state.decision = answer.state.decision;
  tell(answer.message || "");
  if (keep && answer.turns[keep.number] !== undefined) restore(keep);
}

function swap(turns) {
  for (const [number, html] of Object.entries(turns || {})) {
    const old = $(`#t${number}`);
    if (!old) continue;
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = holder.content.firstElementChild;
    fresh.classList.toggle("here", old.classList.contains("here"));
    old.replaceWith(fresh);
  }
}

function tell(text) { $("#said").textContent = text; }
function wrong(text) { $("#wrong").textContent = text; }

// ---- where one is

const turnOf = (element) => element?.closest?.(".turn");
const itemOf = (element) => element?.closest?.(".item");
const items = () => all(".item").filter((item) => item.offsetParent);

function placeOf(element) {
  const turn = turnOf(element);
  if (!turn) return null;
  const item = itemOf(element);
  return {
    number: Number(turn.dataset.number),
    coding: item?.dataset.coding,
    card: item?.dataset.suggestion ? all(".card", turn).indexOf(item) : -1,
    code: item?.dataset.code,
  };
}

function restore(place) {
  const turn = $(`#t${place.number}`);
  if (!turn) return;
  const focus = document.activeElement !== $("#dial"); // who turns it goes on turning it
  const cards = all(".card", turn);
  const same = place.coding && $(`[data-coding="${place.coding}"]`, turn);
  const alike = place.card >= 0 && cards.find((card) => card.dataset.code === place.code);
  const card = alike || (place.card >= 0 ? cards[Math.min(place.card, cards.length - 1)] : null);
  const found = same || card || (focus && place.card >= 0 && $(".finish", turn)) || turn;
  if (focus) go(found, false);
  else {
    here = found;
    show();
  }
}

function go(element, scroll = true) {
  if (!element) return;
  element.focus({ preventScroll: true });
  if (!scroll) return;
  const turn = turnOf(element) || element;
  const box = turn.getBoundingClientRect();
  const top = $(".top").getBoundingClientRect().bottom;
  const high = box.height > innerHeight - top;
  if (box.top < top || box.bottom > innerHeight) turn.scrollIntoView({ block: high ? "start" : "center" });
  if (high && element !== turn) element.scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusin", (event) => {
  const turn = turnOf(event.target);
  if (!turn) return;
  here = itemOf(event.target) || turn;
  if (!pressing) show();
});

// While a mouse button is down nothing may move: a click would miss its button, a selection its first word.
let pressing = false;
document.addEventListener("mousedown", () => { pressing = true; }, true);
for (const [target, end] of [[document, "mouseup"], [document, "dragend"], [window, "blur"]]) {
  target.addEventListener(end, () => setTimeout(() => {
    pressing = false;
    show();
  }), true);
}

function show() {
  const turn = turnOf(here);
  if (!turn?.isConnected || here.classList.contains("here") && all(".item.here").every((item) => item === here)) return;
  all(".here").forEach((element) => element.classList.remove("here"));
  turn.classList.add("here");
  here.classList.add("here");
  light(turn, itemOf(here));
}

function light(turn, item) {
  const id = item?.dataset.suggestion;
  const coding = item?.dataset.coding;
  for (const piece of all(".text span", turn)) {
    const parts = (piece.dataset.e || "").trim().split(" ").filter(Boolean).map((part) => part.split(":"));
    const own = id ? parts.filter(([card]) => card === id) : parts;
    const strength = Math.max(0, ...own.map(([, step]) => Number(step)));
    piece.classList.remove("e", "e1", "e2", "e3", "e4");
    if (strength) piece.classList.add("e", `e${strength}`);
    piece.classList.toggle("lit", Boolean(coding) && (piece.dataset.m || "").split(" ").includes(coding));
  }
}

function step(list, way) {
  const active = document.activeElement;
  const from = turnOf(active) && !itemOf(active) ? active : here?.isConnected ? here : null;
  if (!list.length) return null;
  if (!from) return way > 0 ? list[0] : list.at(-1);
  const at = list.indexOf(from);
  if (at >= 0) return list[at + way] || from;
  const follows = (element) => from.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
  return way > 0 ? list.find(follows) || from : list.filter((element) => !follows(element) && element !== from && !from.contains(element)).at(-1) || from;
}

async function stepTurn(way) {
  const turns = all(".turn.answer");
  const at = turns.indexOf(turnOf(here));
  const next = at < 0 ? turns[0] : turns[Math.min(Math.max(at + way, 0), turns.length - 1)];
  const number = next?.dataset.number;
  if (!fresh) await refresh();
  go($(`#t${number}`));
}

// ---- what was selected: the pieces of text know their places, the browser says how far into a piece

function noteSelection() {
  const selection = getSelection();
  if (!selection.rangeCount) return;
  const range = selection.getRangeAt(0);
  const inText = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(".text");
  if (!inText(range.startContainer) && !inText(range.endContainer)) return; // a button was pressed: what was selected stands
  const pieces = range.collapsed ? [] : all(".text span[data-o]").filter((piece) => range.intersectsNode(piece));
  if (!pieces.length) {
    selected = null;
    return;
  }
  const inside = (piece, node) => piece.contains(node) && node.nodeType === 3;
  const [first, last] = [pieces[0], pieces.at(-1)];
  const from = inside(first, range.startContainer) ? range.startOffset : 0;
  const to = inside(last, range.endContainer) ? range.endOffset : last.textContent.length;
  selected = {
    from: [Number(first.dataset.o), from],
    to: [Number(last.dataset.o), to],
    quote: range.toString(),
    turn: turnOf(first).id,
  };
}

document.addEventListener("selectionchange", noteSelection);

function selection() {
  noteSelection();
  return selected && { ...selected, turn: $(`#${selected.turn}`) };
}

// ---- what can be done; each name is a button's data-do

const deeds = {
  accept: (item) => judge(item, "accept"),
  reject: (item) => judge(item, "reject"),
  same: (item) => item?.dataset.suggestion && alike(item),
  wider: (item) => reach(item, "wider"),
  narrower: (item) => reach(item, "narrower"),
  good: (item) => item?.dataset.coding && decide(`coding/${item.dataset.coding}`, { said: "good" }),
  change: (item) => item && choose(item.dataset.code, (code) => {
    const id = item.dataset.coding;
    if (id) return decide(`coding/${id}`, { said: "recode", code });
    return decide(`suggestion/${item.dataset.suggestion}`, { said: "change", code, ...spanOf(item) });
  }),
  memo: (item, turn) => item?.dataset.coding ? memo(`coding/${item.dataset.coding}`, item.dataset.memo, item.dataset.code) : deeds["turn-memo"](item, turn),
  "turn-memo": (item, turn) => turn && memo(`turn/${turn.dataset.transcript}/${turn.dataset.number}`, $("[data-do=turn-memo]", turn)?.dataset.memo || "", turn.getAttribute("aria-label")),
  "interview-memo": (item, turn, button) => memo(button.dataset.about, button.dataset.memo, $("h1").textContent),
  add: (item, turn) => add(turn),
  give: (item, turn, button) => give(button.dataset.code, turn),
  done: (item, turn) => finish(turn),
  open: (item, turn) => decide(`done/${turn.dataset.transcript}/${turn.dataset.number}`, { done: false }),
  "accept-after-all": (item, turn, button) => decide(`suggestion/${button.dataset.suggestion}`, { said: "accept" }),
  undo: () => back("undo"),
  redo: () => back("redo"),
  learn: () => decide("learn", {}),
  help: () => $("#help").showModal(),
  close: (item, turn, button) => button.closest("dialog").close(),
  settle: (item, turn, button) => settle(button.closest(".difference")),
  refresh: () => refresh(),
};

function judge(item, said) {
  if (!item || item.classList.contains("busy")) return null;
  if (item.dataset.coding) return said === "reject" ? decide(`coding/${item.dataset.coding}`, { said: "remove" }) : null;
  item.classList.add("busy");
  return decide(`suggestion/${item.dataset.suggestion}`, { said, ...(said === "accept" ? spanOf(item) : {}) });
}

const spanOf = (item) => ({ start: Number(item.dataset.start), end: Number(item.dataset.end) });

async function reach(item, way) {
  if (!item) return;
  const turn = turnOf(item);
  const { start, end } = spanOf(item);
  const anchor = item.dataset.anchor ? `&anchor=${item.dataset.anchor}` : "";
  const path = `span/${turn.dataset.transcript}/${turn.dataset.number}?start=${start}&end=${end}&step=${way}${anchor}`;
  const found = await ask(path);
  if (!found || (found.start === start && found.end === end)) return;
  if (item.dataset.coding) {
    await decide(`coding/${item.dataset.coding}`, { said: "span", start: found.start, end: found.end });
    return;
  }
  Object.assign(item.dataset, { start: found.start, end: found.end });
  const shown = $(".span", item);
  shown.hidden = false;
  shown.textContent = `${texts.span} «${found.quote}»`;
}

function add(turn) {
  const picked = selection();
  if (!picked && !turn) return;
  choose("", (code) => give(code, turn, picked), picked ? `${texts.selected}: «${picked.quote}»` : texts.turn);
}

function give(code, turn, picked = selection()) {
  const where = picked?.turn || turn || turnOf(here);
  if (!where) return null;
  const body = picked ? { code, from: picked.from, to: picked.to } : { code, ...spanOf(where) };
  selected = null;
  getSelection().removeAllRanges();
  here = where;
  return decide(`code/${where.dataset.transcript}`, body);
}

async function finish(turn) {
  if (!turn || turn.classList.contains("asks")) return;
  const { transcript, number } = turn.dataset;
  const seen = all(".card", turn).map((card) => Number(card.dataset.suggestion)); // what is left undecided, and was seen
  if (!turn.classList.contains("done") && !(await decide(`done/${transcript}/${number}`, { done: true, seen }))) return;
  await follow(`next?json=1&transcript=${transcript}&number=${number}`);
}

async function follow(path) {
  const next = await ask(path + Object.entries(wanted).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join(""));
  if (!next) return;
  if (next.number === null) return tell(texts.all);
  if (next.transcript !== interview || !$(`#t${next.number}`)) {
    location.href = next.address;
    return;
  }
  if (fresh) swap((await ask(`turn/${next.transcript}/${next.number}`))?.turns);
  else await refresh();
  const turn = $(`#t${next.number}`);
  go($(".card", turn) || turn);
}

async function back(way) {
  const answer = await decide(way, {});
  const place = answer?.place;
  if (!place?.transcript || !interview) return;
  const number = place.numbers[0];
  if (place.transcript !== interview) location.href = `${root}interview/${place.transcript}?turn=${number ?? 0}`;
  else if (number !== undefined && turnOf(here)?.dataset.number !== String(number)) go($(`#t${number}`));
}

async function settle(article) {
  const given = Object.fromEntries(all("[data-settle]", article).map((box) => [box.dataset.settle, box.checked]));
  const { other, transcript, number } = article.dataset;
  if (await decide(`resolve/${other}/${transcript}/${number}`, { given })) {
    article.classList.add("settled");
    $(".state", article).textContent = $("legend", article).textContent ? "✓" : "";
  }
}

// ---- dialogs

let picked = null; // what to do with the code that is chosen

function choose(current, then, quote = current) {
  picked = then;
  $("#choose-quote").textContent = quote;
  $("#choose-text").value = "";
  narrow();
  $("#choose").showModal();
  $("#choose-text").focus();
}

const plain = (text) => text.normalize("NFC").toLowerCase().replaceAll("_", " ");

function narrow() {
  const typed = plain($("#choose-text").value.trim());
  const fits = (option) => {
    const name = plain(option.dataset.code);
    if (option.dataset.number === typed || name.startsWith(typed)) return 2;
    return typed.split(" ").every((part) => name.includes(part)) ? 1 : 0;
  };
  const options = all("#choose-list li");
  options.forEach((option) => { option.hidden = !fits(option); });
  const open = options.filter((option) => !option.hidden);
  point(open.find((option) => fits(option) === 2) || open[0]);
}

function point(option) {
  all("#choose-list li").forEach((one) => one.setAttribute("aria-selected", String(one === option)));
  $("#choose-text").setAttribute("aria-activedescendant", option?.id || "");
  option?.scrollIntoView({ block: "nearest" });
}

function pick(option) {
  if (!option) return;
  $("#choose").close();
  picked?.(option.dataset.code);
}

$("#choose-text").addEventListener("input", narrow);
$("#choose-text").addEventListener("keydown", (event) => {
  const open = all("#choose-list li").filter((option) => !option.hidden);
  const at = open.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") point(open[Math.min(at + 1, open.length - 1)]);
  else if (event.key === "ArrowUp") point(open[Math.max(at - 1, 0)]);
  else if (event.key === "Enter") pick(open[at]);
  else return;
  event.preventDefault();
});
$("#choose-list").addEventListener("click", (event) => pick(event.target.closest("li")));

let noted = ""; // what the memo is about

function memo(about, text, quote) {
  noted = about;
  $("#memo-quote").textContent = quote || "";
  $("#memo-text").value = text || "";
  $("#memo").showModal();
  $("#memo-text").focus();
}

async function keepMemo() {
  const text = $("#memo-text").value;
  $("#memo").close();
  if ((await decide("memo", { about: noted, text })) && noted.startsWith("transcript/")) $("[data-do=interview-memo]").dataset.memo = text;
}

deeds["keep-memo"] = keepMemo;
$("#memo-text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) keepMemo();
});

let twins = [];

async function alike(item) {
  const answer = await ask(`same/${item.dataset.suggestion}`);
  if (!answer) return;
  twins = [Number(item.dataset.suggestion), ...answer.found.map((one) => one.id)];
  $("#same-code").textContent = item.dataset.code;
  $("#same-list").replaceChildren(...answer.found.map((one) => {
    const entry = document.createElement("li");
    entry.textContent = `${one.speaker}, ${one.transcript}: ${one.quote}`;
    return entry;
  }));
  $("#same-none").hidden = answer.found.length > 0;
  $("#same").showModal();
}

function settleTwins(said) {
  $("#same").close();
  return decide("same", { suggestions: twins, said });
}

deeds["same-accept"] = () => settleTwins("accept");
deeds["same-reject"] = () => settleTwins("reject");

all("dialog").forEach((dialog) => dialog.addEventListener("close", () => { if (here?.isConnected) here.focus({ preventScroll: true }); }));

// ---- news: what other windows decided, and what the model learnt; nothing that is looked at moves

async function refresh() {
  if (!$("[data-fresh]")) return location.reload();
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return wrong(texts.gone);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const keep = placeOf(here);
  const eye = lookedAt();
  const top = eye?.getBoundingClientRect().top;
  for (const old of all("[data-fresh]")) if (!old.contains(document.activeElement) || !$("#dial", old)) old.replaceWith(page.getElementById(old.id));
  state.round = Number(page.body.dataset.round);
  state.decision = Number(page.body.dataset.decision);
  fresh = true;
  $("#news").textContent = "";
  if (keep) restore(keep);
  const now = eye && $(`#${eye.id}`);
  if (now) scrollBy(0, now.getBoundingClientRect().top - top);
  return null;
}

function lookedAt() {
  const top = $(".top").getBoundingClientRect().bottom;
  const seen = ({ top: first, bottom }) => bottom > top && first < innerHeight;
  const turn = turnOf(here);
  if (turn && seen(turn.getBoundingClientRect())) return turn;
  return all(".turn").find((one) => seen(one.getBoundingClientRect()));
}

async function hear() {
  if (document.hidden || $("dialog[open]")) return;
  const news = await ask(`news?round=${state.round}&decision=${state.decision}`);
  if (!news) {
    dialling = false;
    return;
  }
  if (news.failed) wrong(news.failed);
  const place = $("#news");
  if (!place) return;
  if (dialling && news.state.round > state.round) {
    await refresh();
    tell(news.said);
  } else if (news.state.round > state.round && fresh) {
    fresh = false;
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.do = "refresh";
    button.textContent = `${texts.show} (r)`;
    place.replaceChildren(`${news.said} `, button);
  } else if (fresh) place.textContent = news.learning ? texts.learning : "";
  const numbers = news.touched[interview] || [];
  for (const number of numbers) {
    const keep = placeOf(here);
    swap((await ask(`turn/${interview}/${number}`))?.turns);
    if (keep?.number === number) restore(keep);
  }
  state.decision = Math.max(state.decision, news.state.decision);
  dialling &&= news.turning;
}

setInterval(() => { line = line.then(hear).catch(() => null); }, 1500);

// ---- the dial: what is suggested follows it at once, and the page without losing its place

let dialling = false; // whether suggestions are awaited since the dial was moved

const stepAt = (dial) => $(`#dial-steps option[value="${dial.value}"]`).dataset;

function say(dial) {
  const { name, meaning } = stepAt(dial);
  dial.setAttribute("aria-valuetext", `${name}: ${meaning}`);
  $("#dial-means b").textContent = name;
  $("#dial-means span").textContent = meaning;
}

async function turnDial(dial) {
  const at = dial.value;
  if (await decide("setting", { precision: stepAt(dial).value })) {
    dial.dataset.stood = at;
    dialling = true;
    while (dialling) {
      line = line.then(hear).catch(() => null);
      await line;
      await new Promise((soon) => { setTimeout(soon, 150); });
    }
  } else {
    dial.value = dial.dataset.stood;
    say(dial);
  }
}

document.addEventListener("input", (event) => { if (event.target.id === "dial") say(event.target); });
document.addEventListener("change", (event) => { if (event.target.id === "dial") turnDial(event.target); });

// ---- keys and buttons

const keys = {
  j: () => go(step(items(), 1)), ArrowDown: () => go(step(items(), 1)),
  k: () => go(step(items(), -1)), ArrowUp: () => go(step(items(), -1)),
  n: () => stepTurn(1), p: () => stepTurn(-1),
  a: "accept", x: "reject", Delete: "reject", c: "change", l: "add", w: "wider", v: "narrower", s: "same", q: "good", m: "memo",
  e: (item) => reach(item, "end_later"), E: (item) => reach(item, "end_earlier"),
  i: (item) => reach(item, "begin_earlier"), I: (item) => reach(item, "begin_later"),
  Enter: "done", z: "undo", y: "redo", r: "refresh", "?": "help",
  "/": () => { const find = $("#find"); if (find) { find.closest("details").open = true; find.focus(); } },
};

const single = () => localStorage.getItem("autokode-keys") !== "off";

document.addEventListener("keydown", (event) => {
  const tag = event.target.tagName;
  const dialled = event.target === $("#dial") && event.key.length === 1; // the arrows are the dial's, letters the page's
  if (event.key === "Escape" && [$("#find"), $("#dial")].includes(event.target)) return go(turnOf(here) || $("#main"));
  if ($("dialog[open]") || (["INPUT", "TEXTAREA", "SELECT"].includes(tag) && !dialled)) return null;
  const control = event.ctrlKey || event.metaKey;
  const key = control && event.key.toLowerCase() === "z" ? (event.shiftKey ? "y" : "z") : control && event.key.toLowerCase() === "y" ? "y" : event.key;
  if ((control && !["z", "y"].includes(key)) || event.altKey || (!control && !single() && key.length === 1)) return null;
  if (key === "Enter" && ["BUTTON", "A", "SUMMARY"].includes(tag)) return null;
  const deed = keys[key];
  if (!deed) return null;
  if (key.startsWith("Arrow") && !turnOf(event.target) && !items().length) return null;
  event.preventDefault();
  if (typeof deed === "string") return deeds[deed](itemOf(here), turnOf(here), null);
  return deed(itemOf(here), turnOf(here));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  if (button) {
    const turn = turnOf(button) || turnOf(here);
    return deeds[button.dataset.do](itemOf(button) || (turnOf(button) ? null : itemOf(here)), turn, button);
  }
  const set = event.target.closest("button[data-set]");
  if (set) return ask("setting", { [set.dataset.set]: set.dataset.value }).then(() => location.reload());
  const turn = turnOf(event.target);
  if (turn && getSelection().isCollapsed && !event.target.closest("a")) (itemOf(event.target) || turn).focus({ preventScroll: true });
  return null;
});

$("[data-pick]")?.addEventListener("change", (event) => { location.href = event.target.value; });
$("[data-order]")?.addEventListener("change", (event) => ask("setting", { order: event.target.value }));
$("#find")?.addEventListener("input", (event) => {
  const typed = plain(event.target.value.trim());
  all("#codes li").forEach((code) => { code.hidden = !plain(code.textContent).includes(typed); });
});
$("#keys-on").checked = single();
$("#keys-on").addEventListener("change", (event) => localStorage.setItem("autokode-keys", event.target.checked ? "on" : "off"));

const narrowWindow = matchMedia("(max-width: 60rem)");
if (narrowWindow.matches) $(".codebook details")?.removeAttribute("open");

const start = $("[data-at]");
if (start) {
  start.scrollIntoView({ block: "center" });
  go($(".card", start) || start);
}
