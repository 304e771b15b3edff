import { execFileSync, spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { secretYaml } from "../../certs/secret.ts";
import { EC, NO_OPENSSL, realPair, scratch, write } from "./support/fixtures.ts";

const NO_KUBECTL = NO_OPENSSL || spawnSync("kubectl", ["version", "--client"]).status !== 0;

test.skipIf(NO_KUBECTL).each([
  ["my-https", "default"],
  ["a.b-c", "team-1"],
  ["123", "0"],
  ["no", "y"],
  ["1e3", "null"],
])("Secret %s in %s is the one that kubectl create secret tls makes", (name, namespace) => {
  const { cert, key } = realPair(["a.test"], EC);
  const folder = scratch();
  const files = ["--cert", write(folder, "c.pem", cert), "--key", write(folder, "k.pem", key)];
  const asked = ["-n", namespace, "--dry-run=client", "-o", "yaml"];
  const theirs = parse(
    execFileSync("kubectl", ["create", "secret", "tls", name, ...files, ...asked], { encoding: "utf8" }),
  );
  // Older kubectl prints `creationTimestamp: null` for a time that is not set.
  delete theirs.metadata.creationTimestamp;
  expect(parse(secretYaml(name, namespace, cert, key))).toEqual(theirs);
});

test.each([
  ["..", "default"],
  ["a/b", "default"],
  ["a\\b", "default"],
  ["A", "default"],
  ["a\nkind: Pod", "default"],
  ["", "default"],
  ["a", ".."],
  ["a", "a.b"],
  ["a", ""],
  ["a", "n".repeat(64)],
  ["n".repeat(254), "default"],
])("Secret %j in namespace %j is refused", (name, namespace) => {
  expect(() => secretYaml(name, namespace, "c", "k")).toThrow(
    expect.objectContaining({ code: "bad-secret-name" }),
  );
});
