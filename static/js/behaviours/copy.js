// Copies a text (data-copy) or the page's address; says that it did.

import { say, word } from "../exchange.js";

export default function copy(button) {
  button.hidden = !navigator.clipboard;
  if (button.hidden) return;

  button.addEventListener("click", async (event) => {
    event.preventDefault();
    await navigator.clipboard.writeText(button.dataset.copy || location.href);
    const place = button.querySelector("[data-copy-word]") ?? button;
    const before = place.textContent;
    place.textContent = word("copied");
    say(word("copied"));
    setTimeout(() => { place.textContent = before; }, 2000);
  });
}
