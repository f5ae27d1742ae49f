// The official's draft while it is written: what it still lacks, how it will read, rows of promises, Ctrl+S.
// Without a script the page says the same after each save.

const STEM = 2; // as in rules/drafts.py: so many first characters tell a Korean word from its endings

export default function answer(form) {
  const stems = (form.dataset.stems ?? "").split(" ").filter(Boolean);
  const promising = (form.dataset.promising ?? "").split(" ");
  const rows = form.querySelector("[data-promises]");
  const needs = [...document.querySelectorAll("#needs [data-need]")];
  const gaps = document.getElementById("gaps");
  const preview = document.getElementById("preview");

  function value(name) { return (form.elements[name]?.value ?? "").trim(); }

  function promises() {
    return [...rows.rows].map((row) => {
      const [what, day] = row.querySelectorAll("input");
      return { row, what: what.value.trim(), day: day.value };
    });
  }

  function met() {
    const given = promises().filter((one) => one.what || one.day);
    const reason = value("reason").toLowerCase().match(/[0-9a-z가-힣ㄱ-ㅎ]+/g) ?? [];
    const hasDay = given.length > 0 || value("next_on") || "promised" in form.dataset;
    return {
      decision: Boolean(value("decision")),
      reason: reason.length > 0 || Boolean(value("reason")),
      place: Boolean(value("department") && value("post")),
      dates: given.every((one) => one.what && one.day) && (!promising.includes(value("decision")) || Boolean(hasDay)),
      worries: reason.some((word) => word.length >= STEM && stems.includes(word.slice(0, STEM))),
    };
  }

  function check() {
    const now = met();
    const missing = [];
    for (const line of needs) {
      const good = now[line.dataset.need];
      line.className = good ? "s-y" : "s-n";
      if (!good && "required" in line.dataset) missing.push(line.firstElementChild.textContent.trim());
    }
    if (gaps) gaps.textContent = missing.length ? gaps.dataset.words.replace("{what}", missing.join(", ")) : "";
    show();
  }

  function show() {
    if (!preview) return;
    const see = (name) => preview.querySelector(`[data-see="${name}"]`);
    const chosen = form.querySelector('input[name="decision"]:checked');
    if (chosen) see("decision").textContent = chosen.closest("label").textContent.trim();
    for (const name of ["department", "post", "headline"]) see(name).textContent = value(name);
    const paragraphs = value("reason").split(/\n{2,}/).filter(Boolean).map((text) => element("p", text));
    see("reason").replaceChildren(...paragraphs);
    const list = see("promises");
    const kept = [...list.querySelectorAll("[data-kept]")];
    const fresh = promises().filter((one) => one.what || one.day).map((one) => line(one, list.dataset.none));
    list.replaceChildren(...kept, ...fresh);
  }

  function line({ what, day }, none) {
    const item = document.createElement("li");
    const language = document.documentElement.lang;
    const when = element("b", day ? new Date(`${day}T12:00`).toLocaleDateString(language, { dateStyle: "medium" }) : none);
    when.classList.toggle("is-bad", !day);
    item.append(when, element("span", what));
    return item;
  }

  function element(kind, text) {
    const made = document.createElement(kind);
    made.textContent = text;
    return made;
  }

  function add() {
    const last = rows.rows[rows.rows.length - 1];
    const row = last.cloneNode(true);
    row.classList.remove("is-err");
    for (const note of row.querySelectorAll(".is-bad")) note.remove();
    for (const input of row.querySelectorAll("input")) {
      input.value = "";
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
    last.after(row);
    number();
    row.querySelector("input").focus();
  }

  function drop(row) {
    if (rows.rows.length > 1) row.remove();
    else for (const input of row.querySelectorAll("input")) input.value = "";
    number();
    form.querySelector("[data-more]").focus();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function number() {
    [...rows.rows].forEach((row, index) => {
      row.cells[0].textContent = index + 1;
      row.querySelectorAll("input").forEach((input, place) => {
        const part = place === 0 ? "text" : "due_on";
        input.name = input.id = `promises-${index}-${part}`;
        const label = row.querySelectorAll("label")[place];
        label.htmlFor = input.id;
        label.textContent = (place === 0 ? rows.dataset.what : rows.dataset.day).replace("{n}", index + 1);
      });
      const out = row.querySelector("button");
      out.value = `drop-${index}`;
      out.setAttribute("aria-label", rows.dataset.out.replace("{n}", index + 1));
    });
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.hasAttribute("data-more")) { event.preventDefault(); add(); check(); }
    if (button?.value.startsWith("drop-")) { event.preventDefault(); drop(button.closest("tr")); check(); }
  });
  form.addEventListener("input", check);
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
    if (event.shiftKey || event.altKey || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    form.dispatchEvent(new CustomEvent("keep")); // in place: the cursor stays where it is
  });
  const at = document.querySelector('input[name="at"]');
  at?.addEventListener("input", () => {
    const timed = document.querySelector('input[name="when"][value="at"]');
    if (timed && at.value) timed.checked = true;
  });
}
