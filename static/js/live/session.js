import { keep, kept } from "./kept.js";
import { cloned, showIf, showPart, write } from "./parts.js";
import { clock, count, fill, words } from "./words.js";

/** The room around the questions: its state in words, how many are here, and announcements. */
export function showRoom(store, announcer, key) {
  const showState = () => {
    showIf("state", store.session.state);
    showIf("questions", store.session.questions);
    showIf("moderation", store.session.moderation);
  };
  store.addEventListener("all", () => {
    showState();
    showAnnouncements(store, key);
  });
  store.addEventListener("session", ({ detail: { before } }) => {
    showState();
    if (before.state !== store.session.state) announcer.say(words[`now_${store.session.state}`]);
    if (before.questions !== store.session.questions) {
      announcer.say(store.session.questions === "open" ? words.open_again : words.closed);
    }
  });
  store.addEventListener("present", () => {
    document.querySelector("[data-present]").textContent = count("present", store.present);
  });
  store.addEventListener("announcement", ({ detail }) => {
    showAnnouncements(store, key);
    announcer.say(fill(words.announcement, { text: detail.text }));
  });
}

function showAnnouncements(store, key) {
  const newest = store.announcements.at(-1);
  const latest = document.querySelector("[data-latest]");
  latest.hidden = !newest || kept(key, "") === newest.id;
  if (newest && latest.firstElementChild?.dataset.announcement !== newest.id) latest.replaceChildren(made(newest));
  if (newest && !latest.querySelector("button")) latest.firstElementChild.append(hideButton(latest, newest.id, key));
  document.querySelector("[data-announcements-block]").hidden = !newest;
  document.querySelector("[data-announcements]").replaceChildren(...store.announcements.map(made).reverse());
}

function made(announcement) {
  const node = cloned("announcement", announcement.id);
  node.classList.add(announcement.level);
  showPart(node, "urgent", announcement.level === "urgent");
  write(node, "text", announcement.text);
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
