// A fold of links closes by itself when somebody goes on elsewhere. Without a script its own press closes it.

export default function menu(fold) {
  document.addEventListener("click", (event) => { if (!fold.contains(event.target)) fold.open = false; });
  fold.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !fold.contains(event.relatedTarget)) fold.open = false;
  });
  fold.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !fold.open) return;
    fold.open = false;
    event.stopPropagation(); // the keys of the desk would take the focus away
    fold.querySelector("summary").focus();
  });
}
