const LASTING = ["summary", "[data-player]", "[data-start]", "[data-small-window]", "[data-stream]"];

/** The stage's parts as the server shows them now: `player` (null for text only) and `watch`. */
export async function fetchStage(address) {
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) throw new Error(`the stage answered ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { player: page.getElementById("player"), watch: page.getElementById("watch") };
}

/** Puts them in the place of the old. Focus stays on what it was on, as far as that is still there. */
export function exchange(stage, { player, watch }, isOther) {
  const focused = focusIn(stage);
  const oldWatch = stage.querySelector("#watch");
  if (oldWatch.querySelector("details")?.open) watch.querySelector("details")?.setAttribute("open", "");
  oldWatch.replaceWith(watch);
  if (isOther) exchangePlayer(stage, player);
  if (focused !== null && !stage.contains(document.activeElement)) {
    const same = focused && (watch.querySelector(focused) ?? stage.querySelector(`#player ${focused}`));
    (same || (stage.querySelector("#player") ?? watch)).focus({ preventScroll: true });
  }
}

/** A picture that stays a picture keeps its element, and with it full screen, its small window and its loudness. */
function exchangePlayer(stage, fresh) {
  const old = stage.querySelector("#player");
  if (!fresh) return old?.remove();
  if (!old) return stage.prepend(fresh);
  const kept = old.querySelector("video[data-player]");
  const other = fresh.querySelector("video[data-player]");
  if (kept && other) {
    for (const { name } of [...kept.attributes]) if (!other.hasAttribute(name)) kept.removeAttribute(name);
    for (const { name, value } of other.attributes) if (kept.getAttribute(name) !== value) kept.setAttribute(name, value);
    exchangeCaptions(kept, other);
    for (const part of [...old.children]) if (part !== kept) part.remove();
    old.className = fresh.className;
    old.append(...[...fresh.children].filter((part) => part !== other));
  } else {
    old.replaceWith(fresh);
  }
}

/** The same captions stay as they are, with the reader's choice of language; others take nothing of them along. */
function exchangeCaptions(kept, other) {
  const said = (video) => [...video.querySelectorAll("track")].map((track) => track.outerHTML).join();
  const source = other.querySelector("source");
  kept.querySelector("source")?.remove();
  if (said(kept) !== said(other)) {
    for (const track of kept.textTracks) track.mode = "disabled";
    kept.replaceChildren(...other.querySelectorAll("track"));
    const [first] = [...kept.querySelectorAll("track[default]")];
    if (first) setTimeout(() => { first.track.mode = "disabled"; first.track.mode = "showing"; });
  }
  if (source) kept.append(source);
}

function focusIn(stage) {
  const element = document.activeElement;
  if (!stage.querySelector("#player")?.contains(element) && !stage.querySelector("#watch").contains(element)) return null;
  if (element.id) return `#${element.id}`;
  if (element.name === "mode") return `[name=mode][value=${element.value}]`;
  return LASTING.find((selector) => element.matches(selector)) ?? "";
}
