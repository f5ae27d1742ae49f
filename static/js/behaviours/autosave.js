// Keeps a draft while somebody writes: sends the form to data-url a few seconds after the last change. The answer may
// give a `message` to show and `fields` of the form to set, e.g. the version that was made. A `keep` event saves at once.

import { ask, word } from "../exchange.js";

const PAUSE = 4000;

export default function autosave(form) {
  const status = document.getElementById(form.dataset.status);
  const place = status?.querySelector("[data-word]") ?? status;
  let timer = 0;
  let changed = false;
  let pending = null;

  function save() {
    clearTimeout(timer);
    if (!changed || pending) return;
    changed = false;
    pending = keep().finally(() => {
      pending = null;
      if (changed) timer = setTimeout(save, PAUSE);
    });
  }

  async function keep() {
    try {
      // keepalive: the page may be left while this is on its way
      const answer = await ask(form.dataset.url, { method: "POST", body: textOnly(form), keepalive: document.hidden });
      for (const [name, value] of Object.entries(answer?.fields ?? {})) form.elements[name].value = value;
      if (place) place.textContent = answer?.message ?? `${word("saved")} ${answer?.saved_at ?? clock()}`;
    } catch (fault) {
      changed = true; // the next change tries again
      if (place) place.textContent = fault.message;
    }
  }

  form.addEventListener("input", (event) => {
    changed = true;
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("keep", () => { changed = true; save(); });
  form.addEventListener("submit", (event) => {
    changed = false;
    clearTimeout(timer);
    if (!pending) return;
    // one after the other: what is sent now builds on what is being saved
    event.preventDefault();
    pending.finally(() => form.requestSubmit(event.submitter));
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden || !changed) return;
    // the last chance: not even a save on its way is waited for
    changed = false;
    clearTimeout(timer);
    keep();
  });
}

/** The form without files: a picture is not sent again and again. */
function textOnly(form) {
  const data = new FormData(form);
  for (const input of form.querySelectorAll("input[type=file]")) data.delete(input.name);
  return data;
}

function clock() {
  return new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}
