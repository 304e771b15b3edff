import { type InUse, keepLastGood } from "../../src/source/last-good.ts";
import { runHere } from "../cli/in-process.ts";
import { parseManifest } from "../support/parse-manifest.ts";
import { processorTime } from "../support/processor-time.ts";
import type { Random } from "./random.ts";

const URLS = [
  ...[
    "http://a.test/",
    "https://a.test/a/b?c=d",
    "http://www.basic1.com/path1",
    "https://b.test//x/../%2e%2e",
  ],
  ...["http://x.a.test/%zz", "http://shop.test/cart/%C3%A9", `http://a.test/${"a/".repeat(500)}`],
];
/** A command's report of a bug of ours. */
const OWN_FAULT = /please report/i;
const NOTHING: InUse = { resources: [], problems: [], unmatched: new Set() };

/** Limit for a command on one text. unit: ms of processor time */
const LONGEST_MS = 1_000;

/** Faults of the commands that read a text once. */
export async function faultsOf(text: string, before: string, random: Random): Promise<readonly string[]> {
  const faults: string[] = [];
  const spent = processorTime();
  const commands = [
    ["check", "-", "-o", "json"],
    ["check", "-", "--controller", "kubernetes"],
    ["routes", "-", ...(random.percent(50) ? ["--exact"] : [])],
    ["routes", "-", "-o", "json", "--no-echo"],
    ["explain", random.pick(URLS), "-f", "-", ...(random.percent(50) ? ["-o", "json"] : [])],
  ];
  for (const command of commands) {
    const { code, stdout, stderr } = await runHere(command, { input: text });
    const said = `${stdout}${stderr}`;
    if (OWN_FAULT.test(said)) faults.push(`${command.join(" ")}: ${said.slice(0, 2000)}`);
    if (code > 2) faults.push(`${command.join(" ")}: exit status ${code}`);
  }
  keepLastGood(
    keepLastGood(NOTHING, parseManifest(before, "a.yaml"), "a.yaml"),
    parseManifest(text, "a.yaml"),
    "a.yaml",
  );
  const ms = spent();
  if (ms > LONGEST_MS) faults.push(`took ${Math.round(ms)} ms of processor time`);
  return faults;
}
