// Plays the recording of the interview from an utterance, and marks the utterance that is being said.

import { turnOf } from "./focus.js";
import { $, all, complain, interview, settled, tell, texts } from "./page.js";
import { ask, decide } from "./server.js";

export const SKIP_S = 3;
const EDGE_S = 0.05; // a player that is set to a time may stand a little before it

const sound = $("#sound");
const offset = Number($("#player")?.dataset.offset) || 0;
let only = null; // the utterance after which it stops, where a person wants that
let stopping = 0; // the timer that stops it

const timed = () => all(".turn[data-begin]");
const beginOf = (turn) => Number(turn.dataset.begin) + offset;

/** When an utterance ends in the recording: as the text says, else where the next one begins. */
function endOf(turn) {
  if (turn.dataset.endS !== undefined) return Number(turn.dataset.endS) + offset;
  const list = timed();
  const next = list.slice(list.indexOf(turn) + 1).find((one) => beginOf(one) > beginOf(turn));
  return next ? beginOf(next) : Infinity;
}

const clock = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
};

/** Play from an utterance; from the nearest before it where it has no time, which the page says. */
export function hear(turn) {
  if (!hasSound() || !turn) return;
  const from = turn.dataset.begin !== undefined ? turn : timed().findLast(
    (one) => Number(one.dataset.number) < Number(turn.dataset.number));
  if (!from) {
    tell(texts.notimes);
    return;
  }
  const at = Math.max(0, beginOf(from));
  if (sound.duration && at >= sound.duration) {
    tell(texts.beyond);
    return;
  }
  tell(from === turn ? "" : `${texts.untimed} ${Number(from.dataset.number) + 1}`);
  sound.currentTime = at;
  only = $("#one-utterance").checked ? from.dataset.number : null;
  play();
}

export function pause() {
  if (!hasSound()) return;
  only = null;
  if (sound.paused) play();
  else sound.pause();
}

export function skipBy(seconds) {
  if (!hasSound()) return;
  sound.currentTime = Math.min(Math.max(0, sound.currentTime + seconds), sound.duration || Infinity);
}

export function changeSpeed(way) {
  if (!hasSound()) return;
  const { options, selectedIndex } = $("#speed");
  $("#speed").selectedIndex = Math.min(Math.max(0, selectedIndex + way), options.length - 1);
  keepSpeed();
}

function hasSound() {
  if (!sound) tell($("#recording-problem")?.firstChild.data.trim() || texts.silent);
  return Boolean(sound);
}

function play() {
  sound.playbackRate = Number($("#speed").value);
  sound.play().catch(() => {}); // what does not play says so by «error»
}

function keepSpeed() {
  sound.playbackRate = Number($("#speed").value);
  tell(`${$("#speed").selectedOptions[0].textContent}`);
  decide("setting", { speed: $("#speed").value });
}

/** The utterance that is being said: the last that began and has not ended. */
function said() {
  const now = sound.currentTime + EDGE_S;
  return timed().findLast((turn) => beginOf(turn) <= now && now < endOf(turn));
}

function show() {
  $("#heard-at").textContent = `${clock(sound.currentTime)} / ${clock(sound.duration || 0)}`;
  if (document.activeElement !== $("#heard") || !sound.paused) $("#heard").value = sound.currentTime;
  $("#heard").setAttribute("aria-valuetext", clock(sound.currentTime));
  const turn = said();
  for (const other of all(".turn.saying")) if (other !== turn) other.classList.remove("saying");
  if (turn && !turn.classList.contains("saying")) {
    turn.classList.add("saying");
    if (!sound.paused && $("#follow").checked && !$("dialog[open]")) bringIntoView(turn);
  }
  stopAfter();
}

function bringIntoView(turn) {
  const box = turn.getBoundingClientRect();
  const [top, bottom] = [$(".top").getBoundingClientRect().bottom, $("#player").getBoundingClientRect().top];
  if (box.top < top || box.top > bottom - 60) turn.scrollIntoView({ block: "center" });
}

/** Stop when the utterance ends that was asked for; the player tells the time only four times a second. */
function stopAfter() {
  clearTimeout(stopping);
  const turn = only && $(`#t${only}`);
  if (!turn || sound.paused) return;
  const left = (endOf(turn) - sound.currentTime) / sound.playbackRate;
  if (left < 0.5) stopping = setTimeout(() => sound.pause(), Math.max(0, left * 1000));
}

/** The recording is there: how long it is, and whether it has a picture. */
function arrived() {
  settled("recording");
  $("#heard").max = sound.duration;
  sound.hidden = !sound.videoWidth && sound.matches("video");
  show();
}

async function failed() {
  const answer = await ask(`recording/${interview}/state`);
  complain(`${texts.unheard} ${answer?.problem || texts.kind}`, "recording");
}

export function followListening() {
  if (!sound) return;
  const bar = $("#player");
  new ResizeObserver(() => document.documentElement.style.setProperty("--player", `${bar.offsetHeight}px`)).observe(bar);
  for (const event of ["timeupdate", "seeked", "durationchange"]) sound.addEventListener(event, show);
  sound.addEventListener("loadedmetadata", arrived);
  if (sound.readyState) arrived(); // before the scripts ran
  for (const event of ["play", "pause"]) sound.addEventListener(event, () => {
    $("#play").textContent = sound.paused ? "▶" : "❚❚";
    $("#play").setAttribute("aria-pressed", String(!sound.paused));
    show();
  });
  sound.addEventListener("error", failed);
  if (sound.error) failed(); // before the scripts ran
  $("#heard").addEventListener("input", (event) => { sound.currentTime = Number(event.target.value); });
  $("#speed").addEventListener("change", keepSpeed);
  $("#one-utterance").addEventListener("change", ({ target }) => {
    only = target.checked ? turnOf($(".saying"))?.dataset.number ?? null : null;
    decide("setting", { one_utterance: target.checked ? "on" : "off" });
  });
  $("#follow").addEventListener("change", ({ target }) => decide("setting", { follow: target.checked ? "on" : "off" }));
}
