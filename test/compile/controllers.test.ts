import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import {
  CONTROLLER_NAMES,
  CONTROLLERS,
  type ControllerName,
  controllerNamed,
} from "../../src/compile/controllers.ts";
import { compileCase } from "../support/compiled-case.ts";

const root = resolve(import.meta.dirname, "../..");

/** They have every name: its facts, and the code that belongs to it. */
const OF_THE_REGISTRY = /^src\/compile\/(?:[a-z-]+\/facts|compile)\.ts$/;

test.each(CONTROLLER_NAMES)("%s is written down in the registry alone", (name) => {
  const files = ["src", "ui", "certs"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((file) => `${folder}/${file}`)
      .filter((file) => /\.tsx?$/.test(file) && !OF_THE_REGISTRY.test(file)),
  );
  const naming = files.filter((file) => readFileSync(join(root, file), "utf8").includes(`"${name}"`));
  expect(naming).toEqual([]);
});

test("no two controllers have one name or one folder", () => {
  expect(new Set(CONTROLLER_NAMES).size).toBe(CONTROLLERS.length);
  for (const name of CONTROLLER_NAMES) expect(readdirSync(join(root, "src/compile"))).toContain(name);
});

const ingressOf = (name: ControllerName) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: a }
spec:
  ingressClassName: ${controllerNamed(name).classes.installed}
  tls: [{ hosts: [tls.test], secretName: web }, { hosts: [none.test] }]
  rules:
    - host: tls.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;

const READING = CONTROLLERS.filter(({ ingresses }) => ingresses !== "none").map(({ name }) => name);

describe.each(READING)("%s", (controller) => {
  test("hosts under tls: get the certificate of their Secret", async () => {
    const compiled = compileCase([{ file: "a.yaml", text: ingressOf(controller) }], {
      controller,
      exact: true,
      echo: true,
    });
    const hosts = compiled.table.tlsHosts.map(({ host, namespace, secretName }) => [
      host,
      namespace,
      secretName,
    ]);
    expect(hosts).toContainEqual(["tls.test", "default", "web"]);
    await compiled.close();
  });
});
