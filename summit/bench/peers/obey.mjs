// Inside a Node server of the benchmarks: it tells its port, takes commands by lines of JSON, and publishes messages.
import { createInterface } from "node:readline";

/** A text message of that many bytes, with the moment it was made at (nanoseconds of the monotonic clock). */
function message(number, size) {
  const at = String(process.hrtime.bigint()).padStart(19, "0");
  const head = `{"type":"announcement","seq":${number},"at":${at},"text":"`;
  return head + "x".repeat(size - head.length - 2) + '"}';
}

/** Carries out `publish` with `send`, which hands a text to everybody, until nobody is there to ask. */
export function obey(port, send) {
  const say = (answer) => process.stdout.write(JSON.stringify(answer) + "\n");
  say({ port });
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    const { count, per_second, size } = JSON.parse(line);
    const began = performance.now();
    let number = 0;
    const step = () => {
      // Timers are coarse: what is due by now goes out.
      while (number < count && performance.now() - began >= (number / per_second) * 1000) {
        number += 1;
        send(message(number, size));
      }
      if (number < count) setTimeout(step, 1);
      else say({ seconds: (performance.now() - began) / 1000 });
    };
    step();
  });
  lines.on("close", () => process.exit(0));
}
