import { keep, kept } from "./kept.js";
import { linked } from "./linking.js";
import { cloned, part, showIf, showPart, write } from "./parts.js";
import { clock, count, fill, words } from "./words.js";

/** The room around the questions: its state in words, whether one may ask, how many are here, and announcements. */
export function showRoom({ store, announcer, connection, outbox }, key) {
  const showState = () => {
    for (const subject of ["state", "moderation", "voting"]) showIf(subject, store.session[subject]);
    showSlow(store.session.slow);
    showAsking(store);
  };
  let mute = "";
  store.addEventListener("all", () => {
    showState();
    mute = muteWords(store);
    showAnnouncements(store, key);
  });
  store.addEventListener("session", ({ detail: { before } }) => {
    showState();
    const now = store.session;
    if (before.state !== now.state) announcer.tell(words[`now_${now.state}`]);
    if (before.questions !== now.questions) announcer.tell(now.questions === "open" ? words.open_again : words.closed);
    if (before.voting !== now.voting) announcer.tell(words[`voting_${now.voting}`]);
  });
  store.addEventListener("mine", ({ detail: { muted } }) => {
    if (muted === undefined) return;
    showAsking(store);
    const before = mute;
    mute = muteWords(store);
    if (mute !== before) announcer.say(mute || words.unmuted);
  });
  // What was refused has come back into the form, which may be hidden.
  outbox.addEventListener("settled", ({ detail: { item } }) => item.type === "ask" && connection.works && showAsking(store));
  connection.addEventListener("state", ({ detail: state }) => state === "refused" && leave());
  store.addEventListener("present", () => {
    document.querySelector("[data-present]").textContent = count("present", store.present);
  });
  store.addEventListener("announcement", ({ detail }) => {
    showAnnouncements(store, key);
    announcer.tell(fill(words.announcement, { text: detail.text }));
  });
  store.addEventListener("retracted", ({ detail: { id } }) => {
    // Whoever has put the newest away has put away those before it, too.
    if (kept(key, "") === id) keep(key, store.announcements.at(-1)?.id ?? null);
    showAnnouncements(store, key);
    announcer.tell(words.retracted);
  });
}

/** The form to ask, or a sentence why there is none. Whoever was in the form is led to the sentence. */
function showAsking({ muted, muteReason, session, isOver }) {
  const asking = muted ? "muted" : isOver ? "over" : session.questions;
  document.querySelector("[data-mute-reason]").textContent = reasonWords(muteReason);
  const was = document.activeElement?.closest("[data-ask]");
  showIf("asking", asking);
  showUnsent(asking);
  if (was?.hidden) document.querySelector(`[data-if="asking:${asking}"]`).focus({ preventScroll: true });
}

/** What was begun stays to be read and copied while there is no form. */
function showUnsent(asking) {
  const place = document.querySelector("[data-unsent]");
  const text = asking === "open" ? "" : document.querySelector("[data-ask]").elements.text.value.trim();
  place.querySelector("[data-unsent-text]").textContent = text;
  place.hidden = !text;
}

/** Nothing can be sent any more: forms go, and what was begun can still be copied. */
function leave() {
  const had = document.activeElement?.closest("[data-ask], [data-reactions]");
  showIf("asking", "out");
  showUnsent("out");
  document.querySelector("[data-reactions]").hidden = true;
  if (had) document.querySelector("[data-reload]").focus();
}

/** What is said to somebody who is muted; nothing to the others. */
function muteWords({ muted, muteReason }) {
  return muted ? `${words.muted} ${reasonWords(muteReason)}`.trim() : "";
}

function reasonWords(reason) {
  return reason ? fill(words.mute_reason, { reason }) : "";
}

function showSlow(seconds = 0) {
  const place = document.querySelector("[data-slow]");
  const [name, n] = seconds % 60 ? ["slow_seconds", seconds] : ["slow_minutes", seconds / 60];
  place.textContent = seconds ? count(name, n) : "";
  place.hidden = !seconds;
}

function showAnnouncements(store, key) {
  const newest = store.announcements.at(-1);
  const latest = document.querySelector("[data-latest]");
  latest.hidden = !newest || kept(key, "") === newest.id;
  if (newest && latest.firstElementChild?.dataset.announcement !== newest.id) latest.replaceChildren(made(newest));
  if (!newest) latest.replaceChildren();
  if (newest && !latest.querySelector("button")) latest.firstElementChild.append(hideButton(latest, newest.id, key));
  document.querySelector("[data-announcements-block]").hidden = !newest;
  document.querySelector("[data-announcements]").replaceChildren(...store.announcements.map(made).reverse());
}

function made(announcement) {
  const node = cloned("announcement", announcement.id);
  node.classList.add(announcement.level);
  showPart(node, "urgent", announcement.level === "urgent");
  part(node, "text").replaceChildren(...linked(announcement.text));
  write(node, "made", clock(new Date(announcement.made_at)));
  return node;
}

function hideButton(latest, id, key) {
  const looks = { type: "button", className: "link push", textContent: words.hide };
  const button = Object.assign(document.createElement("button"), looks);
  button.addEventListener("click", () => {
    keep(key, id);
    latest.hidden = true;
    document.querySelector("[data-tabs] [aria-selected=true]").focus();
  });
  return button;
}
