// The app's menu under the chat: three buttons, some with a list that pops up.
import { make } from "./words.js";

export const closeMenus = () => document.querySelectorAll(".menu .subs").forEach((list) => { list.hidden = true; });

// `tapped(button)` is called for a button that does something of its own.
export function drawButtons(menu, tapped) {
  return menu.map((button) => {
    const subs = button.sub_button || [];
    if (!subs.length) return make("div", "top-button", face(button, () => { closeMenus(); tapped(button); }));
    const list = make("div", "subs", ...subs.map((sub) => face(sub, () => { closeMenus(); tapped(sub); })));
    list.hidden = true;
    const opener = face(button, () => {
      const open = list.hidden;
      closeMenus();
      list.hidden = !open;
    });
    opener.className = "has-subs";
    return make("div", "top-button", opener, list);
  });
}

function face(button, act) {
  const shown = make("button", "", button.name);
  shown.type = "button";
  shown.addEventListener("click", (event) => {
    event.stopPropagation();
    act();
  });
  return shown;
}
