import { expect, test } from "vitest";
import { decodeProtobuf } from "../support/api-server/protobuf/decode.ts";
import { ask, started } from "./support.ts";

/** Bodies of `kubectl create` and `kubectl auth can-i` 1.33, recorded. */
test.each<[string, string, object]>([
  [
    "an Ingress with everything",
    [
      "azhzAAofChRuZXR3b3JraW5nLms4cy5pby92MRIHSW5ncmVzcxKnAQocCgRzaG9wEgAaACIAKgAyADgAQgBiBgoBYRIBYhKC",
      "AQoRIg8KA3dlYhIICgRodHRwEAASFQoJc2hvcC50ZXN0EghzaG9wLXRscxpPCglzaG9wLnRlc3QSQgpACh8KBS9jYXJ0Eg4i",
      "DAoEY2FydBIECgAQUBoGUHJlZml4Ch0KAS8SESIPCgN3ZWISCAoEaHR0cBAAGgVFeGFjdCIFbmdpbngaAgoAGgAiAA==",
    ].join(""),
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name: "shop", annotations: { a: "b" } },
      spec: {
        ingressClassName: "nginx",
        defaultBackend: { service: { name: "web", port: { name: "http" } } },
        tls: [{ hosts: ["shop.test"], secretName: "shop-tls" }],
        rules: [
          {
            host: "shop.test",
            http: {
              paths: [
                {
                  path: "/cart",
                  pathType: "Prefix",
                  backend: { service: { name: "cart", port: { number: 80 } } },
                },
                {
                  path: "/",
                  pathType: "Exact",
                  backend: { service: { name: "web", port: { name: "http" } } },
                },
              ],
            },
          },
        ],
      },
    },
  ],
  [
    "a Secret",
    ["azhzAAoMCgJ2MRIGU2VjcmV0Eh0KEQoBcxIAGgAiACoAMgA4AEIAEgYKAWESAWIaABoAIgA="].join(""),
    { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, data: { a: "Yg==" } },
  ],
  [
    "a Namespace",
    ["azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhwKFAoEc2hvcBIAGgAiACoAMgA4AEIAEgAaAgoAGgAiAA=="].join(""),
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
  ],
  [
    "a ConfigMap",
    ["azhzAAoPCgJ2MRIJQ29uZmlnTWFwEhsKEQoBYxIAGgAiACoAMgA4AEIAEgYKAWESAWIaACIA"].join(""),
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { a: "b" } },
  ],
  [
    "a Service",
    [
      "azhzAAoNCgJ2MRIHU2VydmljZRJtCh8KA3dlYhIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEkYKIAoHODAtaHR0cBIDVENQ",
      "GFAiCggBEAAaBGh0dHAogOsBEgoKA2FwcBIDd2ViGgAiCE5vZGVQb3J0OgBCAFIAWgBgAGgAGgIKABoAIgA=",
    ].join(""),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", labels: { app: "web" } },
      spec: {
        type: "NodePort",
        selector: { app: "web" },
        ports: [{ name: "80-http", protocol: "TCP", port: 80, targetPort: "http", nodePort: 30080 }],
      },
    },
  ],
  [
    "a Deployment",
    [
      "azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50Er0BCh8KA2FwcBIAGgAiACoAMgA4AEIAWgoKA2FwcBIDYXBwEosBCAISDAoK",
      "CgNhcHASA2FwcBpxChwKABIAGgAiACoAMgA4AEIAWgoKA2FwcBIDYXBwElESMwoFbmdpbngSCm5naW54OjEuMjUqADIKCgAQ",
      "ABhQIgAqAEIAagByAIABAIgBAJABAKIBABoAMgBCAEoAUgBYAGAAaACCAQCKAQCaAQDCAQAiAgoAKAA4ABoMCAAQABgAIAAo",
      "ADgAGgAiAA==",
    ].join(""),
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "app", labels: { app: "app" } },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: "app" } },
        template: {
          metadata: { labels: { app: "app" } },
          spec: { containers: [{ name: "nginx", image: "nginx:1.25", ports: [{ containerPort: 80 }] }] },
        },
      },
    },
  ],
  [
    "a Deployment of no replicas",
    [
      "azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50EroBCiEKBHplcm8SABoAIgAqADIAOABCAFoLCgNhcHASBHplcm8ShgEIABIN",
      "CgsKA2FwcBIEemVybxprCh0KABIAGgAiACoAMgA4AEIAWgsKA2FwcBIEemVybxJKEiwKBW5naW54EgVuZ2lueBoFc2xlZXAa",
      "ATUqAEIAagByAIABAIgBAJABAKIBABoAMgBCAEoAUgBYAGAAaACCAQCKAQCaAQDCAQAiAgoAKAA4ABoMCAAQABgAIAAoADgA",
      "GgAiAA==",
    ].join(""),
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "zero", labels: { app: "zero" } },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: "zero" } },
        template: {
          metadata: { labels: { app: "zero" } },
          spec: { containers: [{ name: "nginx", image: "nginx", command: ["sleep", "5"] }] },
        },
      },
    },
  ],
  [
    "an access review",
    [
      "azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSUQoQCgASABoAIgAqADIA",
      "OABCABIzCjEKBHNob3ASBGxpc3QaACIAKhtpbmdyZXNzZXMubmV0d29ya2luZy5rOHMuaW8yADoAGggIABIAGgAgABoAIgA=",
    ].join(""),
    {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: {
        resourceAttributes: { namespace: "shop", verb: "list", resource: "ingresses.networking.k8s.io" },
      },
    },
  ],
])("%s", (_, base64, object) => expect(decodeProtobuf(Buffer.from(base64, "base64"))).toEqual(object));

test.each([
  ["what is no protobuf", "{}", "provided data does not appear to be a protobuf message"],
  ["a message that ends early", "k8s\0\n\x7f", "unexpected EOF"],
  ["a kind without a table", "k8s\0\n\x07\n\x02v1\x12\x01X", "no protobuf table for kind X"],
])("%s is refused: %j", async (_, bytes, message) => {
  expect(() => decodeProtobuf(Buffer.from(bytes, "latin1"))).toThrow(message);
  const server = await started();
  const type = "application/vnd.kubernetes.protobuf";
  const reply = await ask(server, "POST", "/api/v1/namespaces", { body: Buffer.from(bytes, "latin1"), type });
  expect(reply).toMatchObject({ code: 400, body: { message: expect.stringContaining(message) } });
});
