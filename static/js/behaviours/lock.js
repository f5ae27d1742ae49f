// Keeps an item open for who looks at it: a sign of life every twenty seconds. Where a colleague took it over, the
// bar says so. Without a script, looking at the page keeps it for two minutes.

import { ask, say } from "../exchange.js";

const PAUSE = 20_000;

export default function lock(bar) {
  let timer = setInterval(beat, PAUSE);

  async function beat() {
    try {
      const body = new FormData();
      body.set("act", "keep");
      const answer = await ask(bar.dataset.url, { method: "POST", body, byItself: true });
      if (!answer.held) lose(answer.name);
    } catch {
      // the next sign of life tries again; the server decides who may decide
    }
  }

  function lose(name) {
    clearInterval(timer);
    timer = 0;
    const place = bar.querySelector("[data-name]");
    place.textContent = place.dataset.words.replace("{name}", name);
    for (const part of bar.querySelectorAll("[data-held]")) part.hidden = true;
    for (const part of bar.querySelectorAll("[data-lost]")) part.hidden = false;
    say(place.textContent);
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden && timer) beat(); });
}
