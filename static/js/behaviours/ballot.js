// Counts ticks on a ballot, fills the pips, says what is still missing. The server counts again.

import { say } from "../exchange.js";

export default function ballot(form) {
  const least = Number(form.dataset.min ?? 0);
  const most = Number(form.dataset.max ?? Infinity);
  const boxes = [...form.querySelectorAll(".c-tick__in")];
  const count = form.querySelector("[data-ballot-count]");
  const note = form.querySelector("[data-ballot-note]");
  const pips = [...form.querySelectorAll("[data-ballot-pips] circle")];

  function sentence(ticked) {
    const name = ticked < least ? "few" : ticked < most ? "enough" : "full";
    const left = ticked < least ? least - ticked : most - ticked;
    return (form.dataset[name] ?? "").replace("{n}", left);
  }

  function show(aloud) {
    const ticked = boxes.filter((box) => box.checked).length;
    if (count) count.textContent = ticked;
    pips.forEach((pip, index) => pip.classList.toggle("is-on", index < ticked));
    for (const box of boxes) box.disabled = ticked >= most && !box.checked;
    const words = sentence(ticked);
    if (note) note.textContent = words;
    if (aloud) say(`${ticked} / ${most}. ${words}`);
  }

  form.addEventListener("change", (event) => {
    if (event.target.matches(".c-tick__in")) show(true);
  });
  show(false);
}
