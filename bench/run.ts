import { benchCompile } from "./compile.ts";
import { nanosecondsPerMatch } from "./match.ts";
import { line, type Outcome } from "./outcome.ts";
import { benchPortForward, NO_KUBECTL } from "./port-forward.ts";
import { benchProxy } from "./proxy.ts";
import { benchSelect } from "./select.ts";
import { benchSize } from "./size.ts";
import { benchStart } from "./start.ts";

/** Runs every bench, prints one line per target, and exits with 1 if one is missed. */
async function run(): Promise<void> {
  const outcomes: Outcome[] = [];
  const report = (outcome: Outcome) => {
    outcomes.push(outcome);
    process.stdout.write(`${line(outcome)}\n`);
  };
  const { ours, bare, ratio } = await benchProxy();
  const each = (us: number) => `${us.toFixed(0)} µs`;
  report({
    what: "a small proxied request, processor time beside a bare @fastify/http-proxy",
    figure: `${each(ours)}, bare ${each(bare)}`,
    ratio,
    limit: 0.65,
  });
  const few = nanosecondsPerMatch(10) / 1000;
  const many = nanosecondsPerMatch(20_000) / 1000;
  report({
    what: "a request among 20,000 hosts beside one among 10",
    figure: `the match takes ${many.toFixed(2)} µs instead of ${few.toFixed(2)} µs of the request's ${each(ours)}`,
    ratio: (ours + many) / (ours + few),
    limit: 1.2,
  });
  for (const outcome of benchSelect(ours)) report(outcome);
  for (const outcome of benchCompile()) report(outcome);
  for (const outcome of await benchStart()) report(outcome);
  for (const outcome of await benchSize()) report(outcome);
  const forward = await benchPortForward();
  if (forward === undefined) process.stdout.write(`${NO_KUBECTL}\n`);
  else report(forward);
  if (outcomes.some(({ ratio, limit }) => ratio > limit)) process.exitCode = 1;
}

await run();
