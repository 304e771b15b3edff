import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { BenchOptions, Checkout } from "./bench.ts";
import { canMeasure } from "./beside/program.ts";
import { GROUPS } from "./groups.ts";
import { isOver, line, type Outcome } from "./outcome.ts";
import { writePage } from "./page.ts";

const HELP = `npm run bench -- [GROUP…] [--before DIR] [--rounds N] [--size SHARE] [--json FILE] [--page FILE]

  GROUP     ${Object.keys(GROUPS).join(", ")} (default: all)
  --before  another checkout with its dist/; of request, latency, echo and start in the same rounds, of reload and
            memory behind this one
  --rounds  of each contestant of request, latency, echo and dashboard; the best counts (default: 6)
  --size    requests of a round, as a share of the usual number (default: 1)
  --json    writes the table as JSON
  --page    writes the table and its chart as Markdown
`;

/** Runs the groups, prints one line per measurement, and exits with 1 if a limit is missed. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      before: { type: "string" },
      rounds: { type: "string", default: "6" },
      size: { type: "string", default: "1" },
      json: { type: "string" },
      page: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const unknown = positionals.filter((name) => !(name in GROUPS));
  if (unknown.length > 0) throw new Error(`no such group: ${unknown.join(", ")}\n\n${HELP}`);
  if (!canMeasure())
    throw new Error("the processor time of other processes is read from /proc, which is not here");
  const outcomes: Outcome[] = [];
  const here: Checkout = { name: "ingress-dev", root: resolve(import.meta.dirname, "..") };
  const before: Checkout[] =
    values.before === undefined ? [] : [{ name: "before", root: resolve(values.before) }];
  const options: BenchOptions = {
    checkouts: [here, ...before],
    rounds: Number(values.rounds),
    size: Number(values.size),
    report(outcome) {
      if ("ratio" in outcome) outcomes.push(outcome);
      process.stdout.write(`${line(outcome)}\n`);
    },
  };
  process.stdout.write(`Node.js ${process.version}, ${availableParallelism()} cores\n`);
  for (const [name, bench] of Object.entries(GROUPS))
    if (positionals.length === 0 || positionals.includes(name)) await run(name, bench, options);
  const table = { node: process.version, cores: availableParallelism(), outcomes };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(table, null, 2)}\n`);
  if (values.page !== undefined) writePage(values.page, table);
  if (outcomes.some(isOver)) process.exitCode = 1;
}

/** A group that fails takes no other group's figures along. */
async function run(
  name: string,
  bench: (options: BenchOptions) => Promise<void>,
  options: BenchOptions,
): Promise<void> {
  try {
    await bench(options);
  } catch (error) {
    options.report({
      what: name,
      failed: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    process.exitCode = 1;
  }
}

await main();
