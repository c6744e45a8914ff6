"use strict";

// The page is whole without this: here times are told in the reader's zone and kept fresh, and keys are heeded.
document.documentElement.classList.add("scripted");

const UNITS = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];

function length(seconds) {
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? UNITS[UNITS.length - 1];
  return `${Math.floor(seconds / size)} ${unit}`;
}

function refreshTimes() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    time.title = at.toLocaleString(undefined, { dateStyle: "full", timeStyle: "long" });
    if (time.dataset.exact !== undefined) {
      time.textContent = at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
      continue;
    }
    const seconds = (Date.now() - at) / 1000;
    if (seconds < -1) time.textContent = `in ${length(-seconds)}`;
    else if (seconds < 0 || time.dataset.ahead !== undefined) time.textContent = "now";
    else time.textContent = `${length(seconds)} ago`;
  }
}
refreshTimes();
setInterval(refreshTimes, 10000);

// What stands here ages: it is fetched anew every few seconds, while somebody looks and nobody is at work on it.
const isChanged = (field) => field.value !== field.defaultValue;
const isInUse = (main) => document.hidden || main.querySelector(":focus, details[open]") !== null
  || [...main.querySelectorAll("input, textarea")].some(isChanged) || !getSelection().isCollapsed;

async function renew(main) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.redirected) location.reload();
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (isInUse(main)) return;
  const fresh = page.getElementById("main");
  const wasAt = document.activeElement === main;
  document.title = page.title;
  main.replaceWith(fresh);
  if (wasAt) fresh.focus({ preventScroll: true });
  refreshTimes();
}

// A slow site may keep an answer for longer than the next one is due.
let isRenewing = false;

async function renewOnce() {
  const main = document.getElementById("main");
  if (isRenewing || !main.dataset.fresh || isInUse(main)) return;
  isRenewing = true;
  await renew(main).catch(() => null);
  isRenewing = false;
}
const seconds = Number(document.getElementById("main").dataset.fresh);
if (seconds) setInterval(renewOnce, seconds * 1000);
document.addEventListener("visibilitychange", renewOnce);

// A double click means one press; after a while it may be pressed anew, since the first try may have been stopped.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 10000);
});
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

const PLACES = { o: "/", s: "/shares", i: "/sites", a: "/accounts", c: "/chart", p: "/preview" };
let awaitsPlace = false;
let row = -1;

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

function step(by) {
  const rows = [...document.querySelectorAll("table.rows tbody tr")];
  if (rows.length === 0) return;
  rows[row]?.classList.remove("at");
  row = Math.min(Math.max(row + by, 0), rows.length - 1);
  rows[row].classList.add("at");
  rows[row].querySelector("a")?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const keys = document.getElementById("keys");
  if (awaitsPlace) {
    awaitsPlace = false;
    if (PLACES[event.key]) location.assign(PLACES[event.key]);
    return;
  }
  if (event.key === "g") awaitsPlace = true;
  else if (event.key === "?") keys?.showModal();
  else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "/") {
    const search = document.querySelector("input[type=search]");
    if (search === null) location.assign("/shares#search");
    else search.focus();
    event.preventDefault();
  }
});
if (location.hash === "#search") document.querySelector("input[type=search]")?.focus();
