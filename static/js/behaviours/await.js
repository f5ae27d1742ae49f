// Something that a worker is still doing: asks for its state (data-url) until it is done (data-done), then
// shows the page as it is now. Stops asking while nobody looks.

import { ask, swap } from "../exchange.js";

const PAUSE = 1500;

export default function wait(element) {
  if (element.hasAttribute("data-done")) return;
  setTimeout(async () => {
    if (document.hidden) { wait(element); return; }
    try {
      const fresh = swap(element, await ask(element.dataset.url, { byItself: true }));
      if (fresh?.hasAttribute("data-done")) location.reload();
    } catch { wait(element); }
  }, PAUSE);
}
