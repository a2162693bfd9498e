/** Captions where there is no picture to write them on: as text below the sound. */
export function showSpoken(media, place) {
  const track = media.element.querySelector("track[default]")?.track;
  if (!track) return;
  place.lang = track.language;
  const show = () => {
    place.textContent = [...(track.activeCues ?? [])].map((cue) => cue.getCueAsHTML().textContent).join(" ");
  };
  const begin = () => {
    if (media.isPicture) return;
    track.mode = "hidden";
    place.hidden = false;
    track.addEventListener("cuechange", show, { signal: media.signal });
  };
  media.addEventListener("says", begin);
  begin();
}
