import { readFileSync } from "node:fs";

/** Measures processor time, which other programs do not affect. unit: ms */
export function processorTime(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}

/** Processor time of the main thread (Linux; elsewhere of the process). unit: ms */
function mainThread(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
}

/** Measures the longest turn of the event loop. unit: ms of processor time */
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
