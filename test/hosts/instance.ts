/**
 * A child process of `processes.test.ts`: an instance that adds, changes and removes its lines.
 *
 * `instance.ts FILE NAME ROUNDS`: checks after each step that the file has exactly its lines and is otherwise as at
 * first. Exit status 1 and a sentence if not. ROUNDS 0: until killed.
 */
import { readFileSync } from "node:fs";
import { openHosts } from "../../src/hosts/file.ts";
import { currentOwner } from "../../src/hosts/owner.ts";
import { LOOPBACK, linesFor, sectionsOf, usersPart } from "./blocks.ts";

const [file = "", name = "", rounds = "0"] = process.argv.slice(2);
const users = usersPart(readFileSync(file));
const hosts = openHosts({ file, addresses: LOOPBACK, owner: currentOwner() });

function look(wanted: readonly string[]): void {
  const bytes = readFileSync(file);
  const found = sectionsOf(bytes)[process.pid] ?? [];
  if (JSON.stringify(found) !== JSON.stringify(wanted)) throw new Error(`${name}: ${found} for ${wanted}`);
  if (usersPart(bytes) !== users) throw new Error(`${name}: the user's lines changed:\n${bytes}`);
}

process.stdout.write("started\n");
for (let round = 1; rounds === "0" || round <= Number(rounds); round++) {
  for (const wanted of [[`a.${name}.test`], [`a.${name}.test`, `b.${name}.test`], []]) {
    const outcome = await hosts.sync(wanted);
    if (outcome.kind === "not-writable") throw new Error(`${name}: ${outcome.problem}`);
    look(linesFor(...wanted));
  }
}
