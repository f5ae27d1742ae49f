// Counts down the seconds in which a decision can be taken back, then takes its button away.

export default function undo(form) {
  const place = form.querySelector("[data-left]");
  const words = place.textContent.replace(form.dataset.seconds, "{}");
  let left = Number(form.dataset.seconds);

  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) { place.textContent = words.replace("{}", left); return; }
    clearInterval(timer);
    form.remove();
  }, 1000);
  form.addEventListener("submit", () => clearInterval(timer));
}
