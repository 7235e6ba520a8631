// Small helps for forms: no second press, a count of characters, a word before leaving.

const A_MOMENT = 3000;

let leaving = false;
let typed = false;

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => {
    leaving = true;
    // after the browser has taken the pressed button's value
    setTimeout(() => {
      for (const button of form.querySelectorAll("button")) button.disabled = true;
    });
    // a file as the answer leaves the page as it is, and no event tells of it
    setTimeout(stay, A_MOMENT);
  });
}

// what comes back from the browser's memory may be sent again
addEventListener("pageshow", (event) => event.persisted && stay());

function stay() {
  leaving = false;
  for (const button of document.querySelectorAll("form button")) button.disabled = false;
}

for (const field of document.querySelectorAll("textarea, input[type=text]")) {
  field.addEventListener("input", () => (typed = true));
}

addEventListener("beforeunload", (event) => {
  if (typed && !leaving) event.preventDefault();
});

for (const field of document.querySelectorAll("textarea[data-most]")) {
  const told = document.createElement("p");
  told.className = "quiet";
  const most = Number(field.dataset.most);
  const tell = () => {
    const length = [...field.value].length;
    told.textContent = length > most ? `已有 ${length} 字，超过 ${most} 字` : `${length} / ${most} 字`;
    told.classList.toggle("over", length > most);
  };
  field.addEventListener("input", tell);
  field.after(told);
  tell();
}
