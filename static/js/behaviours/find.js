// Search as you type: 300 ms after the last key the list is asked again and put in place, the address follows.
// Half-typed Hangul is left alone, the request before is dropped. Without this file the form is simply sent.

import { ask, say, swap } from "../exchange.js";

const PAUSE = 300;

export default function find(form) {
  const input = form.querySelector("input[type=search]");
  let timer = 0;
  let running = null;
  let asked = input.value.trim();

  function address() {
    const url = new URL(form.action);
    for (const [name, value] of new FormData(form)) {
      if (String(value).trim()) url.searchParams.set(name, String(value).trim());
    }
    const sort = new URLSearchParams(location.search).get("sort");
    if (sort) url.searchParams.set("sort", sort);
    return url;
  }

  async function look() {
    const words = input.value.trim();
    const place = document.getElementById(form.dataset.target);
    if (words === asked || !place) return;
    asked = words;
    running?.abort();
    running = new AbortController();
    const url = address();
    place.setAttribute("aria-busy", "true");
    try {
      const html = await ask(url, { signal: running.signal });
      if (words !== asked) return;
      const fresh = swap(place, html);
      history.replaceState(history.state, "", url);
      if (fresh?.dataset.say) say(fresh.dataset.say);
    } catch {
      // dropped for a newer question, or offline: the button still sends the form
      if (words === asked) place.removeAttribute("aria-busy");
    }
  }

  function later(event) {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(look, PAUSE);
  }

  input.addEventListener("input", later);
  input.addEventListener("compositionend", later);
}
