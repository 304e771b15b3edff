import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { CrdAnswer } from "./crd-answers.ts";

/**
 * Makes the project's copy of what a real API server said of custom resources:
 * `npx tsx test/answers/refresh-crds.ts FOLDER` writes `FOLDER/given.json` to `test/answers/apiserver-crds.json.gz`.
 * Equal input gives equal bytes.
 */
const [folder = "."] = process.argv.slice(2);
const given: readonly CrdAnswer[] = JSON.parse(readFileSync(join(folder, "given.json"), "utf8"));
const kept = given.map((answer): CrdAnswer => {
  const { name, manifest, status, message, causes, defaulted, sent, warnings } = answer;
  const { exit, stderr } = answer.kubectl;
  return {
    ...{ name, manifest, status, message },
    causes: causes.map(({ field, message: said }) => ({ field, message: said })),
    ...(defaulted && { defaulted }),
    ...(sent && { sent }),
    ...(warnings && { warnings }),
    // Where the API server was asked, kubectl repeats what it said.
    kubectl: { exit, stderr: stderr.startsWith("error: ") ? stderr : "" },
  };
});
const file = join(import.meta.dirname, "apiserver-crds.json.gz");
writeFileSync(file, gzipSync(JSON.stringify(kept), { level: 9 }));
