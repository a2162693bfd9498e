const SECONDS = 4;

/** A short line at the foot of the page, read aloud, that goes away by itself. */
export function lineAtFoot() {
  const line = document.createElement("p");
  line.className = "agenda-line";
  line.setAttribute("role", "status");
  document.body.append(line);
  let going = 0;
  return (text) => {
    clearTimeout(going);
    line.textContent = text;
    going = setTimeout(() => { line.textContent = ""; }, SECONDS * 1000);
  };
}
