import { fill, words } from "../words.js";

const KEY = "summit:quality";

/** A choice of the stream's qualities, where it has several; it is remembered for this browser. */
export function offerQualities(media, box) {
  if (!box) return;
  const select = box.querySelector("select");
  const offer = () => {
    const levels = byHeight(media.hls.levels);
    if (levels.size < 2 || !media.isPicture) return;
    const options = [...levels].map(([height, { bitrate }]) => new Option(named(height, bitrate), height));
    select.replaceChildren(select.options[0], ...options);
    select.value = nearest([...levels.keys()], remembered());
    apply(select.value, levels, media.hls);
    box.hidden = false;
  };
  media.addEventListener("levels", offer);
  if (media.hls?.levels.length) offer();
  select.addEventListener("change", () => {
    remember(select.value);
    apply(select.value, byHeight(media.hls.levels), media.hls);
  }, { signal: media.signal });
}

function remember(height) {
  try {
    localStorage.setItem(KEY, height);
  } catch { /* storage is full or forbidden */ }
}

function remembered() {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** The best first; of several with the same height the one that takes least. */
function byHeight(levels) {
  const found = new Map();
  levels.forEach(({ height, bitrate }, index) => {
    const known = found.get(String(height));
    if (height && (!known || bitrate < known.bitrate)) found.set(String(height), { index, bitrate });
  });
  return new Map([...found].sort(([one], [other]) => other - one));
}

function apply(height, levels, hls) {
  hls.nextLevel = height ? levels.get(height).index : -1;
}

/** What was chosen elsewhere may be missing here: then the best that is not above it. */
function nearest(heights, wanted) {
  if (!wanted) return "";
  return heights.find((height) => Number(height) <= Number(wanted)) ?? heights.at(-1);
}

function named(height, bitrate) {
  const megabytes = (bitrate * 60) / 8 / 1e6;
  const digits = new Intl.NumberFormat(words.locale, { maximumSignificantDigits: megabytes < 10 ? 1 : 2 });
  return fill(words.per_minute, { quality: `${height}p`, megabytes: digits.format(megabytes) });
}
