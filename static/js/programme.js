import { offerZone, rememberZone, returnHome } from "./programme/zone.js";
import { printOnDemand } from "./programme/print.js";

offerZone(document.querySelector("[data-zone-offer]"));
rememberZone(document.querySelector("select[name=tz]"));
returnHome(document.querySelector("[data-zone-home]"));
printOnDemand(document.querySelector("[data-print]"));
