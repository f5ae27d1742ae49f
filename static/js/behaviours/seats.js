// The slider over numbers of places: every panel stands in the page already, one at a time is shown.
// Without this file the links of the same numbers do the same.

export default function seats(element) {
  const range = element.querySelector("input[type=range]");
  const output = element.querySelector("output");
  const panels = [...element.querySelectorAll("[data-seats]")];

  function show() {
    output.value = range.value;
    for (const panel of panels) panel.hidden = panel.dataset.seats !== range.value;
  }

  element.querySelector("[data-seats-links]").hidden = true;
  element.querySelector("[data-seats-pick]").hidden = false;
  range.addEventListener("input", show);
  range.addEventListener("change", () => {
    const address = new URL(location.href);
    address.searchParams.set("seats", range.value);
    history.replaceState(history.state, "", address);
  });
  show();
}
