// Counts what a reader would count: 각 and 👩‍👩‍👧 are one each, whatever they are made of.

const segmenter = "Segmenter" in Intl ? new Intl.Segmenter("ko", { granularity: "grapheme" }) : null;

/** Characters as people see them; line ends count as one. */
export function graphemes(text) {
  const folded = text.replaceAll("\r\n", "\n").normalize("NFC").trim();
  return segmenter ? [...segmenter.segment(folded)].length : [...folded].length;
}

export default function counter(control) {
  const place = document.getElementById(control.dataset.counter);
  const most = Number(control.dataset.max);
  if (!place || !most) return;

  function show() {
    const count = graphemes(control.value);
    place.textContent = `${count} / ${most}`;
    place.classList.toggle("is-over", count > most);
  }

  control.addEventListener("input", show);
  show();
}
