/** The picture in a small window over others, where the browser can. */
export function offerSmallWindow(media, button) {
  if (!button || !media.isPicture || !document.pictureInPictureEnabled) return;
  const { element } = media;
  const show = () => button.setAttribute("aria-pressed", String(document.pictureInPictureElement === element));
  // Before the picture's size is known there is no window to be had.
  const offer = () => { button.hidden = !media.isPicture; };
  media.listen("loadedmetadata", offer);
  media.listen("enterpictureinpicture", show);
  media.listen("leavepictureinpicture", show);
  button.addEventListener("click", () => {
    const isOpen = document.pictureInPictureElement === element;
    (isOpen ? document.exitPictureInPicture() : element.requestPictureInPicture()).catch(() => { button.hidden = true; });
  }, { signal: media.signal });
  if (element.readyState > 0) offer();
  show();
}
