// Cards: text cards, articles and the five kinds of template card, drawn from their fields.
import { description, link, make, safeUrl } from "./words.js";

const picture = (address) => {
  const href = safeUrl(address || "");
  if (!href) return null;
  const image = make("img", "cover");
  image.alt = "";
  image.loading = "lazy";
  image.src = href;
  image.addEventListener("error", () => image.replaceWith(make("div", "cover")));
  return image;
};

export function textCard(card) {
  const more = link(card.url, card.btntxt);
  return make("div", "card", make("b", "headline", card.title), make("div", "description", description(card.description)), make("div", "more", more));
}

export function articles(card) {
  const rows = card.articles.map((article, index) => {
    const words = make("div", "words", make("b", "", link(article.url || "", article.title || "")), index === 0 && card.articles.length === 1 ? make("p", "", article.description || article.digest || "") : "");
    return make("div", index ? "article" : "article first", picture(article.picurl), words);
  });
  return make("div", "card articles", ...rows);
}

// `press(key, selected)` is called for buttons; `name(userid)` tells a member's name.
export function templateCard(bubble, press, name) {
  const { card, button } = bubble;
  const grey = Boolean(button);
  const shown = make("div", `card template ${card.card_type}`);
  shown.append(...[
    source(card, press, grey), title(card), emphasis(card), picture(card.card_image?.url), imageText(card.image_text_area),
    quote(card.quote_area), card.sub_title_text ? make("p", "sub", card.sub_title_text) : null,
    vertical(card.vertical_content_list), horizontal(card.horizontal_content_list, name), jumps(card.jump_list),
  ].filter(Boolean));
  const chosen = questions(card, shown, grey);
  const buttons = foot(card, button, (key) => press(key, chosen()));
  if (buttons) shown.append(buttons);
  else if (safeUrl(card.card_action?.url || "") && !card.jump_list?.length) shown.append(make("div", "more", link(card.card_action.url, "查看详情")));
  return shown;
}

function source(card, press, grey) {
  const actions = card.action_menu?.action_list || [];
  if (!card.source?.desc && !actions.length) return null;
  const row = make("div", "source", make("span", `dot colour-${card.source?.desc_color || 0}`, card.source?.desc || ""));
  if (actions.length) {
    const list = make("div", "actions", ...actions.map((action) => {
      const one = make("button", "", action.text);
      one.type = "button";
      one.disabled = grey;
      one.addEventListener("click", () => press(action.key, {}));
      return one;
    }));
    list.hidden = true;
    const more = make("button", "dots", "⋯");
    more.type = "button";
    more.title = card.action_menu.desc || "更多";
    more.addEventListener("click", () => { list.hidden = !list.hidden; });
    row.append(more, list);
  }
  return row;
}

function title(card) {
  const main = card.main_title;
  if (!main?.title && !main?.desc) return null;
  const head = card.card_action?.url ? link(card.card_action.url, main.title || "") : main.title || "";
  return make("div", "main", make("b", "headline", head), main.desc ? make("p", "", main.desc) : "");
}

function emphasis(card) {
  const big = card.emphasis_content;
  return big?.title ? make("div", "emphasis", make("b", "", big.title), make("span", "", big.desc || "")) : null;
}

function imageText(area) {
  if (!area?.image_url) return null;
  const words = make("div", "words", make("b", "", link(area.url || "", area.title || "")), make("p", "", area.desc || ""));
  return make("div", "article", picture(area.image_url), words);
}

function quote(area) {
  if (!area?.quote_text && !area?.title) return null;
  return make("blockquote", "", area.title ? make("b", "", link(area.url || "", area.title)) : "", area.quote_text || "");
}

function vertical(lines) {
  if (!lines?.length) return null;
  return make("div", "vertical", ...lines.map((line) => make("div", "", make("b", "", line.title), line.desc ? make("p", "", line.desc) : "")));
}

function horizontal(lines, name) {
  if (!lines?.length) return null;
  return make("dl", "horizontal", ...lines.flatMap((line) => {
    const value = line.type === 3 ? name(line.userid) : line.value || "";
    const words = line.type === 1 ? link(line.url, value || line.url) : value;
    return [make("dt", "", line.keyname), make("dd", line.type === 3 ? "member" : "", words)];
  }));
}

function jumps(lines) {
  if (!lines?.length) return null;
  return make("div", "jumps", ...lines.map((line) => make("div", "jump", link(line.url || "", line.title))));
}

// --- questions: choices that travel with the button

function questions(card, shown, grey) {
  const selects = [...(card.select_list || []), ...(card.button_selection ? [card.button_selection] : [])];
  const readers = selects.map((select) => drawSelect(select, shown, grey));
  if (card.checkbox) readers.push(drawCheckbox(card.checkbox, shown, grey));
  return () => Object.fromEntries(readers.map((read) => read()).filter(([, options]) => options.length));
}

function drawSelect(select, shown, grey) {
  const box = make("select", "", ...(select.option_list || []).map((option) => {
    const one = make("option", "", option.text);
    one.value = option.id;
    one.selected = option.id === select.selected_id;
    return one;
  }));
  box.disabled = grey || Boolean(select.disable);
  shown.append(make("label", "select", make("span", "", select.title || ""), box));
  return () => [select.question_key, box.value ? [box.value] : []];
}

function drawCheckbox(question, shown, grey) {
  const name = `q${Math.random().toString(36).slice(2)}`;
  const boxes = (question.option_list || []).map((option) => {
    const box = make("input");
    box.type = question.mode === 1 ? "checkbox" : "radio";
    box.name = name;
    box.value = option.id;
    box.checked = Boolean(option.is_checked);
    box.disabled = grey || Boolean(question.disable);
    shown.append(make("label", "option", box, make("span", "", option.text)));
    return box;
  });
  return () => [question.question_key, boxes.filter((box) => box.checked).map((box) => box.value)];
}

function foot(card, greyWords, press) {
  const buttons = [...(card.button_list || []), ...(card.submit_button ? [card.submit_button] : [])];
  if (greyWords) return make("div", "buttons", disabled(greyWords));
  if (!buttons.length) return null;
  return make("div", buttons.length > 2 ? "buttons many" : "buttons", ...buttons.map((button) => {
    if (button.type === 1) return make("span", `style-${button.style || 1}`, link(button.url, button.text));
    const one = make("button", `style-${button.style || 1}`, button.text);
    one.type = "button";
    one.addEventListener("click", async () => {
      one.classList.add("busy");
      await press(button.key);
      one.classList.remove("busy");
    });
    return one;
  }));
}

function disabled(words) {
  const one = make("button", "grey", words);
  one.type = "button";
  one.disabled = true;
  return one;
}
