import { expect, test } from "vitest";
import { requestFacts } from "../../../src/cli/predict/request-facts.ts";
import { knownOffline } from "../../../src/cli/predict/work-out.ts";
import { allDrawn } from "../../../src/match/drawn.ts";
import { outcome } from "../../../src/match/outcome.ts";
import type { Backend } from "../../../src/model/route.ts";
import { compiled, ingressOf, serviceOf, type WrittenIngress } from "./support.ts";

type Row = readonly [
  what: string,
  ingresses: readonly WrittenIngress[],
  asked: Readonly<Record<string, string>>,
];

const ANY_HOST = { paths: [{}] };
const SHUT = { "whitelist-source-range": "10.0.0.0/8" };
const NO_USERS = { "auth-type": "Basic", "auth-secret": "users" };

/** Each request with all that production may answer. Services: s and t; `empty` has no endpoints. */
const ANSWERS: readonly Row[] = [
  [
    "of two slashes at the end of a path one is cut, and the rest matches itself alone",
    [{ paths: [{ path: "//", pathType: "ImplementationSpecific" }] }],
    { "http://a.test/": "s /", "http://a.test/a": "404" },
  ],
  [
    "a path with two slashes at its end covers only itself with one",
    [{ paths: [{ path: "/a//", pathType: "ImplementationSpecific" }] }],
    { "http://a.test/a/": "s /a/", "http://a.test/a/b": "404", "http://a.test/a": "404" },
  ],
  [
    "passwords that lead nowhere leave a path out, also where its headers would be refused",
    [{ ...ANY_HOST, annotations: { ...NO_USERS, "custom-headers": "default/gone" } }],
    { "http://a.test/": "404" },
  ],
  [
    "refused headers answer 503",
    [{ ...ANY_HOST, annotations: { "custom-headers": "default/gone" } }],
    { "http://a.test/": "503" },
  ],
  [
    "the host of a redirect to https loses its port, and what is no port stays",
    [{ ...ANY_HOST, annotations: { "force-ssl-redirect": "true" } }],
    {
      "http://a.test:81/x": "308 https://a.test/x",
      "http://a.test:/x": "308 https://a.test:/x",
      "http://a.test:b/x": "502",
      "http://[::1]:81/x": "308 https://[::1]/x",
    },
  ],
  [
    "a name with two colons has no port",
    [{ paths: [{ host: "a.test" }] }],
    { "http://a.test:80/": "s /", "http://a.test:80:80/": "404" },
  ],
  [
    "app-root is sent as it is written",
    [{ ...ANY_HOST, annotations: { "app-root": "/\u00e9$arg_q" } }],
    { "http://a.test/?q=%zz&q=%C3%A9+b": "302 http://a.test/\xc3\xa9\xc3\xa9 b" },
  ],
  [
    "a rewrite to what is no URL is no redirect",
    [{ paths: [{ path: "/a" }], annotations: { "rewrite-target": "https://x:y/" } }],
    { "http://a.test/a": "400" },
  ],
  [
    "of two default backends without rules the first counts, though it cannot be built",
    [
      {
        name: "a",
        spec: { defaultBackend: { service: { name: "s", port: { number: 80 } } } },
        annotations: { "whitelist-source-range": "nobody" },
      },
      { name: "b", spec: { defaultBackend: { service: { name: "t", port: { number: 80 } } } } },
    ],
    { "http://a.test/": "404" },
  ],
  [
    "of two rules of one length either answers, though one of them keeps everybody out",
    [
      { name: "a", paths: [{ host: "a.test" }], annotations: SHUT },
      { name: "b", paths: [{ host: "*.test", service: "t" }] },
    ],
    { "http://a.test/": "403 | t /" },
  ],
  [
    "of two rules of one length either answers, though one Service has no endpoints",
    [
      { name: "a", paths: [{ host: "a.test", service: "empty" }] },
      { name: "b", paths: [{ host: "*.test", service: "t" }] },
    ],
    { "http://a.test/": "503 | t /" },
  ],
  [
    "a canary has its part where the Service of the path has no endpoints",
    [
      { name: "a", paths: [{ service: "empty" }] },
      { name: "b", paths: [{ service: "t" }], annotations: { canary: "true", "canary-weight": "100" } },
    ],
    { "http://a.test/": "t /" },
  ],
];

const empty = ({ service }: Backend) => (service === "empty" ? "it has no endpoints" : undefined);

test.each(ANSWERS)("%s", (_, ingresses, asked) => {
  const { table } = compiled([...["s", "t", "empty"].map(serviceOf), ...ingresses.map(ingressOf)]);
  const found = Object.keys(asked).map((url): readonly [string, string] => {
    const [, scheme = "", host = "", target = ""] = /^(https?):\/\/([^/]*)(.*)$/.exec(url) ?? [];
    const sample = {
      scheme: scheme === "https" ? ("https" as const) : ("http" as const),
      method: "GET",
      target,
      headers: [["Host", host]] as const,
    };
    const facts = requestFacts(sample, table.plane, {
      ...{ ports: { http: 80, https: 443 }, exact: true, remoteAddress: "127.0.0.1", chance: 0.999 },
      noEndpoints: empty,
    });
    const known = knownOffline({ resolve: ({ service }) => resolution(service) }, facts);
    const drawn = allDrawn((place) => outcome(table, { ...facts, drawn: place }, known));
    const answers = drawn.map(({ decision }) => {
      if (decision.kind === "forward") return `${decision.backend.service} ${decision.upstreamPath}`;
      return decision.kind === "redirect" ? `${decision.status} ${decision.location}` : `${decision.status}`;
    });
    return [url, answers.sort().join(" | ")];
  });
  expect(Object.fromEntries(found)).toEqual(asked);
});

function resolution(service: string) {
  if (service === "empty") return { kind: "none", why: "it has no endpoints" } as const;
  const connection = { kind: "tcp", host: "127.0.0.1", port: 1 } as const;
  return { kind: "upstream", upstream: { name: "pod", protocol: "http", connection, basePath: "" } } as const;
}
