// Comfort on top of forms that work without it: posts in place, live news, Enter to send, ticks, copy, print.
"use strict";

const TURNS = "text/vnd.xiaoan.turns+html";
const log = document.getElementById("log");
const box = document.getElementById("text");
const composer = document.getElementById("composer");
const notice = document.getElementById("notice");
const counter = document.getElementById("counter");
let busy = false;
let told = 0; // the newest turn the server has told of
let settling = 0;
const UNREAD = 500; // milliseconds
const still = matchMedia("(prefers-reduced-motion: reduce)");

const newest = () => Number(log?.lastElementChild?.dataset.turn ?? 0);

// smooth is for what is new; where one was is there at once
function show(part, block) {
  part.scrollIntoView({ block, behavior: still.matches ? "instant" : "smooth" });
}

function tell(words) {
  notice.textContent = words;
  notice.hidden = !words;
}

function fit() {
  if (!box || !counter) return;
  box.style.height = "auto"; // a property set by script, which the policy allows
  box.style.height = `${Math.min(box.scrollHeight, window.innerHeight / 3)}px`;
  const most = Number(box.dataset.most);
  const count = [...box.value].length;
  counter.hidden = count < most * 0.6;
  counter.textContent = counter.dataset.words.replace("{count}", count).replace("{most}", most);
  counter.classList.toggle("over", count > most);
  box.setAttribute("aria-invalid", String(count > most));
}

// --- turns

function settle(old) {
  old.classList.remove("newest");
  old.removeAttribute("id");
  old.querySelectorAll(".choices, .typed, .facts").forEach((part) => part.remove());
  old.querySelectorAll("details.card[open]").forEach((card) => card.removeAttribute("open"));
}

// tells whether there are more turns to be fetched
function add(html, focus) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = [...page.querySelectorAll("li.turn")].filter((turn) => Number(turn.dataset.turn) > newest());
  if (!fresh.length) return false;
  document.querySelector(".top-plan").hidden = !page.querySelector("[data-plan]");
  append(fresh, focus);
  return page.querySelector("[data-more]") !== null;
}

// a plan that is no longer the one in force is read, not worked with
function retire(card) {
  card.querySelectorAll(".tools, .share, .progress").forEach((part) => part.remove());
  card.querySelectorAll(".tick").forEach((tick) => { tick.disabled = true; });
}

function append(fresh, focus) {
  const above = !busy && log.lastElementChild?.getBoundingClientRect().top > window.innerHeight;
  if (fresh.some((turn) => turn.querySelector(".card, .question"))) log.querySelectorAll(".card").forEach(retire);
  const aside = fresh.every((turn) => turn.matches(".aside")); // the question before it stays open
  log.querySelectorAll(aside ? ".aside" : ".newest, .aside").forEach(settle);
  // what the focus goes to is read from there; announced as well, it would be heard twice
  log.parentElement.setAttribute("aria-live", focus && !aside ? "off" : "polite");
  fresh.forEach((turn) => log.append(document.adoptNode(turn)));
  hold();
  const last = log.lastElementChild;
  arm(log);
  if (!aside) box.placeholder = last.dataset.placeholder ?? box.dataset.first;
  fit();
  if (above) return; // what another tab said does not tear away from what is being read further up
  if (aside) return show(last, "nearest");
  land(fresh[0], focus);
  if (focus) last.focus({ preventScroll: true });
}

// nobody has read a new turn yet: the second half of a double tap must not answer it
function hold() {
  document.body.classList.add("unread");
  clearTimeout(settling);
  settling = setTimeout(() => document.body.classList.remove("unread"), UNREAD);
}

// after a tap there is often nothing new to read but a question: then all its options should be in view
function land(turn, tapped) {
  const question = turn.querySelector(".question");
  const room = window.innerHeight - document.querySelector(".top").offsetHeight - document.querySelector(".dock").offsetHeight;
  const alone = tapped && question && turn.offsetHeight > room && !turn.querySelector(".lead, .answer");
  show(alone ? question : turn, "start");
}

function wait(on, words) {
  busy = on;
  document.body.classList.toggle("busy", on);
  document.getElementById("waiting")?.remove();
  if (!on) return;
  const line = document.createElement("p");
  line.id = "waiting";
  line.textContent = words;
  log.parentElement.after(line);
  show(line, "nearest");
}

async function post(form, submitter) {
  const data = new URLSearchParams(new FormData(form));
  if (submitter?.name) data.append(submitter.name, submitter.value);
  data.append("after", newest());
  return fetch(form.action, { method: "POST", body: data, headers: { Accept: TURNS }, redirect: "error" });
}

// what a proxy says of its troubles is a page, not a line for people
const ours = (response) => (response.headers.get("content-type") ?? "").startsWith("text/plain");

// said where it is missing: nothing is sent, so a month that was chosen stays
function lacks(form) {
  const fields = [...form.querySelectorAll("[name=text], [name=day], [name=year]")];
  const lacking = form.matches(".typed") && !fields.some((field) => field.value.trim());
  if (lacking) {
    form.querySelector(".problem").hidden = false;
    fields.at(-1).focus(); // the year, where there are several
  }
  return lacking;
}

async function send(form, submitter) {
  if (busy || (form === composer && !box.value.trim()) || lacks(form)) return;
  const sent = box.value;
  let more = false;
  wait(true, composer.dataset.sending);
  tell("");
  try {
    const response = await post(form, submitter);
    const words = await response.text();
    if (response.status === 403) return form.submit(); // a page of its own tells of old pages and blocked cookies
    if (!response.ok) return tell(ours(response) ? words : notice.dataset.offline);
    if (form === composer && box.value === sent) box.value = ""; // what was typed meanwhile stays
    document.getElementById("menu")?.removeAttribute("open");
    mark(submitter);
    more = add(words, form !== composer);
  } catch {
    tell(notice.dataset.offline);
  } finally {
    wait(false);
  }
  if (more || told > newest()) news().catch(() => {});
}

function mark(button) {
  if (!button?.classList.contains("thumb")) return;
  const same = button.form.querySelectorAll(".thumb");
  same.forEach((thumb) => thumb.setAttribute("aria-pressed", String(thumb === button)));
}

async function news() {
  let more = !busy;
  while (more) {
    const response = await fetch(`/turns?after=${newest()}`, { headers: { Accept: TURNS } });
    const words = await response.text();
    more = response.ok && !busy && add(words, false);
  }
}

function listen() {
  if (!log) return;
  const stream = new EventSource(`/events?after=${newest()}`);
  stream.addEventListener("open", () => {
    if (notice.textContent === notice.dataset.offline) tell(notice.dataset.online);
  });
  stream.addEventListener("turns", (event) => {
    if (Number(event.data) < newest()) return location.assign("/"); // forgotten in another tab
    told = Number(event.data);
    if (told > newest()) news().catch(() => {});
  });
  window.addEventListener("pagehide", () => stream.close());
}

// --- the plan

async function tick(form) {
  const button = form.querySelector(".tick");
  const done = form.elements.done.value === "1";
  const response = await post(form).catch(() => null);
  if (!response) return tell(notice.dataset.offline);
  if ([400, 403, 404].includes(response.status)) return form.submit(); // what is wrong is told by a page of its own
  if (!response.ok) return tell(ours(response) ? await response.text() : notice.dataset.offline);
  tell("");
  button.setAttribute("aria-pressed", String(done));
  form.elements.done.value = done ? "0" : "1";
  form.closest("li").classList.toggle("done", done);
  const part = form.closest(".part");
  const all = part.querySelectorAll(".ticks > li");
  const ready = part.querySelectorAll(".ticks > li.done").length;
  part.querySelector("progress").value = ready;
  const words = part.querySelector("[data-progress]");
  words.textContent = words.dataset.progress.replace("{done}", ready).replace("{all}", all.length);
}

async function copy(button) {
  const words = button.textContent;
  const link = button.parentElement.querySelector("a");
  try {
    await navigator.clipboard.writeText(link.href);
  } catch {
    return link.focus(); // to be copied by hand
  }
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = words; }, 1600);
}

// buttons that only work with script are shown by script
function arm(root) {
  const useful = navigator.clipboard ? "[data-copy], [data-print]" : "[data-print]";
  root.querySelectorAll(useful).forEach((button) => { button.hidden = false; });
}

// --- wiring

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-tick]")) {
    event.preventDefault();
    tick(form);
  } else if (log && form.matches("[data-live]")) {
    event.preventDefault();
    send(form, event.submitter);
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-print]");
  if (button?.matches("[data-copy]")) copy(button);
  if (button?.matches("[data-print]")) window.print();
  const menu = document.getElementById("menu");
  if (menu?.open && !menu.contains(event.target)) menu.removeAttribute("open");
});

document.addEventListener("keydown", (event) => {
  const menu = document.getElementById("menu");
  if (event.key === "Escape" && menu?.open) {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  }
});

document.getElementById("menu")?.addEventListener("focusout", (event) => {
  const menu = event.currentTarget;
  if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.removeAttribute("open");
});

box?.addEventListener("keydown", (event) => {
  const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
  if (!sends) return;
  event.preventDefault();
  box.form.requestSubmit();
});

document.documentElement.classList.add("js");
arm(document);
if (box && composer) {
  box.addEventListener("input", fit);
  fit();
  listen();
}
