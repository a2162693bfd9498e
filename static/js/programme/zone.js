const KEY = "summit:zone";
// What is kept of somebody who wants the summit's own time.
const HOME = "home";

// Offers the browser's zone where its clock differs from the page's, and goes there at once for whoever took it before.
// It lies over the page, so that nothing moves when it comes.
export function offerZone(offer) {
  if (!offer) return;
  const asked = new URL(location.href).searchParams.get("tz");
  const kept = read();
  const wanted = kept && kept !== HOME ? kept : Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (asked !== null || kept === HOME || !wanted || sameClock(offer.dataset, wanted)) return;
  if (kept) {
    location.replace(inZone(location.href, wanted));
    return;
  }
  const city = wanted.split("/").pop().replaceAll("_", " ");
  for (const part of offer.querySelectorAll("[data-text]")) part.textContent = part.dataset.text.replace("{zone}", city);
  const take = offer.querySelector("[data-take]");
  take.href = inZone(location.href, wanted);
  take.addEventListener("click", () => keep(wanted));
  offer.querySelector("[data-keep]").addEventListener("click", () => {
    keep(HOME);
    offer.hidden = true;
    document.querySelector("main").focus({ preventScroll: true });
  });
  offer.hidden = false;
}

// The zone chosen in the form of the programme is the one for the next visit, too.
export function rememberZone(select) {
  select?.form.addEventListener("submit", () => {
    const before = [...select.options].find((option) => option.defaultSelected);
    if (select.value !== (before?.value ?? "")) keep(select.value || HOME);
  });
}

export function returnHome(link) {
  link?.addEventListener("click", () => keep(HOME));
}

function sameClock({ home, at }, zone) {
  return clockIn(home, at) === clockIn(zone, at);
}

function clockIn(timeZone, at) {
  return new Intl.DateTimeFormat("en", { timeZone, dateStyle: "short", timeStyle: "short" }).format(new Date(at));
}

function inZone(address, zone) {
  const url = new URL(address);
  url.searchParams.set("tz", zone);
  return url.href;
}

// A browser may refuse to keep anything.
function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function keep(zone) {
  try {
    localStorage.setItem(KEY, zone);
  } catch {
    // Then it is offered again.
  }
}
