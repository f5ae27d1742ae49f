// Asks before something that cannot be undone. Without a script the act goes ahead: the server's own rules guard it.

import { word } from "../exchange.js";

export default function confirm(element) {
  const form = element.closest("form") ?? element.form;
  if (!form) return;
  let agreed = false;

  form.addEventListener("submit", (event) => {
    const asksForAll = element === form;
    if (agreed || (!asksForAll && event.submitter !== element)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    question(element, () => {
      agreed = true;
      form.requestSubmit(event.submitter);
      agreed = false;
    });
  }, { capture: true });
}

function question(element, go) {
  const dialog = document.createElement("dialog");
  dialog.className = "c-dialog";
  const text = document.createElement("p");
  text.id = "confirm-t";
  text.textContent = element.dataset.confirm;
  dialog.setAttribute("aria-labelledby", text.id);
  const staff = document.body.classList.contains("s-staff");
  const yes = choice(element.dataset.confirmYes || word("yes"), staff ? "s-btn is-pri" : "krds-btn medium primary");
  const no = choice(word("no"), staff ? "s-btn" : "krds-btn medium tertiary");
  const row = document.createElement("div");
  row.className = "c-dialog__row";
  row.append(no, yes);
  dialog.append(text, row);
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => { dialog.close(); go(); });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  no.focus();
}

function choice(label, look) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = look;
  button.textContent = label;
  return button;
}
