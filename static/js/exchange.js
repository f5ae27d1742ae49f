// How behaviours talk to the server and to the person: one place for CSRF, faults and spoken words.

/** A word from the page's own language: <template id="words" data-close="…">. */
export function word(name) {
  return document.getElementById("words")?.dataset[name] ?? "";
}

/** Says something to screen readers without moving the focus. */
export function say(text) {
  const live = document.getElementById("live");
  if (!live) return;
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = text; });
}

/** Shows a fault where the eye is and says it aloud. */
export function complain(near, text) {
  const id = "fault-note";
  document.getElementById(id)?.remove();
  const note = document.createElement("p");
  note.id = id;
  note.className = "c-faultnote";
  note.setAttribute("role", "alert");
  note.textContent = text || word("failed");
  near.after(note);
}

/**
 * Asks the server as one of our own scripts: it answers with JSON or an HTML fragment.
 * Leads to the log-in where the answer says so, unless the page keeps its reader (the event `signedout` is
 * cancelled). `byItself`: nobody did anything, and the session must not live longer for it.
 * Throws an Error whose message may be shown.
 */
export async function ask(url, { method = "GET", body = null, signal, keepalive = false, byItself = false } = {}) {
  const headers = { "X-Requested-With": "fetch", Accept: "application/json, text/html" };
  if (byItself) headers["X-By-Itself"] = "1";
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token && method !== "GET") headers["X-CSRFToken"] = token;
  const answer = await fetch(url, { method, body, headers, signal, keepalive, credentials: "same-origin" });
  const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
  const content = isJson ? await answer.json() : await answer.text();
  if (isJson && content.location && (answer.ok || answer.status === 401)) {
    const stays = !answer.ok && !document.dispatchEvent(new Event("signedout", { cancelable: true }));
    if (stays) throw new Error(content.message);
    location.assign(content.location);
    return new Promise(() => {});
  }
  if (!answer.ok && (isJson || answer.status !== 422)) {
    throw new Error((isJson && content.message) || word("failed"));
  }
  return content;
}

/** Sends a form as it stands, with the button that was pressed. */
export function send(form, submitter = null) {
  const method = (form.getAttribute("method") ?? "get").toUpperCase();
  const data = new FormData(form, submitter);
  if (method === "GET") {
    const url = new URL(form.action);
    url.search = new URLSearchParams(data).toString();
    return ask(url);
  }
  return ask(submitter?.getAttribute("formaction") ?? form.getAttribute("action"), { method, body: data });
}

/** Puts a fragment in the place of an element and starts what is in it. */
export function swap(target, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = holder.content.firstElementChild;
  if (!fresh) { target.replaceChildren(); return null; }
  target.replaceWith(fresh);
  fresh.dispatchEvent(new CustomEvent("fragment", { bubbles: true }));
  return fresh;
}
