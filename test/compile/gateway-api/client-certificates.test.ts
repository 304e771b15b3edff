import { expect, test } from "vitest";
import { policy, worldOf } from "./gateway-world.ts";

const GATEWAY = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw }
spec:
  gatewayClassName: eg
  listeners: [{ name: https, protocol: HTTPS, port: 443, tls: { certificateRefs: [{ name: t }] } }]
`;

test.each([
  [
    "required",
    "tls: { clientValidation: { caCertificateRefs: [{ kind: ConfigMap, name: gone }] } }",
    { required: true },
  ],
  [
    "optional",
    "tls: { clientValidation: { optional: true, caCertificateRefs: [{ name: gone }] } }",
    { required: undefined },
  ],
  ["not asked for", "tls: { minVersion: '1.3' }", undefined],
])("a certificate of clients is %s", (_, spec, wanted) => {
  const { table } = worldOf([GATEWAY, policy("ClientTrafficPolicy", spec)], { completeness: "partial" });
  const [point] = table.entryPoints;
  const terms = point.selection.kind === "hosts" ? point.selection.hosts.any.tls?.terms : undefined;
  expect(terms?.clients && { required: terms.clients.required }).toEqual(wanted);
  expect(terms?.certificate).toBe("default/t");
});
