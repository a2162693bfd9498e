/** What takes back what: from the question as it was before, the messages that lead there again. None: it can't be. */
export function wayBack(action, before) {
  switch (action) {
    case "approve":
      return before.state === "waiting" ? [{ action: "dismiss" }, { action: "restore" }] : [{ action: "dismiss" }];
    case "dismiss":
      return before.state === "waiting" ? [{ action: "restore" }] : [{ action: "approve" }, ...onward(before.state)];
    case "answer":
      return before.state === "answered" ? [{ action: "answered" }] : [{ action: "restore" }];
    case "answered":
      return [{ action: "restore" }, ...onward(before.state)];
    case "restore":
      return before.state === "dismissed" ? [{ action: "dismiss" }] : onward(before.state);
    case "pin":
      return [{ action: "unpin" }];
    case "unpin":
      return [{ action: "pin" }];
    case "edit":
      return [{ action: "edit", text: before.text }];
    case "label":
      return [{ action: "label", labels: before.labels ?? [] }];
    default:
      return [];
  }
}

/** From the room on to where the question was. */
function onward(state) {
  if (state === "answering") return [{ action: "answer" }];
  return state === "answered" ? [{ action: "answered" }] : [];
}
