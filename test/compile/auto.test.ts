import { describe, expect, test } from "vitest";
import { autoChoice, classesOfNobody, newlyNamed, notChosen } from "../../src/compile/auto.ts";
import type { ControllerFacts } from "../../src/compile/controller.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import { atOnce } from "../../src/steps.ts";
import { parseManifest } from "../support/parse-manifest.ts";

const classless = "served";
const REGISTRY: readonly [ControllerFacts, ...ControllerFacts[]] = [
  { name: "first", summary: "", classes: { controller: "first.test/c", installed: "one", classless } },
  { name: "spec", summary: "", classes: { controller: "any", installed: "one", classless } },
  {
    name: "second",
    title: "Second",
    summary: "",
    classes: { controller: "second.test/c", installed: "two", classless },
    kinds: ["IngressRoute", "Middleware"],
  },
  {
    name: "second-first",
    summary: "",
    classes: { controller: "first.test/c", installed: "one", classless },
    commandLine: {
      images: ["second"],
      read: ["first"],
      idle: [],
      isServing: (flags) => flags.get("first") === "true",
    },
  },
  {
    name: "by-name",
    summary: "",
    classes: { controller: "named.test/c", installed: "named", byName: [], classless },
  },
  {
    name: "gateways",
    summary: "",
    classes: { controller: "gateways.test/c", installed: "gw", classless },
    kinds: ["GatewayClass", "Gateway", "HTTPRoute", "ListenerSet"],
  },
];

const snapshotFrom = (documents: readonly string[]) =>
  snapshotOf(parseManifest(documents.join("\n---\n"), "a.yaml").resources).snapshot;

const ingress = (name: string, spec: string, annotations = "") =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: ${name}, annotations: { ${annotations} } }\nspec: { ${spec}, defaultBackend: { service: { name: a, port: { number: 80 } } } }\n`;
const classed = (name: string, className: string) => ingress(name, `ingressClassName: ${className}`);
const ingressClass = (name: string, controller: string, annotations = "") =>
  `apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: { name: ${name}, annotations: { ${annotations} } }\nspec: { controller: ${controller} }\n`;
const custom = (kind: string, name: string, spec = "{}", group = "traefik.io/v1alpha1") =>
  `apiVersion: ${group}\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
const ROUTES = "{ routes: [{ kind: Rule, match: 'PathPrefix(`/`)' }] }";
const GROUP = "gateway.networking.k8s.io/v1";
const deployment = (image: string, args: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: d }\nspec: { template: { spec: { containers: [{ name: c, image: ${image}, args: [${args}] }] } } }\n`;

const ANNOTATION = "kubernetes.io/ingress.class";
const DEFAULT = "ingressclass.kubernetes.io/is-default-class: 'true'";
const NONE = "no class names a controller that is known here";

describe("the controllers that manifests name", () => {
  test.each<[string, readonly string[], readonly (readonly [name: string, why: string])[]]>([
    ["nothing", [], [["first", NONE]]],
    ["an Ingress without class", [ingress("a", "rules: []")], [["first", NONE]]],
    ["a class without IngressClass", [classed("a", "two")], [["second", "1 Ingress of class two"]]],
    [
      "the same class twice",
      [classed("a", "two"), classed("b", "two")],
      [["second", "2 Ingresses of class two"]],
    ],
    [
      "the annotation",
      [ingress("a", "rules: []", `${ANNOTATION}: two`)],
      [["second", "1 Ingress of class two"]],
    ],
    [
      "an annotation of a controller's own",
      [ingress("a", "rules: []", "second.test/ingress.class: two")],
      [["second", "1 Ingress of class two"]],
    ],
    [
      "the controller of an IngressClass",
      [classed("a", "outer"), ingressClass("outer", "second.test/c")],
      [["second", "1 Ingress of class outer"]],
    ],
    [
      "an IngressClass rather than a class by its name",
      [classed("a", "one"), ingressClass("one", "second.test/c")],
      [["second", "1 Ingress of class one"]],
    ],
    [
      "a class by its name alone, whatever its IngressClass says",
      [classed("a", "named"), ingressClass("named", "x.test/c")],
      [["by-name", "1 Ingress of class named"]],
    ],
    [
      "the default class",
      [ingress("a", "rules: []"), ingressClass("outer", "second.test/c", DEFAULT)],
      [["second", "1 Ingress of class outer"]],
    ],
    ["an IngressClass alone", [ingressClass("outer", "second.test/c")], [["second", "1 IngressClass outer"]]],
    [
      "a kind",
      [custom("IngressRoute", "a", ROUTES), custom("IngressRoute", "b", ROUTES)],
      [["second", "2 IngressRoutes"]],
    ],
    [
      "several, in the order of the registry",
      [
        custom("IngressRoute", "a", ROUTES),
        custom("HTTPRoute", "a", "{}", GROUP),
        classed("a", "two"),
        classed("b", "one"),
      ],
      [
        ["first", "1 Ingress of class one"],
        ["second", "1 Ingress of class two, 1 IngressRoute"],
        ["gateways", "1 HTTPRoute"],
      ],
    ],
    ["a class of two: the first", [classed("a", "one")], [["first", "1 Ingress of class one"]]],
    [
      "a class of two: the one that is installed",
      [classed("a", "one"), deployment("example.test/second:v1", "--first")],
      [["second-first", "1 Ingress of class one"]],
    ],
    [
      "an installation that serves something else",
      [classed("a", "one"), deployment("example.test/second:v1", "--first=false")],
      [["first", "1 Ingress of class one"]],
    ],
    [
      "a GatewayClass",
      [custom("GatewayClass", "gw", "{ controllerName: gateways.test/c }", GROUP)],
      [["gateways", "1 GatewayClass"]],
    ],
    [
      "a GatewayClass of another controller, whose Gateways are not ours",
      [
        custom("GatewayClass", "x", "{ controllerName: x.test/c }", GROUP),
        custom("Gateway", "g", "{}", GROUP),
      ],
      [["first", NONE]],
    ],
    [
      "names of JavaScript",
      [classed("a", "constructor"), ingressClass("tostring", "__proto__")],
      [["first", NONE]],
    ],
  ])("%s", (_, documents, expected) => {
    const { chosen } = atOnce(autoChoice(snapshotFrom(documents), REGISTRY));
    expect(chosen.map(({ facts, why }) => [facts.name, why])).toEqual(expected);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ["a known class", [classed("a", "one")], []],
    [
      "a class of an unknown controller, once",
      [classed("a", "edge"), classed("b", "edge"), ingressClass("edge", "x.test/c")],
      [
        '2 Ingresses of class "edge": its controller, x.test/c, is not among those that are known (first, spec, second, second-first, by-name, gateways) a.yaml:1',
      ],
    ],
    ["a class without IngressClass, of which the controller speaks", [classed("a", "edge")], []],
    [
      "a GatewayClass",
      [custom("GatewayClass", "x", "{ controllerName: x.test/c }", GROUP)],
      [
        '1 GatewayClass of class "x": its controller, x.test/c, is not among those that are known (first, spec, second, second-first, by-name, gateways) a.yaml:1',
      ],
    ],
  ])("not known: %s", (_, documents, expected) => {
    const { problems } = atOnce(autoChoice(snapshotFrom(documents), REGISTRY));
    expect(problems.map(({ message, file, line }) => `${message} ${file}:${line}`)).toEqual(expected);
  });
});

describe("custom resources whose controller is not chosen", () => {
  const documents = [
    custom("IngressRoute", "a", ROUTES),
    custom("IngressRoute", "b", ROUTES),
    custom("Middleware", "m"),
    custom("HTTPRoute", "r", "{}", GROUP),
    custom("Backend", "b", "{}", "gateway.envoyproxy.io/v1alpha1"),
  ];
  test.each<[readonly number[], readonly string[]]>([
    [
      [0],
      [
        "2 IngressRoutes, 1 Middleware are Second's: --controller second",
        "1 HTTPRoute is gateways': --controller gateways",
      ],
    ],
    [[2], ["1 HTTPRoute is gateways': --controller gateways"]],
    [[2, 5], []],
  ])("of the registry's %j", (chosen, expected) => {
    const facts = chosen.map((at) => REGISTRY[at] as ControllerFacts);
    const problems = atOnce(notChosen(snapshotFrom(documents), REGISTRY, facts));
    expect(problems.map(({ message }) => message)).toEqual(expected);
  });
});

test("classes without IngressClass that are nobody's are one line each, with the nearest", () => {
  const documents = [
    classed("a", "onne"),
    classed("b", "onne"),
    classed("c", "edge"),
    classed("d", "one"),
    ingressClass("known", "other.test/c"),
    classed("e", "known"),
  ];
  const problems = atOnce(classesOfNobody(snapshotFrom(documents), REGISTRY, []));
  expect(
    problems.map(({ level, message, fix, line }) => [
      level,
      line,
      message,
      /^Did you mean \w+\?/.exec(fix)?.[0],
    ]),
  ).toEqual([
    [
      "notice",
      1,
      '2 Ingresses of class "onne": no IngressClass has this name, and it is the class of no controller that is known (one, two, named, gw)',
      "Did you mean one?",
    ],
    [
      "notice",
      13,
      '1 Ingress of class "edge": no IngressClass has this name, and it is the class of no controller that is known (one, two, named, gw)',
      undefined,
    ],
  ]);
});

test("a class that a flag of a controller names is that controller's", () => {
  const [first, ...others] = REGISTRY;
  const asOptions = (flags: ReadonlyMap<string, string>) => ({ installedClass: flags.get("class") });
  const commandLine = { images: ["first"], read: ["class="], idle: [], asOptions };
  const registry = [{ ...first, commandLine }, ...others];
  const told = (flags: readonly string[], ...documents: readonly string[]) =>
    atOnce(classesOfNobody(snapshotFrom([classed("a", "edge"), ...documents]), registry, flags)).length;
  expect(told([])).toBe(1);
  expect(told(["--class=edge"])).toBe(0);
  expect(told([], deployment("first", "--class=edge"))).toBe(0);
});

test("a snapshot's objects are searched once for all that is said of a choice, and again for another registry", () => {
  const snapshot = snapshotFrom([classed("a", "one"), classed("b", "nobody")]);
  let searches = 0;
  const counted = {
    ...snapshot,
    get ingresses() {
      searches += 1;
      return snapshot.ingresses;
    },
  };
  const { chosen } = atOnce(autoChoice(counted, REGISTRY));
  expect(atOnce(classesOfNobody(counted, REGISTRY, [])).length).toBe(1);
  expect(atOnce(newlyNamed(counted, REGISTRY, []))).toMatchObject([
    { facts: { name: "first" }, why: "1 Ingress of class one" },
  ]);
  expect(chosen.map(({ facts }) => facts.name)).toHaveLength(1);
  expect(searches).toBe(1);
  expect(atOnce(newlyNamed(counted, [], []))).toEqual([]);
  expect(searches).toBe(2);
});
