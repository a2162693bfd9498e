const LETTERS = { ß: "ss", ø: "o", æ: "ae", œ: "oe", đ: "d", ð: "d", þ: "th", ł: "l", ı: "i" };

/** The text in small letters without diacritics, as the server's search folds it. */
export function fold(text) {
  const plain = text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  return plain.replace(/[ßøæœđðþłı]/g, (letter) => LETTERS[letter]);
}

/** Whether each word of what somebody typed occurs in the question. */
export function hasWords(question, wanted) {
  const text = fold([question.text, question.reply ?? "", question.author?.name ?? ""].join(" "));
  return fold(wanted).split(/\s+/).every((word) => text.includes(word));
}
