/** One process of several that want the same certificate at once: `DIR HOST…`; prints what it ended with. */
import { openStore } from "../../../certs/store.ts";

const [dir = "", ...hosts] = process.argv.slice(2);
const stored = await openStore(dir).ensure({ namespace: "default", secretName: "shared", hosts }, new Date());
process.stdout.write(JSON.stringify({ fingerprint: stored.fingerprint256, warning: stored.warning ?? null }));
