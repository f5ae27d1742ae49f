// Tells staff two minutes before their session ends, and lets one press make it longer. Where it has ended, the page
// stays with all that was typed, and goes on once its reader has logged in again in another window. The server
// decides; without a script it keeps what is sent too late, see "What you wrote is kept".

import { ask, say } from "../exchange.js";

const WARN = 120; // seconds before the end
const AGAIN = 20; // seconds until the server is asked again while it is away or the warning stands

export default function session() {
  const dialog = document.getElementById("session-end");
  const { url, who } = dialog.dataset;
  const stay = dialog.querySelector("[data-stay]");
  const close = dialog.querySelector("[data-close]");
  let timer = 0;

  /** Looks again shortly before there is something to tell; never later than a timer can wait. */
  function arm(left) {
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(Math.max(left - WARN, 1), 86_400) * 1000);
  }

  async function look(byItself = true) {
    clearTimeout(timer);
    let now;
    try {
      now = await ask(url, { byItself });
    } catch {
      timer = setTimeout(look, AGAIN * 1000);
      return;
    }
    if (String(now.who) !== who) show("ended");
    else goOn(now);
  }

  function goOn({ left, extends: longer, token }) {
    const ended = dialog.dataset.state === "ended";
    renew(token);
    if (left > WARN) {
      hide();
      if (ended) say(dialog.querySelector("template").dataset.back);
      arm(left);
      return;
    }
    show(longer ? "idle" : "whole");
    timer = setTimeout(look, Math.min(left + 1, AGAIN) * 1000);
  }

  /** The token of forms may be another since the log-in in the other window. */
  function renew(token) {
    const meta = document.querySelector('meta[name="csrf-token"]');
    if (meta) meta.content = token;
    for (const input of document.querySelectorAll('input[name="csrf_token"]')) input.value = token;
  }

  function show(state) {
    if (dialog.dataset.state === state) return; // closed by hand: it is not opened for the same again
    dialog.dataset.state = state;
    for (const part of dialog.querySelectorAll("[data-state]")) {
      part.hidden = !part.dataset.state.split(" ").includes(state);
    }
    if (!dialog.open) dialog.showModal();
    [stay, dialog.querySelector("a"), close].find((choice) => !choice.hidden).focus();
  }

  function hide() {
    delete dialog.dataset.state;
    dialog.close();
  }

  stay.addEventListener("click", () => look(false));
  close.addEventListener("click", () => dialog.close());
  document.addEventListener("signedout", (event) => { event.preventDefault(); show("ended"); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  addEventListener("focus", () => { if (dialog.dataset.state) look(); });
  arm(Number(dialog.dataset.left));
}
