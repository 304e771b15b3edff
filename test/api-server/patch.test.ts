import { expect, test } from "vitest";
import type { Json } from "../support/api-server/object.ts";
import { jsonPatch } from "../support/api-server/patch/json-patch.ts";
import { mergePatch } from "../support/api-server/patch/merge-patch.ts";
import { serverSideApply } from "../support/api-server/patch/server-side-apply.ts";
import { strategicMerge } from "../support/api-server/patch/strategic-merge.ts";
import { ask, started } from "./support.ts";

test.each<[string, unknown, unknown, unknown]>([
  ["objects are merged", { a: { b: 1 } }, { a: { c: 2 } }, { a: { b: 1, c: 2 } }],
  ["null takes away", { a: 1, b: 2 }, { a: null }, { b: 2 }],
  ["lists are replaced", { a: [1, 2] }, { a: [3] }, { a: [3] }],
  ["an object takes the place of a text", { a: "x" }, { a: { b: 1 } }, { a: { b: 1 } }],
])("merge patch: %s", (_, before, patch, after) => expect(mergePatch(before, patch)).toEqual(after));

test.each<[string, unknown, readonly Json[], unknown]>([
  ["add to an object", { a: {} }, [{ op: "add", path: "/a/b", value: 1 }], { a: { b: 1 } }],
  ["add to a list", { a: [1, 3] }, [{ op: "add", path: "/a/1", value: 2 }], { a: [1, 2, 3] }],
  ["append to a list", { a: [1] }, [{ op: "add", path: "/a/-", value: 2 }], { a: [1, 2] }],
  ["replace", { a: [1] }, [{ op: "replace", path: "/a/0", value: 2 }], { a: [2] }],
  [
    "remove",
    { a: [1, 2], b: 1 },
    [
      { op: "remove", path: "/a/0" },
      { op: "remove", path: "/b" },
    ],
    { a: [2] },
  ],
  ["escaped keys", { "a/b~c": 1 }, [{ op: "replace", path: "/a~1b~0c", value: 2 }], { "a/b~c": 2 }],
  ["move", { a: 1 }, [{ op: "move", from: "/a", path: "/b" }], { b: 1 }],
  ["copy", { a: { c: 1 } }, [{ op: "copy", from: "/a", path: "/b" }], { a: { c: 1 }, b: { c: 1 } }],
  ["test", { a: 1 }, [{ op: "test", path: "/a", value: 1 }], { a: 1 }],
])("JSON patch: %s", (_, before, patch, after) => expect(jsonPatch(before, patch)).toEqual(after));

test.each<[string, Json]>([
  ["nothing at the path", { op: "remove", path: "/x" }],
  ["a test that fails", { op: "test", path: "/a", value: 2 }],
  ["an unknown operation", { op: "turn", path: "/a" }],
])("JSON patch refuses %s", (_, operation) =>
  expect(() => jsonPatch({ a: 1 }, [operation])).toThrow("rejected"));

const two = {
  containers: [
    { name: "a", image: "1" },
    { name: "b", image: "1" },
  ],
};

test.each<[string, string, unknown, unknown, unknown]>([
  [
    "containers merge by name",
    "Pod",
    two,
    { containers: [{ name: "b", image: "2" }] },
    {
      containers: [
        { name: "a", image: "1" },
        { name: "b", image: "2" },
      ],
    },
  ],
  [
    "one is deleted",
    "Pod",
    two,
    { containers: [{ name: "a", $patch: "delete" }] },
    { containers: [{ name: "b", image: "1" }] },
  ],
  [
    "the order is set",
    "Pod",
    two,
    { "$setElementOrder/containers": [{ name: "b" }, { name: "a" }] },
    {
      containers: [
        { name: "b", image: "1" },
        { name: "a", image: "1" },
      ],
    },
  ],
  [
    "a list is replaced",
    "Pod",
    two,
    { containers: [{ $patch: "replace" }, { name: "c" }] },
    { containers: [{ name: "c" }] },
  ],
  [
    "ports of a Service by number",
    "Service",
    { ports: [{ port: 80, name: "x" }] },
    { ports: [{ port: 81 }] },
    { ports: [{ port: 80, name: "x" }, { port: 81 }] },
  ],
  [
    "container ports by theirs",
    "Pod",
    { ports: [{ containerPort: 80 }] },
    { ports: [{ containerPort: 80, name: "x" }] },
    { ports: [{ containerPort: 80, name: "x" }] },
  ],
  [
    "rules of an Ingress are one",
    "Ingress",
    { rules: [{ host: "a" }] },
    { rules: [{ host: "b" }] },
    { rules: [{ host: "b" }] },
  ],
  [
    "finalizers are a set",
    "Pod",
    { finalizers: ["a"] },
    { finalizers: ["a", "b"] },
    { finalizers: ["a", "b"] },
  ],
  [
    "and are taken out by name",
    "Pod",
    { finalizers: ["a", "b"] },
    { "$deleteFromPrimitiveList/finalizers": ["a"] },
    { finalizers: ["b"] },
  ],
  ["an object is replaced", "Pod", { a: { b: 1 } }, { a: { c: 1, $patch: "replace" } }, { a: { c: 1 } }],
  ["an object is deleted", "Pod", { a: { b: 1 }, d: 1 }, { a: { $patch: "delete" } }, { d: 1 }],
  [
    "keys are retained",
    "Deployment",
    { s: { type: "A", rolling: 1 } },
    { s: { type: "B", $retainKeys: ["type"] } },
    { s: { type: "B" } },
  ],
])("strategic merge: %s", (_, kind, before, patch, after) => {
  expect(strategicMerge(kind, before, patch)).toEqual(after);
});

test.each<[string, Json, Json, Json, unknown]>([
  ["what was never applied stays", { a: 1, b: 2 }, {}, { a: 3 }, { a: 3, b: 2 }],
  ["what is no longer applied goes", { a: 1, b: 2 }, { a: 1, b: 2 }, { a: 1 }, { a: 1 }],
  ["in objects", { a: { b: 1, c: 2 } }, { a: { b: 1 } }, { a: {} }, { a: { c: 2 } }],
  [
    "in lists with a key",
    { containers: [{ name: "a" }, { name: "b", x: 1 }] },
    { containers: [{ name: "a" }, { name: "b", x: 1 }] },
    { containers: [{ name: "b" }] },
    { containers: [{ name: "b" }] },
  ],
  ["lists without are replaced", { rules: [1, 2] }, { rules: [1, 2] }, { rules: [2] }, { rules: [2] }],
])("server-side apply: %s", (_, before, last, next, after) => {
  expect(serverSideApply("Pod", before, last, next)).toEqual(after);
});

test("a patch of an unknown type is refused, one of nothing as well", async () => {
  const server = await started();
  const path = "/api/v1/namespaces/default";
  const unknown = await ask(server, "PATCH", path, { body: {}, type: "application/json" });
  expect(unknown).toMatchObject({ code: 415, body: { reason: "UnsupportedMediaType" } });
  const gone = await ask(server, "PATCH", "/api/v1/namespaces/x", {
    body: {},
    type: "application/merge-patch+json",
  });
  expect(gone.code).toBe(404);
});

test("what a client applied on the server's side is remembered by its name", async () => {
  const server = await started();
  const path = "/api/v1/namespaces/default/configmaps/c";
  const type = "application/apply-patch+yaml";
  const apply = (manager: string, data: object) =>
    ask(server, "PATCH", `${path}?fieldManager=${manager}`, {
      type,
      body: { apiVersion: "v1", kind: "ConfigMap", data },
    });
  expect((await apply("a", { x: "1", y: "1" })).code).toBe(201);
  await apply("b", { z: "1" });
  const last = await apply("a", { x: "2" });
  expect(last).toMatchObject({ code: 200, body: { data: { x: "2", z: "1" } } });
  expect(last.body.data).not.toHaveProperty("y");
});
