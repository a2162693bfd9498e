/** How many characters the server counts in a text: an emoji is one, whatever it takes in memory. */
export function lettersIn(text) {
  return [...text.trim().normalize("NFC")].length;
}
