// Opens the form of a reply under its comment and puts the cursor there. Without a script the link leads to the form.

export default function reply(link) {
  const target = document.getElementById(link.dataset.target);
  if (!target) return;
  const isFold = target.matches("details");
  if (!isFold) target.hidden = true;
  link.setAttribute("aria-expanded", "false");
  link.setAttribute("aria-controls", target.id);
  link.setAttribute("role", "button");

  function toggle(event) {
    event.preventDefault();
    const open = isFold ? !target.open : target.hidden;
    if (isFold) target.open = open;
    else target.hidden = !open;
    link.setAttribute("aria-expanded", String(open));
    if (open) target.querySelector("textarea")?.focus();
  }

  link.addEventListener("click", toggle);
  link.addEventListener("keydown", (event) => { if (event.key === " ") toggle(event); });
}
