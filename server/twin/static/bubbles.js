// One person's chat: bubbles with avatars, time separators, media, recalled messages.
import { articles, templateCard, textCard } from "./cards.js";
import { make, markdown, plain } from "./words.js";

const WEEKDAYS = "日一二三四五六";

export function dayOf(iso) {
  const [year, month, day] = iso.slice(0, 10).split("-").map(Number);
  return { year, month, day, date: Date.UTC(year, month - 1, day) };
}

// Times are read off the text, in the branch's own zone, never the browser's.
export function tellTime(iso, now) {
  const day = dayOf(iso);
  const days = Math.round((dayOf(now).date - day.date) / 86400000);
  const clock = iso.slice(11, 16);
  if (days === 0) return clock;
  if (days === 1) return `昨天 ${clock}`;
  if (days > 1 && days < 7) return `周${WEEKDAYS[new Date(day.date).getUTCDay()]} ${clock}`;
  const date = `${day.month}月${day.day}日 ${clock}`;
  return day.year === dayOf(now).year ? date : `${day.year}年${date}`;
}

export function tellNow(iso) {
  const { year, month, day, date } = dayOf(iso);
  return { year: `${year}年`, day: `${month}月${day}日`, weekday: ` 周${WEEKDAYS[new Date(date).getUTCDay()]}`, clock: ` ${iso.slice(11, 16)}` };
}

export function avatar(person) {
  return make("span", `avatar ${person.group ? "group" : `tint-${person.order % 8}`}`, person.name.slice(-2));
}

function appAvatar() {
  const shape = make("span", "avatar app");
  shape.append(document.querySelector(".title .avatar svg").cloneNode(true));
  return shape;
}

const drawn = new WeakMap();

export function drawChat(person, bubbles, now, acts) {
  const shown = document.createDocumentFragment();
  let before = "";
  for (const bubble of bubbles) {
    if (!before || new Date(bubble.at) - new Date(before) > 5 * 60000) shown.append(make("div", "when", tellTime(bubble.at, now)));
    before = bubble.at;
    // an unchanged bubble keeps its element, and with it what was ticked in a card
    if (!drawn.has(bubble)) drawn.set(bubble, drawBubble(person, bubble, acts));
    shown.append(drawn.get(bubble));
  }
  return shown;
}

function drawBubble(person, bubble, acts) {
  if (bubble.recalled) return make("div", "when", `${acts.app}撤回了一条消息`);
  const row = make("div", bubble.mine ? "row mine" : "row");
  row.dataset.number = bubble.number;
  row.append(bubble.mine ? avatar(person) : appAvatar(), drawContent(bubble, acts));
  return row;
}

function drawContent(bubble, acts) {
  switch (bubble.kind) {
    case "template_card":
      return templateCard(bubble, (key, selected) => acts.press(bubble.number, key, selected), acts.name);
    case "textcard":
      return textCard(bubble.card);
    case "news":
    case "mpnews":
      return articles(bubble.card);
    case "markdown":
      return make("div", "bubble", markdown(bubble.text));
    case "link":
      return articles({ articles: [bubble.card] });
    case "location":
      return make("div", "card place", make("b", "", bubble.text.replace("[位置]", "")), make("i"));
    default:
      return bubble.media ? drawMedium(bubble, acts) : make("div", "bubble", plain(bubble.text || ""));
  }
}

function drawMedium(bubble, acts) {
  const address = `${acts.base}/media/${encodeURIComponent(bubble.media)}`;
  if (bubble.picture) {
    const image = make("img", "picture");
    image.alt = bubble.text;
    image.src = address;
    image.addEventListener("click", () => window.open(address, "_blank", "noopener"));
    return image;
  }
  if (bubble.kind === "voice") return make("div", "bubble voice", "语音 2″");
  const anchor = make("a", "card file", make("span", "page", (bubble.file.split(".").pop() || "").slice(0, 4).toUpperCase()), make("span", "words", make("b", "", bubble.file), make("small", "", tellSize(bubble.size))));
  anchor.href = address;
  anchor.download = bubble.file;
  return anchor;
}

function tellSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1048576) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1048576).toFixed(1)} MB`;
}
