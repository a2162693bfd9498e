/** What a window keeps over a reload. Where the browser keeps nothing for us, the page works without. */
export function keep(key, value) {
  write("sessionStorage", key, value);
}

export function kept(key, otherwise) {
  return read("sessionStorage", key) ?? otherwise;
}

/** What a browser keeps for good: how somebody wants their pages. */
export function remember(key, value) {
  write("localStorage", key, value);
}

export function remembered(key, otherwise) {
  return read("localStorage", key) ?? otherwise;
}

function write(storage, key, value) {
  try {
    if (value === null) window[storage].removeItem(key);
    else window[storage].setItem(key, JSON.stringify(value));
  } catch { /* storage is full or forbidden */ }
}

function read(storage, key) {
  try {
    return JSON.parse(window[storage].getItem(key));
  } catch {
    return null;
  }
}
