/** A big button to begin with: nothing plays by itself, and a player's own controls are small and seem to be loading. */
export function offerStart(media, button) {
  if (!media.isPicture) return;
  const { element } = media;
  const follow = () => {
    const hadFocus = document.activeElement === button;
    button.hidden = !element.paused || element.currentTime > 0;
    element.controls = button.hidden;
    if (hadFocus && button.hidden) element.focus();
  };
  media.listen("play", follow);
  button.addEventListener("click", () => element.play().catch(() => {}), { signal: media.signal });
  follow();
}
