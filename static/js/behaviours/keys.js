// Keyboard of the desks. A button or link names its key: data-key="a". Letters work only while no field has
// the focus, can be switched off in the settings, and do nothing that a click could not do.

const FIELDS = "input:not([type=checkbox],[type=radio],[type=button],[type=submit]),textarea,select";

function isTyping(target) {
  return target.closest?.(`${FIELDS},[contenteditable]`);
}

function isSeen(element) {
  return element.getClientRects().length > 0 && !element.disabled;
}

function press(element) {
  if (element.matches(FIELDS)) { element.focus(); element.select?.(); }
  else element.click();
}

function currentRow(rows) {
  const present = rows.findIndex((row) => row.contains(document.activeElement));
  return present >= 0 ? present : rows.findIndex((row) => row.querySelector("[aria-current]"));
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")].filter(isSeen);
  if (!rows.length) return;
  const next = rows[Math.max(0, Math.min(rows.length - 1, currentRow(rows) + step))];
  (next.matches("a,button") ? next : next.querySelector("a,button"))?.focus();
  next.scrollIntoView({ block: "nearest" });
}

function tick(target) {
  const box = target.closest?.("[data-row]")?.querySelector("input[type=checkbox]");
  if (!box || target === box) return false; // a box ticks itself
  box.click();
  return true;
}

/** The main button of the form that is being filled in, else of the page. */
function primary(root, target) {
  const own = isTyping(target) ? [...(target.form?.elements ?? [])].filter(isSeen) : [];
  const inForm = own.find((one) => one.matches("[data-key-primary]")) ?? own.find((one) => one.matches("[type=submit]"));
  return inForm ?? [...root.querySelectorAll("[data-key-primary],.s-btn.is-pri")].find(isSeen);
}

export default function keys(root) {
  const help = document.getElementById("keys-help");
  const off = root.dataset.keys === "off";
  help?.querySelector("[data-close]")?.addEventListener("click", () => help.close());

  root.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const button = primary(root, event.target);
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && isTyping(event.target)) { event.target.blur(); return; }
    if (off || isTyping(event.target)) return;
    if (event.key === "?" && help) { event.preventDefault(); help.showModal(); return; }
    if (event.key === "j" || event.key === "k") { event.preventDefault(); move(event.key === "j" ? 1 : -1); return; }
    if (event.key === " " && tick(event.target)) { event.preventDefault(); return; }
    // within a part that has keys of its own (data-keys), its button comes before those of other parts
    const named = `[data-key="${CSS.escape(event.key)}"]`;
    const near = document.activeElement?.closest("[data-keys]");
    const wanted = [...(near?.querySelectorAll(named) ?? []), ...root.querySelectorAll(named)].find(isSeen);
    if (wanted) { event.preventDefault(); press(wanted); return; }
    if (event.key === "Escape") move(0);
  });
}
