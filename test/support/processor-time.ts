import { readFileSync } from "node:fs";

/** Starts a watch of processor time, in ms: other programs of a busy machine do not add to it. */
export function processorTime(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}

/** Of the main thread alone, in ms (Linux; elsewhere of the whole process). */
function mainThread(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
}

/** Watches how long one turn of the event loop takes at most, in ms of processor time. */
export function watchTurns(): () => number {
  let [last, longest] = [mainThread(), 0];
  const look = () => {
    const now = mainThread();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  return () => {
    clearInterval(timer);
    look();
    return longest;
  };
}
