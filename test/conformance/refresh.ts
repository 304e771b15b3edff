import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { ConformanceTest } from "./cases.ts";

/**
 * Makes the project's copy of Gateway API's conformance suite: `npx tsx test/conformance/refresh.ts CASES AGREEMENT`.
 * Where the real Envoy Gateway does not do what the suite wants, its answer stands beside the wish.
 */
interface Real {
  readonly name: string;
  readonly notRun?: string;
  readonly requests: readonly { readonly n: number; readonly agrees: boolean; readonly got?: object }[];
  readonly status: readonly { readonly agrees: boolean; readonly why?: readonly string[] }[];
}

const [cases = "", agreement = ""] = process.argv.slice(2);
const { meta, base, tests } = JSON.parse(readFileSync(cases, "utf8"));
const real: readonly Real[] = JSON.parse(readFileSync(agreement, "utf8")).tests;
const kept = (tests as readonly ConformanceTest[]).map((test) => {
  const { name, manifests, requests, status, changes, serviceBackends, onlyIfUnsupported } = test;
  const said = real.find((each) => each.name === name);
  const isRun = said !== undefined && said.notRun === undefined;
  return {
    ...{ name, manifests, changes, serviceBackends, onlyIfUnsupported },
    requests: requests.map((each) => {
      const found = said?.requests.find(({ n }) => n === each.n);
      return found?.agrees === false ? { ...each, real: found.got } : each;
    }),
    status: status.map((each, at) => {
      const found = said?.status[at];
      return isRun && found?.agrees === false ? { ...each, realDiffers: found.why } : each;
    }),
  };
});
const { serviceBackends, generatedBefore } = meta;
const text = JSON.stringify({ serviceBackends, generated: generatedBefore, base, tests: kept });
writeFileSync(join(import.meta.dirname, "cases.json.gz"), gzipSync(text, { level: 9 }));
