import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CONTROLLER_NAMES } from "../../../src/compile/controllers.ts";
import type { CompileOptions } from "../../../src/compile/options.ts";
import { snapshotOf } from "../../../src/manifest/snapshot.ts";
import type { Ingress, IngressPath, Resource } from "../../../src/model/resource.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { parseCaseFile } from "../../support/case-file.ts";
import { parseManifest } from "../../support/parse-manifest.ts";

const CASES = join(import.meta.dirname, "..", "..", "cases");

/** Every object of the cases, each case with its own names: between them they have every annotation and option. */
const OBJECTS: readonly Resource[] = readdirSync(CASES)
  .filter((name) => name.endsWith(".case"))
  .flatMap((name) => {
    const { manifests } = parseCaseFile(readFileSync(join(CASES, name), "utf8"), name);
    return parseManifest(manifests, name).resources;
  });
const INGRESSES = OBJECTS.filter((object) => object.kind === "Ingress");
const OTHERS = OBJECTS.filter((object) => object.kind !== "Ingress");
const ANNOTATIONS = INGRESSES.flatMap(({ metadata }) => [...metadata.annotations]);
const CONFIG_MAPS = OTHERS.filter((object) => object.kind === "ConfigMap");

/** Few, so that Ingresses meet. */
const HOSTS = ["a.test", "www.a.test", "b.test", "*.test", "", "x.a.test"];
const NAMES = ["web", "api", "canary"];
const NAMESPACES = ["default", "other"];
const PATHS = ["/", "/a", "/a/", "/b", "/(.*)", ""];
const TIMES = [undefined, "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"];
/** Annotations whose effect reaches other Ingresses. */
const REACHING: readonly (readonly [string, string])[] = [
  ["canary", "true"],
  ["canary-weight", "30"],
  ["server-alias", "b.test,c.test,*.a.test"],
  ["from-to-www-redirect", "true"],
  ["affinity", "cookie"],
  ["affinity-mode", "persistent"],
  ["affinity-canary-behavior", "legacy"],
  ["rewrite-target", "/$1"],
  ["use-regex", "true"],
  ["app-root", "/a"],
  ["service-upstream", "true"],
  ["auth-url", "http://web.default.svc/auth"],
  ["auth-type", "basic"],
  ["auth-secret", "default/users"],
  ["proxy-read-timeout", "-1"],
  ["default-backend", "api"],
  ["ssl-passthrough", "true"],
];

export interface World {
  readonly objects: readonly Resource[];
  readonly options: CompileOptions;
}

export const FIRST: World = { objects: [], options: { controller: "ingress-nginx", classless: "served" } };

/** A step of a random walk: what is done, where, and with what. */
export type Edit = readonly [kind: number, place: number, choice: number];

/** Of objects with one name the last is in the snapshot. */
export function snapshotOfWorld({ objects }: World): Snapshot {
  return snapshotOf(objects).snapshot;
}

/** The world after an edit. Everything that is not edited stays the same object. */
export function edited(world: World, [kind, place, choice]: Edit): World {
  const kinds: readonly (() => World)[] = [
    () => inserted(world, place, pick(INGRESSES, choice)),
    () => inserted(world, place, onFewHosts(pick(INGRESSES, choice), choice)),
    () => inserted(world, place, onFewHosts(pick(INGRESSES, choice), choice >> 3)),
    () => inserted(world, place, pick(OTHERS, choice)),
    () => inserted(world, place, pick(OTHERS, choice)),
    () => inserted(world, place, renamed(pick(CONFIG_MAPS, choice), "ingress-nginx-controller")),
    () => without(world, place),
    () => moved(world, place, choice),
    ...CHANGES.map((change) => () => changed(world, place, (ingress) => change(ingress, choice))),
    ...CHANGES.map((change) => () => changed(world, place, (ingress) => change(ingress, choice))),
    () => ({ ...world, options: withOption(world.options, choice) }),
  ];
  return pick(kinds, kind)();
}

type Change = (ingress: Ingress, choice: number) => Ingress;

const CHANGES: readonly Change[] = [
  (ingress, choice) => onFewHosts(ingress, choice),
  (ingress, choice) => withAnnotation(ingress, pick(ANNOTATIONS, choice)),
  (ingress, choice) => {
    const [name, value] = pick(REACHING, choice);
    return withAnnotation(ingress, [`nginx.ingress.kubernetes.io/${name}`, value]);
  },
  (ingress) => ({ ...ingress, metadata: { ...ingress.metadata, annotations: new Map() } }),
  (ingress, choice) => ({
    ...ingress,
    metadata: { ...ingress.metadata, namespace: pick(NAMESPACES, choice) },
  }),
  (ingress, choice) => ({
    ...ingress,
    metadata: { ...ingress.metadata, creationTimestamp: pick(TIMES, choice) },
  }),
  (ingress, choice) => withBackends(ingress, choice),
  (ingress, choice) => {
    const defaultBackend = { kind: "service", name: pick(NAMES, choice), port: { number: 80 } } as const;
    return { ...ingress, spec: { ...ingress.spec, defaultBackend: choice % 2 ? defaultBackend : undefined } };
  },
  (ingress, choice) => {
    const entry = { hosts: [pick(HOSTS, choice)], secretName: pick(NAMES, choice), field: "spec.tls[0]" };
    return { ...ingress, spec: { ...ingress.spec, tls: choice % 3 === 0 ? [] : [entry] } };
  },
  (ingress) => ({ ...ingress, spec: { ...ingress.spec, rules: [] } }),
];

function withAnnotation(ingress: Ingress, [name, value]: readonly [string, string]): Ingress {
  const annotations = new Map([...ingress.metadata.annotations, [name, value]]);
  return { ...ingress, metadata: { ...ingress.metadata, annotations } };
}

function onFewHosts(ingress: Ingress, choice: number): Ingress {
  const rules = ingress.spec.rules.map((rule, at) => ({ ...rule, host: pick(HOSTS, choice + at) }));
  return { ...ingress, spec: { ...ingress.spec, rules } };
}

function withBackends(ingress: Ingress, choice: number): Ingress {
  const path = (before: IngressPath, at: number): IngressPath => ({
    ...before,
    path: pick(PATHS, choice + at),
    pathType: choice % 5 === 0 ? "Exact" : "Prefix",
    backend: { kind: "service", name: pick(NAMES, choice), port: { number: 80 } },
  });
  const rules = ingress.spec.rules.map((rule) => ({ ...rule, paths: rule.paths?.map(path) }));
  return { ...ingress, spec: { ...ingress.spec, rules } };
}

function withOption(options: CompileOptions, choice: number): CompileOptions {
  const flags = options.flags ?? {};
  const all: readonly CompileOptions[] = [
    { ...options, controller: pick(CONTROLLER_NAMES, choice >> 4) },
    { ...options, classless: options.classless === "served" ? "ignored" : "served" },
    { ...options, configMap: options.configMap === undefined ? "default/options" : undefined },
    { ...options, standIns: options.standIns === undefined ? { user: USER } : undefined },
    { ...options, standIns: { user: USER, authorities: new Map([["default/ca", String(choice >> 4)]]) } },
    { ...options, clientAddress: options.clientAddress === undefined ? "10.0.0.1" : undefined },
    { ...options, completeness: options.completeness === "whole" ? "partial" : "whole" },
    { ...options, ingressClasses: options.ingressClasses === undefined ? ["nginx", "other"] : undefined },
    { ...options, flags: { ...flags, disableCatchAll: flags.disableCatchAll !== true } },
    { ...options, flags: { ...flags, disableSvcExternalName: flags.disableSvcExternalName !== true } },
    { ...options, flags: { ...flags, enableSslPassthrough: flags.enableSslPassthrough !== true } },
    { ...options, flags: { ...flags, defaultBackendService: `default/${pick(NAMES, choice >> 4)}` } },
    { ...options, flags: { ...flags, defaultSslCertificate: `default/${pick(NAMES, choice >> 4)}` } },
  ];
  return pick(all, choice);
}

const USER = { name: "dev", password: "secret" };

function inserted(world: World, place: number, object: Resource): World {
  const at = place % (world.objects.length + 1);
  return { ...world, objects: [...world.objects.slice(0, at), object, ...world.objects.slice(at)] };
}

function without(world: World, place: number): World {
  const at = place % Math.max(1, world.objects.length);
  return { ...world, objects: world.objects.filter((_, index) => index !== at) };
}

function moved(world: World, place: number, choice: number): World {
  const object = world.objects[place % Math.max(1, world.objects.length)];
  return object === undefined ? world : inserted(without(world, place), choice, object);
}

/** Changes the Ingress at a place, or after it. */
function changed(world: World, place: number, change: (ingress: Ingress) => Ingress): World {
  const ingresses = world.objects.filter((object) => object.kind === "Ingress");
  const chosen = ingresses[place % Math.max(1, ingresses.length)];
  return {
    ...world,
    objects: world.objects.map((object) =>
      object === chosen && object.kind === "Ingress" ? change(object) : object,
    ),
  };
}

function renamed<T extends Resource>(object: T, name: string): T {
  return { ...object, metadata: { ...object.metadata, name, namespace: "ingress-nginx" } };
}

function pick<T>(from: readonly T[], choice: number): T {
  return from[choice % from.length] as T;
}
