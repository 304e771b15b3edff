import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runHere } from "../cli/in-process.ts";
import { startApiServer } from "../support/api-server/api-server.ts";
import { ingressFor, podOf, serviceOf } from "../support/cluster-objects.ts";
import { folderOf, type SaidReport } from "./folders.ts";

test("context:NAME is a cluster, and manifests beside it are of its namespace", async () => {
  const server = await startApiServer();
  onTestFinished(() => server.close());
  const inShop = (object: object) => {
    const { metadata, ...rest } = object as { metadata: object };
    return { ...rest, metadata: { ...metadata, namespace: "shop" } };
  };
  const served = [...serviceOf("web", ["web-1"]), podOf("web", "web-1"), ingressFor("a.test")];
  for (const object of served) server.apply(inShop(object) as never);
  const { metadata, ...rest } = ingressFor("a.test");
  const [service] = serviceOf("web", ["web-1"]);
  const nameless = ({ metadata: { name }, ...others }: { metadata: { name?: string } }) =>
    JSON.stringify({ ...others, metadata: { name } });
  const folder = folderOf({
    "web.json": JSON.stringify({ ...rest, metadata: { name: metadata.name } }),
    "service.json": nameless(service as never),
  });
  writeFileSync(join(folder, "config"), server.kubeconfig({ namespace: "shop" }));
  const kubeconfig = ["--kubeconfig", join(folder, "config"), "-o", "json"];
  const diff = async (...sides: readonly string[]) => {
    const said = await runHere(["diff", ...sides, ...kubeconfig], { cwd: folder, env: { HOME: folder } });
    return { ...said, report: said.stdout === "" ? undefined : (JSON.parse(said.stdout) as SaidReport) };
  };
  for (const sides of [
    ["context:minikube", folder],
    [folder, "context:minikube"],
  ]) {
    const { code, report, stderr } = await diff(...sides);
    expect([code, report?.differences, stderr]).toEqual([0, [], ""]);
  }
  writeFileSync(
    join(folder, "web.json"),
    JSON.stringify({ ...ingressFor("b.test"), metadata: { name: "web" } }),
  );
  const { report } = await diff("context:minikube", folder);
  expect(report?.differences.map(({ cause, old }) => [cause, old.file])).toEqual(
    expect.arrayContaining([["rule removed", "minikube"]]),
  );
});
