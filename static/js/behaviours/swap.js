// A form or link whose HTML answer replaces one element of the page: data-target names its id.

import { ask, complain, say, send, swap as put } from "../exchange.js";

export default function swap(element) {
  const isForm = element.matches("form");

  element.addEventListener(isForm ? "submit" : "click", async (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const target = document.getElementById(element.dataset.target);
    if (!target) return;
    element.setAttribute("aria-busy", "true");
    try {
      const answer = isForm ? await send(element, event.submitter) : await ask(element.href);
      if (typeof answer === "string") put(target, answer);
      else if (answer.message) say(answer.message);
    } catch (fault) {
      complain(element, fault.message);
    } finally {
      element.removeAttribute("aria-busy");
    }
  });
}
