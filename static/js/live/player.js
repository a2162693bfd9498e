const TRY_AGAIN = 5000;

/** Plays HLS: by the browser itself where it can, else by hls.js, which only then is loaded. */
export async function play(video) {
  const trouble = document.querySelector("[data-player-trouble]");
  const isWell = () => { trouble.hidden = true; };
  video.addEventListener("loadeddata", isWell);
  video.addEventListener("playing", isWell);
  if (!video.dataset.hls || video.canPlayType("application/vnd.apple.mpegurl")) return watch(video, trouble);

  const { default: Hls } = await import("../../vendor/hls/hls.light.min.mjs");
  if (!Hls.isSupported()) return void (trouble.hidden = false);
  // The page's policy allows no worker from a blob.
  const hls = new Hls({ enableWorker: false, capLevelToPlayerSize: true });
  hls.on(Hls.Events.ERROR, (_event, error) => {
    if (!error.fatal) return;
    trouble.hidden = false;
    if (error.type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
    else setTimeout(() => hls.loadSource(video.dataset.hls), TRY_AGAIN);
  });
  video.replaceChildren(...video.querySelectorAll("track"));
  hls.loadSource(video.dataset.hls);
  hls.attachMedia(video);
}

function watch(video, trouble) {
  const again = () => {
    trouble.hidden = false;
    setTimeout(() => video.load(), TRY_AGAIN);
  };
  video.addEventListener("error", again);
  video.querySelector("source")?.addEventListener("error", again);
}
