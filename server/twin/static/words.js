// Text as WeCom shows it: links in <a href>, a little markdown; all else is plain text.

export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

export function safeUrl(address) {
  if (!address) return "";
  try {
    const url = new URL(address, location.origin);
    return ["http:", "https:"].includes(url.protocol) ? url.href : "";
  } catch {
    return "";
  }
}

export function link(address, label) {
  const href = safeUrl(address);
  if (!href) return document.createTextNode(label);
  const anchor = make("a", "", label);
  anchor.href = href;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

const ANCHOR = /<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>([\s\S]*?)<\/a>|(https?:\/\/[^\s<>"'，。；！？、）】]+)/gi;

export function plain(text) {
  const shown = document.createDocumentFragment();
  let from = 0;
  for (const match of text.matchAll(ANCHOR)) {
    shown.append(text.slice(from, match.index));
    const [whole, double, single, label, bare] = match;
    shown.append(bare ? link(bare, bare) : link(double ?? single, label));
    from = match.index + whole.length;
  }
  shown.append(text.slice(from));
  return shown;
}

// --- the description of a text card: <br> and <div class="gray|normal|highlight">

export function description(text) {
  const shown = document.createDocumentFragment();
  const pieces = text.split(/(<div class="(?:gray|normal|highlight)">[\s\S]*?<\/div>|<br\s*\/?>)/i);
  for (const piece of pieces) {
    const block = /^<div class="(\w+)">([\s\S]*)<\/div>$/i.exec(piece);
    if (block) shown.append(make("div", block[1].toLowerCase(), block[2]));
    else if (/^<br/i.test(piece)) shown.append(make("br"));
    else if (piece.trim()) shown.append(piece);
  }
  return shown;
}

// --- markdown: headings, quotes, bold, code, links, coloured words

const SPAN = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|<font color="(info|comment|warning)">([\s\S]*?)<\/font>/g;

function spans(text) {
  const shown = document.createDocumentFragment();
  let from = 0;
  for (const match of text.matchAll(SPAN)) {
    shown.append(text.slice(from, match.index));
    const [whole, bold, code, label, address, colour, coloured] = match;
    if (bold) shown.append(make("b", "", spans(bold)));
    else if (code) shown.append(make("code", "", code));
    else if (label) shown.append(link(address, label));
    else shown.append(make("span", `font-${colour}`, spans(coloured)));
    from = match.index + whole.length;
  }
  shown.append(text.slice(from));
  return shown;
}

export function markdown(text) {
  const shown = make("div", "markdown");
  for (const line of text.split("\n")) {
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    const quote = /^>\s?(.*)$/.exec(line);
    if (heading) shown.append(make("div", `h h${heading[1].length}`, spans(heading[2])));
    else if (quote) shown.append(make("blockquote", "", spans(quote[1])));
    else shown.append(make("div", "", line ? spans(line) : make("br")));
  }
  return shown;
}
