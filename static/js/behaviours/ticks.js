// Ticked rows of a list: counts them, marks them, and keeps them while one item after another is opened.
// Without a script the bar stands there all the time and the boxes work by themselves.

export default function ticks(form) {
  const boxes = [...form.querySelectorAll('input[type="checkbox"][name="ids"]')];
  const bar = form.querySelector(".s-bulk");
  const count = form.querySelector("[data-count]");
  const clear = form.querySelector("[data-clear]");
  const store = form.dataset.kept ?? "desk-ticks"; // each desk remembers its own
  const kept = new Set(JSON.parse(sessionStorage.getItem(store) ?? "[]"));

  for (const box of boxes) box.checked ||= kept.has(box.value);
  if (clear) clear.hidden = false;

  function show() {
    const ticked = boxes.filter((box) => box.checked);
    for (const box of boxes) box.closest("[data-row]")?.classList.toggle("is-sel", box.checked);
    bar.hidden = ticked.length === 0;
    count.textContent = count.dataset.words.replace("{num}", ticked.length);
    sessionStorage.setItem(store, JSON.stringify(ticked.map((box) => box.value)));
  }

  form.addEventListener("change", show);
  form.addEventListener("reset", (event) => {
    event.preventDefault(); // a reset would give back what the page came with
    for (const box of boxes) box.checked = false;
    show();
  });
  form.addEventListener("submit", () => sessionStorage.removeItem(store));
  show();
}
