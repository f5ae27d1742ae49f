// Scoring by keys: 1 to 5 score the criterion that has the focus and go on to the next, up and down move between
// criteria, left and right change the score as radio buttons do. Without this file the rows are plain radio buttons.

export default function score(form) {
  const rows = [...form.querySelectorAll("[data-score-row]")];
  const inputs = (row) => [...row.querySelectorAll("input[type=radio]")];
  const chosen = (row) => inputs(row).find((input) => input.checked);
  const letters = document.body.dataset.keys !== "off";

  function enter(row) {
    const input = row && (chosen(row) ?? inputs(row)[0]);
    input?.focus();
    row?.scrollIntoView({ block: "nearest" });
  }

  function onward(row) {
    const next = rows[rows.indexOf(row) + 1] ?? rows.find((one) => !chosen(one));
    enter(next ?? row);
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    const row = event.target.closest?.("[data-score-row]");
    const isElsewhere = !row && event.target.closest?.("input,textarea,select,[contenteditable]");
    if (isElsewhere) return;
    const input = /^[1-5]$/.test(event.key) && (row || letters)
      ? inputs(row ?? rows.find((one) => !chosen(one)) ?? rows[0]).find((one) => one.value === event.key)
      : null;
    if (input) {
      event.preventDefault();
      input.checked = true;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      onward(input.closest("[data-score-row]"));
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (row && step) {
      event.preventDefault();
      enter(rows[rows.indexOf(row) + step] ?? row);
    }
  });
}
