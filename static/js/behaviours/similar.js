// Similar ideas while a title is typed. Waits 300 ms, drops the request before, and leaves half-typed Hangul alone.

import { ask } from "../exchange.js";

const PAUSE = 300;

export default function similar(input) {
  const box = document.getElementById(input.dataset.target);
  const least = Number(input.dataset.min ?? 4);
  let timer = 0;
  let running = null;
  let asked = "";

  async function look() {
    const title = input.value.trim();
    if (title === asked) return;
    asked = title;
    running?.abort();
    if ([...title].length < least) { box.replaceChildren(); return; }
    running = new AbortController();
    const url = new URL(input.dataset.url, location.href);
    url.searchParams.set("title", title);
    try {
      box.innerHTML = await ask(url, { signal: running.signal });
      box.dispatchEvent(new CustomEvent("fragment", { bubbles: true }));
    } catch {
      // the list is a help, never a duty: typing goes on without it
    }
  }

  function later(event) {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(look, PAUSE);
  }

  input.addEventListener("input", later);
  input.addEventListener("compositionend", later);
}
