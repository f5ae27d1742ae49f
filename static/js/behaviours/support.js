// Support and taking it back without a new page. The answer is {supports, supported}, or a fragment of the form.

import { ask, complain, say, swap } from "../exchange.js";

export default function support(form) {
  const button = form.querySelector("button");
  let busy = false;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await ask(form.getAttribute("action"), { method: "POST", body: new FormData(form) });
      if (typeof answer === "string") swap(form, answer)?.querySelector("button")?.focus();
      else show(form, button, answer);
    } catch (fault) {
      complain(form, fault.message);
    } finally {
      busy = false;
      button.removeAttribute("aria-busy");
    }
  });
}

function show(form, button, { supports, supported }) {
  const words = supported ? form.dataset.on : form.dataset.off;
  button.setAttribute("aria-pressed", String(supported));
  button.querySelector(".c-support__w").textContent = words;
  form.querySelector('input[name="_method"]')?.remove();
  if (supported) form.append(hidden("_method", "DELETE"));
  for (const place of document.querySelectorAll(`[data-supports-of="${form.dataset.idea}"]`)) {
    place.dataset.supports = supports;
    place.textContent = supports.toLocaleString(document.documentElement.lang);
  }
  document.getElementById("fault-note")?.remove();
  say(`${words} ${supports}`);
}

function hidden(name, value) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
}
