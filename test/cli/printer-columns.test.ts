import { expect, test } from "vitest";
import { printerTables } from "../../src/cli/routes/printer-columns.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { parseManifest } from "../support/parse-manifest.ts";

const GATEWAY = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw }
spec: { gatewayClassName: eg, listeners: [{ name: http, port: 80, protocol: HTTP }] }
`;

test.each<[string, JsonObject, string]>([
  ["none", {}, "default    gw    eg"],
  ["one", { addresses: [{ type: "IPAddress", value: "192.0.2.1" }] }, "default    gw    eg     192.0.2.1"],
  [
    "several",
    { addresses: [{ value: "192.0.2.1" }, { value: "gw.test" }] },
    "default    gw    eg     192.0.2.1,gw.test",
  ],
])("a Gateway with addresses: %s", (_, status, row) => {
  const { custom } = snapshotOf(parseManifest(GATEWAY, "a.yaml").resources).snapshot;
  const object = { kind: "Gateway", namespace: "default", name: "gw" } as const;
  const [table = ""] = printerTables(custom, [{ object, status }]);
  const [, header, line] = table.split("\n");
  expect(header?.split(/ {2,}/)).toEqual(["NAMESPACE", "NAME", "CLASS", "ADDRESS", "PROGRAMMED"]);
  expect(line?.trimEnd()).toBe(row);
});
