// Keyboard of the desks. A button or link names its key: data-key="a". Letters work only while no field has
// the focus, can be switched off (kept in this browser), and do nothing that a click could not do.

const SWITCH = "shortcuts-off";

function isTyping(target) {
  return target.closest?.("input:not([type=checkbox],[type=radio],[type=button],[type=submit]),textarea,select,[contenteditable]");
}

function isSeen(element) {
  return element.getClientRects().length > 0 && !element.disabled;
}

function press(element) {
  const types = "input:not([type=checkbox],[type=radio],[type=button],[type=submit]),textarea,select";
  if (element.matches(types)) { element.focus(); element.select?.(); }
  else element.click();
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")].filter(isSeen);
  if (!rows.length) return;
  const present = rows.findIndex((row) => row.contains(document.activeElement));
  const current = present >= 0 ? present : rows.findIndex((row) => row.querySelector("[aria-current]"));
  const next = rows[Math.max(0, Math.min(rows.length - 1, current + step))];
  (next.matches("a,button") ? next : next.querySelector("a,button"))?.focus();
  next.scrollIntoView({ block: "nearest" });
}

function tick() {
  const box = document.activeElement?.closest("[data-row]")?.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

export default function keys(root) {
  const help = document.getElementById("keys-help");
  const toggle = help?.querySelector("[data-keys-switch]");
  let off = localStorage.getItem(SWITCH) === "1";

  function label() {
    if (toggle) toggle.textContent = off ? toggle.dataset.off : toggle.dataset.on;
  }

  toggle?.addEventListener("click", () => {
    off = !off;
    localStorage.setItem(SWITCH, off ? "1" : "0");
    label();
  });
  help?.querySelector("[data-close]")?.addEventListener("click", () => help.close());
  label();

  root.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const primary = [...root.querySelectorAll("[data-key-primary],.s-btn.is-pri")].find(isSeen);
      if (primary) { event.preventDefault(); primary.click(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && isTyping(event.target)) { event.target.blur(); return; }
    if (off || isTyping(event.target)) return;
    if (event.key === "?" && help) { event.preventDefault(); help.showModal(); return; }
    if (event.key === "j" || event.key === "k") { event.preventDefault(); move(event.key === "j" ? 1 : -1); return; }
    if (event.key === " " && event.target.matches("a") && tick()) { event.preventDefault(); return; }
    // within a part that has keys of its own (data-keys), its button comes before those of other parts
    const named = `[data-key="${CSS.escape(event.key)}"]`;
    const near = document.activeElement?.closest("[data-keys]");
    const wanted = [...(near?.querySelectorAll(named) ?? []), ...root.querySelectorAll(named)].find(isSeen);
    if (wanted) { event.preventDefault(); press(wanted); }
  });
}
