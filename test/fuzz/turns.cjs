"use strict";
// Preloaded into a process: tells, once a second on standard error, how long one turn of its event loop took at most, in ms
// of processor time of the main thread alone. Other programs, garbage collection beside it and worker threads add nothing.
const { existsSync, readFileSync } = require("node:fs");
const { isMainThread } = require("node:worker_threads");

const FILE = `/proc/self/task/${process.pid}/schedstat`;

/** Elsewhere than on Linux: of the whole process. */
function read() {
  if (existsSync(FILE)) return Number(readFileSync(FILE, "utf8").split(" ")[0]) / 1e6;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

if (isMainThread) {
  let [last, longest] = [read(), 0];
  setInterval(() => {
    const now = read();
    longest = Math.max(longest, now - last);
    last = now;
  }, 5).unref();
  setInterval(() => {
    process.stderr.write(`longest turn ${longest.toFixed(1)} ms\n`);
    longest = 0;
  }, 250).unref();
}
