import { askWhatFits } from "./registration/asking.js";

askWhatFits(document.querySelector("form[method=post]:has([name=category])"));
