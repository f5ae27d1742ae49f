// Counts ticks on a ballot, fills the pips, names what is picked, says what is still missing; keeps the ticks
// of a voter who has not voted yet. The server counts again.

import { ask, say } from "../exchange.js";

const PAUSE = 400;

export default function ballot(form) {
  const least = Number(form.dataset.min ?? 0);
  const most = Number(form.dataset.max ?? Infinity);
  const boxes = [...form.querySelectorAll(".c-tick__in")];
  const kept = [...form.querySelectorAll("[data-ballot-kept]")].map((item) => item.dataset.ballotKept);
  const find = (name) => form.querySelector(`[data-ballot-${name}]`);
  const [count, note, names, picked, draft] = ["count", "note", "names", "picked", "draft"].map(find);
  const pips = [...form.querySelectorAll("[data-ballot-pips] circle")];

  function sentence(ticked) {
    const name = ticked < least ? "few" : ticked < most ? "enough" : "full";
    const left = ticked < least ? least - ticked : most - ticked;
    return (form.dataset[name] ?? "").replace("{n}", left);
  }

  function show(aloud) {
    const on = boxes.filter((box) => box.checked);
    const ticked = on.length + kept.length;
    if (count) count.textContent = ticked;
    if (picked) picked.textContent = ticked;
    names?.replaceChildren(...[...on.map(titleOf), ...kept].map(itemOf));
    pips.forEach((pip, index) => pip.classList.toggle("is-on", index < ticked));
    for (const box of boxes) box.disabled = ticked >= most && !box.checked;
    const words = sentence(ticked);
    if (note) note.textContent = words;
    if (aloud) say(`${ticked} / ${most}. ${words}`);
  }

  const keep = form.dataset.draft ? keeper(form, draft) : () => {};
  form.addEventListener("change", (event) => {
    if (!event.target.matches(".c-tick__in")) return;
    show(true);
    keep();
  });
  show(false);
}

function titleOf(box) {
  return box.labels?.[0]?.querySelector(".c-tick__t")?.textContent ?? "";
}

function itemOf(title) {
  const item = document.createElement("li");
  item.textContent = title;
  return item;
}

/** Sends the ticks to data-draft a moment after the last change, and at once when the page goes away. */
function keeper(form, place) {
  let timer = 0;
  let changed = false;

  async function save() {
    clearTimeout(timer);
    if (!changed) return;
    changed = false;
    try {
      const answer = await ask(form.dataset.draft, { method: "POST", body: new FormData(form), keepalive: true });
      if (place) place.hidden = !answer.kept;
    } catch {
      changed = true; // the next change tries again
    }
  }

  form.addEventListener("submit", () => { changed = false; clearTimeout(timer); });
  addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  return () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };
}
