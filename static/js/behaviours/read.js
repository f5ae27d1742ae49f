// Keys of the reading stack: 1, 2, 3 or the arrows left, down, right press the three answers. Down scrolls
// as long as an answer is out of sight. Can be switched off, in this browser, as at the desks.

const SWITCH = "shortcuts-off";
const KEYS = { 1: "1", 2: "2", 3: "3", ArrowLeft: "1", ArrowDown: "2", ArrowRight: "3" };

function isTyping(target) {
  return target.closest?.("input:not([type=hidden]),textarea,select,[contenteditable]");
}

function areInSight(buttons) {
  return buttons.every((button) => {
    const box = button.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= innerHeight;
  });
}

export default function read(root) {
  const buttons = [...root.querySelectorAll("[data-answer]")];
  let off = localStorage.getItem(SWITCH) === "1";
  let busy = false;

  const toggle = document.createElement("button");
  toggle.type = "button";
  toggle.className = "c-read__keys u-desk";
  const label = () => { toggle.textContent = off ? root.dataset.keysOn : root.dataset.keysOff; };
  toggle.addEventListener("click", () => {
    off = !off;
    localStorage.setItem(SWITCH, off ? "1" : "0");
    label();
  });
  label();
  root.after(toggle);

  root.addEventListener("submit", (event) => {
    if (busy) event.preventDefault();
    busy = true;
  });
  addEventListener("pageshow", () => { busy = false; });

  document.addEventListener("keydown", (event) => {
    if (off || busy || event.isComposing || event.repeat || isTyping(event.target)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const wanted = buttons.find((button) => button.dataset.answer === KEYS[event.key] && !button.disabled);
    if (!wanted || (event.key === "ArrowDown" && !areInSight(buttons))) return;
    event.preventDefault();
    wanted.click();
  });
}
