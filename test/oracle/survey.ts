import fc from "fast-check";
import { openIngressDev, openNginx } from "./both.ts";
import { ingresses, samples } from "./ingresses.ts";
import { openWorkshop } from "./nginx.ts";
import { requestOf, requestSketch } from "./requests.ts";
import { manifestOf } from "./resources.ts";
import { DIFFERENCES } from "./differences.ts";
const workshop = await openWorkshop();
const [seed, runs] = [Number(process.argv[2]), Number(process.argv[3])];
const found = new Map<string, { count: number; example: string; size: number }>();
let n = 0, refused = 0; const listed = new Map<string, number>();
for (const [drawn, sketches] of fc.sample(fc.tuple(ingresses, fc.array(requestSketch, { minLength: 40, maxLength: 60, size: "max" })), { seed, numRuns: runs })) {
  const nginx = await openNginx(drawn, workshop);
  const dev = await openIngressDev(drawn, workshop);
  if (nginx.kind === "refused") { refused++; const key = "REFUSED " + nginx.why.replace(/".*?"|in \S+|\d+/g, "") + " | " + [...new Set(dev.problems.map((p) => p.level + " " + p.code))].sort().join(","); const e = found.get(key) ?? { count: 0, example: nginx.why + "\n" + manifestOf(drawn), size: 0 }; e.count++; found.set(key, e); await dev.close(); continue; }
  for (const sketch of sketches) {
    const request = requestOf(sketch, drawn, samples); n++;
    const [a, b] = [await nginx.ask(request), await dev.ask(request)];
    if (JSON.stringify(a) === JSON.stringify(b)) continue;
    const d = DIFFERENCES.find((x) => x.covers(request, a, b)); if (d) { listed.set(d.name, (listed.get(d.name) ?? 0) + 1); continue; }
    const keys = ["status", "backend", "path", "host", "location"].filter((k) => (a as any)[k] !== (b as any)[k]).join(",");
    const key = `${a.status}/${b.status} ${keys} ${request.form}`;
    const yaml = manifestOf(drawn);
    const e = found.get(key) ?? { count: 0, example: "", size: Infinity };
    e.count++;
    if (yaml.length + request.target.length * 5 < e.size) { e.size = yaml.length + request.target.length * 5; e.example = `${yaml}\n${request.scheme} ${JSON.stringify(request.bytes.slice(0, 300))} body ${request.bodySize}\nnginx ${JSON.stringify(a)}\nours  ${JSON.stringify(b)}`; }
    found.set(key, e);
  }
  await nginx.close(); await dev.close();
}
console.log({ n, refused }, listed);
for (const [key, { count, example }] of [...found].sort((a, b) => b[1].count - a[1].count)) console.log(`=== ${count} × ${key}\n${process.argv[4] === "-v" ? example : ""}`);
await workshop.close();
process.exit(0);
