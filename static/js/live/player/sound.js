const SOUND = /^(mp4a|ac-3|ec-3|ac-4|opus|flac|alac)/i;
const ATTRIBUTE = /([A-Z0-9-]+)=("[^"]*"|[^,]*)/g;

/**
 * What of an HLS multivariant playlist (RFC 8216 §4.3.4) takes least: `says` is "alone" where the sound comes without a
 * picture, "lowest" where one of several qualities is the lowest, "single" where there is no choice.
 */
export function soundIn(playlist, base) {
  const { variants, sounds } = read(playlist.split(/\r?\n/));
  const alone = sounds.find((one) => one.DEFAULT === "YES") ?? sounds[0] ?? lowest(variants.filter(isSound));
  if (alone) return { url: new URL(alone.URI, base).href, says: "alone" };
  if (variants.length < 2) return { url: base, says: "single" };
  return { url: new URL(lowest(variants).URI, base).href, says: "lowest" };
}

/** Says what sound only really comes to, once that is known. */
export function sayWhatItIs(media, sayings) {
  const say = () => {
    for (const saying of sayings) saying.hidden = saying.dataset.sound !== media.says;
  };
  media.addEventListener("says", say);
  if (media.says) say();
}

function read(lines) {
  const variants = [];
  const sounds = [];
  let variant = null;
  for (const line of lines.map((one) => one.trim()).filter(Boolean)) {
    if (line.startsWith("#EXT-X-STREAM-INF:")) variant = attributes(line);
    else if (line.startsWith("#EXT-X-MEDIA:")) {
      const media = attributes(line);
      if (media.TYPE === "AUDIO" && media.URI) sounds.push(media);
    } else if (variant && !line.startsWith("#")) {
      variants.push({ ...variant, URI: line });
      variant = null;
    }
  }
  return { variants, sounds };
}

function attributes(line) {
  const pairs = line.slice(line.indexOf(":") + 1).matchAll(ATTRIBUTE);
  return Object.fromEntries([...pairs].map(([, name, value]) => [name, value.replace(/^"|"$/g, "")]));
}

function isSound({ RESOLUTION, CODECS = "" }) {
  return !RESOLUTION && CODECS !== "" && CODECS.split(",").every((codec) => SOUND.test(codec.trim()));
}

function lowest(variants) {
  return [...variants].sort((one, other) => one.BANDWIDTH - other.BANDWIDTH)[0];
}
