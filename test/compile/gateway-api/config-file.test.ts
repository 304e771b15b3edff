import { expect, test } from "vitest";
import { GATEWAY, policy, worldOf } from "./gateway-world.ts";

const file = (text: string) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: envoy-gateway-config, namespace: envoy-gateway-system }
data:
  envoy-gateway.yaml: |
${text.replace(/^/gm, "    ")}
`;

test.each([
  ["of the chart", "provider:\n  type: Kubernetes\nlogging:\n  level: {}\nextensionApis: {}", []],
  [
    "with Backends",
    "extensionApis:\n  enableBackend: true",
    [["option-ignored", "extensionApis.enableBackend of"]],
  ],
  ["that says no", "extensionApis:\n  enableBackend: false", []],
  ["of a wrong name", "extensionApi: {}", [["option-unknown", "extensionApis?"]]],
])("Envoy Gateway's file %s", (_, text, wanted) => {
  const { problems } = worldOf([GATEWAY, file(text)]);
  expect(problems.map(({ code }) => code)).toEqual(wanted.map(([code]) => code));
  for (const [at, [, words]] of wanted.entries()) expect(problems[at]?.message).toContain(words);
});

test.each([
  ["EnvoyExtensionPolicy", "lua: [{ type: Inline, inline: x }]", ["spec.lua"]],
  ["EnvoyPatchPolicy", "jsonPatches: []", ["spec.jsonPatches"]],
  ["EnvoyProxy", "mergeGateways: true, logging: {}", ["spec.mergeGateways"]],
])("what is written in an %s is named", (kind, spec, fields) => {
  const { problems } = worldOf([
    GATEWAY,
    kind === "EnvoyProxy" ? withoutTarget(policy(kind, spec)) : policy(kind, spec),
  ]);
  const found = problems.filter(({ object }) => object?.kind === kind);
  expect(found.map(({ code, field }) => [code, field])).toEqual(
    fields.map((field) => ["field-not-honoured", field]),
  );
});

function withoutTarget(text: string): string {
  return text.replace(/targetRefs: \[.*?\}\], /, "");
}
