// Reads a calendar, as a JSON string, from each line of the input; answers each with a line of JSON.
import { createInterface } from "node:readline";
import ICAL from "./vendor/ical.js/ical.min.mjs";

function text(component, name) {
  return component.getFirstPropertyValue(name)?.toString() ?? "";
}

function seconds(component, name) {
  const time = component.getFirstPropertyValue(name);
  if (time === null) return null;
  if (time.zone === ICAL.Timezone.localTimezone) throw new Error(`no zone for ${name} ${time}`);
  return time.toUnixTime();
}

function alarm(component) {
  return [text(component, "action"), component.getFirstPropertyValue("trigger").toSeconds()];
}

function event(component) {
  return {
    uid: text(component, "uid"),
    summary: text(component, "summary"),
    starts: seconds(component, "dtstart"),
    ends: seconds(component, "dtend"),
    status: text(component, "status"),
    location: text(component, "location"),
    description: text(component, "description"),
    categories: component.getAllProperties("categories").flatMap((property) => property.getValues()),
    url: text(component, "url"),
    conference: text(component, "conference"),
    transp: text(component, "transp"),
    sequence: component.getFirstPropertyValue("sequence") ?? 0,
    stamped: seconds(component, "dtstamp"),
    modified: seconds(component, "last-modified"),
    created: seconds(component, "created"),
    geo: component.getFirstPropertyValue("geo"),
    alarms: component.getAllSubcomponents("valarm").map(alarm),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const calendar = new ICAL.Component(ICAL.parse(JSON.parse(line)));
    if (calendar.name !== "vcalendar") throw new Error("not one vcalendar");
    answer = { events: calendar.getAllSubcomponents("vevent").map(event) };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
