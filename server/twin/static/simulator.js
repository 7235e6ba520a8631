// The page as a whole: who is chosen, what is new, and what the visitor does.
import { avatar, drawChat, tellNow, tellTime } from "./bubbles.js";
import { closeMenus, drawButtons } from "./menu.js";
import { make } from "./words.js";

const $ = (id) => document.getElementById(id);
const base = document.body.dataset.base.replace(/\/$/, "");
const app = document.body.dataset.app;
const world = { revision: 0, now: "", people: [], menu: [], bubbles: new Map() };
const view = { chosen: sessionStorage.getItem("chosen") || "", seen: new Map(), entered: new Set(), first: true, low: true };

// --- talking with the server

async function post(path, body) {
  try {
    const response = await fetch(`${base}/${path}`, {
      method: "POST", headers: { "Content-Type": "application/json", "X-Simulator": "1" }, body: JSON.stringify(body),
    });
    const got = await response.json();
    if (got.fault) toast(got.fault);
    return got;
  } catch {
    toast("连不上演示程序，它还在运行吗？");
    return {};
  }
}

async function watch() {
  for (;;) {
    try {
      const response = await fetch(`${base}/state?since=${world.revision}&wait=${view.first ? 0 : 12}`);
      const got = await response.json();
      take(got);
      if (!got.waited && !view.first) await pause(1500);
      view.first = false;
      document.body.classList.remove("lost");
    } catch {
      document.body.classList.add("lost");
      await pause(2000);
    }
  }
}

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

function take(got) {
  const changed = new Set();
  if (got.revision < world.revision) world.bubbles.clear();
  for (const bubble of got.bubbles) {
    const phone = bubble.phone.toLowerCase();
    if (!world.bubbles.has(phone)) world.bubbles.set(phone, new Map());
    world.bubbles.get(phone).set(bubble.number, bubble);
    changed.add(phone);
  }
  const menuChanged = JSON.stringify(got.menu) !== JSON.stringify(world.menu);
  Object.assign(world, { revision: got.revision, now: got.now, people: got.people.map((person, order) => ({ ...person, order })), menu: got.menu });
  if (view.first) for (const person of world.people) markSeen(person.userid);
  if (!find(view.chosen)) view.chosen = "";
  drawTop(got);
  if (menuChanged) drawMenu();
  if (view.first && view.chosen && matchMedia("(min-width: 761px)").matches) choose(view.chosen);
  else if (view.first && world.people.length && matchMedia("(min-width: 761px)").matches) choose(world.people[0].userid);
  else if (changed.has(view.chosen.toLowerCase())) drawChosen();
  drawPeople();
}

// --- people

const find = (userid) => world.people.find((person) => person.userid.toLowerCase() === (userid || "").toLowerCase());
const bubblesOf = (userid) => [...(world.bubbles.get(userid.toLowerCase())?.values() || [])].sort((a, b) => a.number - b.number);
const newest = (userid) => bubblesOf(userid).at(-1);
const markSeen = (userid) => view.seen.set(userid, newest(userid)?.number ?? -1);
const unread = (userid) => bubblesOf(userid).filter((b) => !b.mine && b.number > (view.seen.get(userid) ?? -1)).length;

function drawPeople() {
  const wanted = $("search").value.trim().toLowerCase();
  const fits = (person) => `${person.name}${person.userid}${person.hint}`.toLowerCase().includes(wanted);
  $("people").replaceChildren(...world.people.filter(fits).map(drawPerson));
}

function drawPerson(person) {
  const last = newest(person.userid);
  const count = person.userid === view.chosen ? 0 : unread(person.userid);
  const preview = last ? (last.recalled ? "撤回了一条消息" : (last.text || "").replace(/<[^>]*>/g, "").split("\n")[0]) : person.hint;
  const name = make("b", "", person.name, person.wechat ? make("em", "wechat", "微信") : "", person.group || person.reachable ? "" : make("em", "out", "不可达"));
  const head = make("span", "head", name, make("small", "", last ? tellTime(last.at, world.now) : ""));
  const foot = make("span", "foot", make("span", "hint", person.hint || ""), make("span", "preview", last ? preview : ""), count ? make("i", "", count > 99 ? "99+" : String(count)) : "");
  const button = make("button", person.userid === view.chosen ? "person chosen" : "person", avatar(person), make("span", "lines", head, foot));
  button.type = "button";
  button.addEventListener("click", () => choose(person.userid));
  return make("li", "", button);
}

function choose(userid) {
  view.chosen = userid;
  sessionStorage.setItem("chosen", userid);
  document.body.classList.add("chatting");
  const person = find(userid);
  $("title").textContent = person.group ? person.name : app;
  $("subtitle").textContent = person.group ? "群聊，机器人只发不收" : `${person.name} 的${person.account ? "微信" : person.wechat ? "微信（企业微信插件）" : "企业微信"}${person.hint ? ` · ${person.hint}` : ""}`;
  $("composer").hidden = person.group;
  view.low = true;
  drawMenu();
  drawChosen();
  drawPeople();
  if (person.group || view.entered.has(userid)) return;
  view.entered.add(userid);
  post("say", { userid, kind: "enter" });
}

// On a phone: back to the list. Nobody's chat is open then, and what comes is unread.
function leave() {
  view.chosen = "";
  document.body.classList.remove("chatting");
  drawPeople();
}

function drawChosen() {
  const person = find(view.chosen);
  if (!person) return;
  const box = $("bubbles");
  const acts = { app, base, press, name: (userid) => find(userid)?.name || userid };
  const bubbles = bubblesOf(view.chosen);
  box.replaceChildren(bubbles.length ? drawChat(person, bubbles, world.now, acts) : make("div", "empty", make("p", "", `还没有消息，试试对${app}说：`), ...["帮助", "打卡", "你好"].map(suggestion)));
  markSeen(view.chosen);
  sink();
}

// Stay at the newest message, also when a picture above it takes its room late.
function sink() {
  if (view.low) $("bubbles").scrollTop = $("bubbles").scrollHeight;
}

function suggestion(text) {
  const chip = make("button", "chip", text);
  chip.type = "button";
  chip.addEventListener("click", () => speak({ kind: "text", text }));
  return chip;
}

// --- pages: a link to this host opens as the chosen person would open it

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

function openAsChosen(event) {
  const anchor = event.target.closest("a[href]");
  if (!anchor || anchor.download) return;
  const url = new URL(anchor.href);
  if (!LOOPBACK.includes(url.hostname) || url.port !== location.port) return;
  event.preventDefault();
  const query = new URLSearchParams({ as: view.chosen, to: url.pathname + url.search });
  window.open(`${url.origin}${base}/open?${query}`, "_blank", "noopener");
}

document.getElementById("bubbles").addEventListener("click", openAsChosen);
for (const anchor of document.querySelectorAll("a[data-as-chosen]")) {
  anchor.addEventListener("click", (event) => {
    if (view.chosen) return openAsChosen(event);
    event.preventDefault();
    toast("先在左侧选一个人，再看他的页面");
  });
}

// --- doing

async function speak(body) {
  if (!view.chosen) return;
  const userid = view.chosen;
  const timer = setTimeout(() => { $("typing").hidden = view.chosen !== userid; }, 350);
  view.low = true;
  sink();
  await post("say", { userid, ...body });
  clearTimeout(timer);
  $("typing").hidden = true;
}

const press = (number, key, selected) => post("click", { userid: view.chosen, number, key, selected });

function sendText() {
  const text = $("text").value;
  if (!text.trim()) return;
  $("text").value = "";
  fit();
  speak({ kind: "text", text });
}

function fit() {
  const box = $("text");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 140)}px`;
}

function drawMenu() {
  const person = find(view.chosen);
  $("menu").hidden = !world.menu.length || !person || person.group;
  $("menu").replaceChildren(...drawButtons(world.menu, tapped));
}

function tapped(button) {
  post("menu", { userid: view.chosen, ...button, sub_button: undefined });
  if (button.type === "view") window.open(button.url, "_blank", "noopener");
}

// --- the top: clock and weather

function drawTop(got) {
  drawNow(got.now);
  $("planned").hidden = !got.faults.length;
  $("planned").textContent = got.faults.length;
  $("pending").replaceChildren(...got.faults.map((fault) => make("li", "", `${fault.kind}${fault.kind === "errcode" ? ` ${fault.code}` : ""} · ${fault.path || "全部接口"} · 还有 ${fault.times ?? "∞"} 次`)));
  $("figures").textContent = `已受理 ${got.sent} 次发送 · 取令牌 ${got.tokens} 次`;
}

async function moveClock(body) {
  $("veil").hidden = false;
  const got = await post("clock", body);
  $("veil").hidden = true;
  if (got.now) drawNow(got.now);
}

function drawNow(iso) {
  const { year, day, weekday, clock } = tellNow(iso);
  $("now").replaceChildren(make("span", "year", year), day, make("span", "weekday", weekday), clock);
  if ($("to") && document.activeElement !== $("to")) $("to").value = iso.slice(0, 16);
}

async function refresh() {
  const response = await fetch(`${base}/state?since=${world.revision}`);
  drawTop(await response.json());
}

function toast(words) {
  const box = $("toast");
  box.textContent = words;
  box.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { box.hidden = true; }, 4200);
}

// --- the guide: for who has not put it away yet

const guide = $("guide");
if (guide) {
  guide.hidden = localStorage.getItem("guided") === "yes";
  $("understood").addEventListener("click", () => {
    guide.hidden = true;
    localStorage.setItem("guided", "yes");
  });
}

// --- wiring

document.querySelectorAll("[data-send]").forEach((button) => button.addEventListener("click", () => speak({ kind: button.dataset.send })));
document.querySelectorAll("[data-clock]").forEach((button) => button.addEventListener("click", () => moveClock(JSON.parse(button.dataset.clock))));
document.querySelectorAll("[data-fault]").forEach((button) => button.addEventListener("click", async () => { await post("fault", { kind: button.dataset.fault }); refresh(); }));
document.addEventListener("click", closeMenus);
$("jump")?.addEventListener("click", () => { if ($("to").value) moveClock({ to: $("to").value }); });
$("weather").addEventListener("click", () => {
  $("drawer").hidden = !$("drawer").hidden;
  $("weather").setAttribute("aria-expanded", String(!$("drawer").hidden));
  if (!$("drawer").hidden) refresh();
});
$("return").addEventListener("click", leave);
$("bubbles").addEventListener("scroll", ({ target }) => { view.low = target.scrollHeight - target.scrollTop - target.clientHeight < 160; });
$("bubbles").addEventListener("load", sink, true);
$("search").addEventListener("input", drawPeople);
$("send").addEventListener("click", sendText);
$("text").addEventListener("input", fit);
$("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendText();
});
watch();
