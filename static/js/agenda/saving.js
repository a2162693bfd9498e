/** Puts a session into the agenda, or takes it out, without leaving the page; says what happened. */
export async function toggle(form, button, say) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams({ on: button.value });
    const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const { code, on } = await answer.json();
    for (const same of document.querySelectorAll(`[data-agenda][action$="/sessions/${CSS.escape(code)}/agenda"] button`)) show(same, on);
    say(on ? form.dataset.saved : form.dataset.removed);
  } catch {
    say(form.dataset.failed);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function show(button, on) {
  button.setAttribute("aria-pressed", String(on));
  button.value = on ? "0" : "1";
}
