const STEPS = 6;

/**
 * Calls `then` when the time is over, and the process has had some turns: on a busy machine a timer alone rings
 * before bytes are read that have long arrived. Returns what cancels it.
 */
export function patiently(ms: number, then: () => void): () => void {
  let steps = 0;
  let timer = setTimeout(step, ms / STEPS);
  function step(): void {
    if (++steps === STEPS) then();
    else timer = setTimeout(step, ms / STEPS);
  }
  return () => clearTimeout(timer);
}
