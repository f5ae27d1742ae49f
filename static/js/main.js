// Starts the behaviours that a page asks for: data-behaviour="support counter" on an element loads
// behaviours/support.js and behaviours/counter.js and calls their default export with the element.
// Every page works without this file; a behaviour that fails leaves the plain form behind.

const started = new WeakMap();

async function start(element, name) {
  const done = started.get(element) ?? new Set();
  if (done.has(name) || !/^[a-z]+$/.test(name)) return;
  started.set(element, done.add(name));
  try {
    const behaviour = await import(`./behaviours/${name}.js`);
    behaviour.default(element);
  } catch (fault) {
    console.error(`behaviour ${name}`, fault);
  }
}

/** Starts every behaviour within a part of the page, e.g. a fragment that has just arrived. */
export function startAll(root = document) {
  const found = [...root.querySelectorAll("[data-behaviour]")];
  if (root instanceof Element && root.matches("[data-behaviour]")) found.unshift(root);
  for (const element of found) {
    for (const name of element.dataset.behaviour.split(" ").filter(Boolean)) start(element, name);
  }
}

document.addEventListener("fragment", (event) => startAll(event.target));
startAll();
document.querySelector(".c-errors")?.focus();
