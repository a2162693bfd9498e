import { useSessionChoice } from "./team/session_choice.js";

for (const root of document.querySelectorAll("[data-session-choice]")) useSessionChoice(root);
