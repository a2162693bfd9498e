import { cloned, part, showPart, write } from "../live/parts.js";
import { clock, fill, words } from "../live/words.js";

/** Raised hands, the first first, and who is muted or removed. */
export function usePeople({ root, connection, store, outbox, announcer, panels, bar }) {
  const hands = root.querySelector("[data-hands]");
  const sanctions = root.querySelector("[data-sanctions]");

  const showHands = () => {
    const up = [...store.hands.values()].sort((a, b) => Date.parse(a.raised_at) - Date.parse(b.raised_at));
    fillList(hands, up.map(({ person }) => person.id), "person", "hand", (node, at) => fillHand(node, up[at]), panels);
    root.querySelector("[data-no-hands]").hidden = up.length > 0;
    Object.assign(root.querySelector("[data-badge=people]"), { textContent: up.length, hidden: !up.length });
  };
  const showSanctions = () => {
    const held = [...store.sanctions.values()].filter(({ lifted }) => !lifted);
    fillList(sanctions, held.map(({ id }) => id), "sanction", "sanction", (node, at) => fillSanction(node, held[at]), panels);
    root.querySelector("[data-no-sanctions]").hidden = held.length > 0;
  };
  store.addEventListener("all", () => {
    showHands();
    showSanctions();
  });
  store.addEventListener("hand", ({ detail: { id, before } }) => {
    showHands();
    const hand = store.hands.get(id);
    if (hand && !before) announcer.say(fill(words.hand_up, hand.person));
  });
  store.addEventListener("sanction", showSanctions);

  panels.panel("people").addEventListener("submit", (event) => {
    if (!connection.works) return;
    const form = event.target;
    event.preventDefault();
    if (form.matches("[data-take-down]")) return outbox.add("hand", { on: false, person: form.elements.person.value });
    const { person, question } = form.elements;
    const whom = person.value ? { person: person.value } : { question: question.value };
    outbox.add("sanction", { ...whom, action: event.submitter.value });
  });
  outbox.addEventListener("settled", ({ detail: { item, answer } }) => {
    if (item.type === "hand" && answer.type === "error") bar.wrong(answer.message);
  });
}

/** Whoever was at one that goes is led to the next one. */
function fillList(place, ids, key, template, put, panels) {
  const gone = [...place.children].filter((node) => !ids.includes(node.dataset[key]));
  const had = gone.find((node) => node.contains(document.activeElement));
  const heir = had && (had.nextElementSibling ?? had.previousElementSibling);
  for (const node of gone) node.remove();
  ids.forEach((id, at) => {
    const node = [...place.children].find((one) => one.dataset[key] === id) ?? cloned(template, id);
    put(node, at);
    if (place.children[at] !== node) place.insertBefore(node, place.children[at] ?? null);
  });
  if (had) (heir?.querySelector("button") ?? panels.panel("people")).focus();
}

function fillHand(node, { person, raised_at }) {
  write(node, "name", person.name);
  write(node, "whose", person.name);
  write(node, "raised", clock(new Date(raised_at)));
}

function fillSanction(node, { person, question, action, everywhere, reason }) {
  const { elements } = node.querySelector("form");
  elements.person.value = person?.id ?? "";
  elements.question.value = person ? "" : question ?? "";
  for (const name of ["name", "whose"]) write(node, name, person?.name ?? words.anonymous);
  showPart(node, "mute", action === "mute");
  showPart(node, "remove", action === "remove");
  showPart(node, "everywhere", everywhere);
  write(node, "reason", reason ?? "");
  part(node, "whose").closest("button").value = action === "mute" ? "unmute" : "restore";
}
