// A button that shows what was typed into a password field. The field stays where it is: moved, it would lose the
// focus, and with it what its owner is typing while this file arrives.

import { word } from "../exchange.js";

export default function password(input) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "c-reveal";
  button.setAttribute("aria-controls", input.id);
  input.after(button);

  function show(visible) {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? word("hide") : word("show");
    button.setAttribute("aria-pressed", String(visible));
  }

  button.addEventListener("click", () => show(input.type === "password"));
  input.form?.addEventListener("submit", () => show(false));
  show(false);
}
