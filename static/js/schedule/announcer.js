/** The page's one live region (WCAG 2.2 SC 4.1.3). What somebody does themselves is said at once, news of others wait. */
export class Announcer {
  #region;
  #news = [];
  #timer = 0;

  constructor(root) {
    this.#region = root.querySelector("[data-announcer]");
  }

  say(...sentences) {
    this.#region.textContent = sentences.filter(Boolean).join(" ");
  }

  tell(text) {
    this.#news.push(text);
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      this.say(...this.#news.splice(0));
    }, 1500);
  }
}
