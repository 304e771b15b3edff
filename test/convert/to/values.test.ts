import { expect, test } from "vitest";
import { conversion, written } from "./conversion.ts";

type Row = readonly [
  target: string,
  annotations: Readonly<Record<string, string>>,
  kind: string,
  said: object,
];

const CORS = { "enable-cors": "true" };
const proxied = (corsPolicy: object) => ({ virtualhost: { corsPolicy } });
const filtered = (cors: object) => ({
  rules: [expect.objectContaining({ filters: [{ type: "CORS", cors: expect.objectContaining(cors) }] })],
});

/** Values that ingress-nginx takes, and the API server would refuse as they are. */
const VALUES: readonly Row[] = [
  [
    "contour",
    { ...CORS, "cors-allow-origin": ",," },
    "HTTPProxy",
    proxied({ allowOrigin: ["https://nobody.invalid"] }),
  ],
  [
    "contour",
    { ...CORS, "cors-allow-methods": "GET PUT" },
    "HTTPProxy",
    proxied({ allowMethods: ["GET", "PUT"] }),
  ],
  ["contour", { ...CORS, "cors-max-age": "-3" }, "HTTPProxy", proxied({ maxAge: "0s" })],
  [
    "gateway-api",
    { ...CORS, "cors-allow-methods": "GET PUT" },
    "HTTPRoute",
    filtered({ allowMethods: ["GET", "PUT"] }),
  ],
  [
    "gateway-api",
    { ...CORS, "cors-allow-origin": "app://x" },
    "HTTPRoute",
    filtered({ allowOrigins: ["https://nobody.invalid"] }),
  ],
  [
    "gateway-api",
    { ...CORS, "cors-max-age": "9223372036854775807" },
    "HTTPRoute",
    filtered({ maxAge: 2147483647 }),
  ],
  [
    "traefik",
    { ...CORS, "cors-max-age": "9223372036854775807" },
    "Middleware",
    { headers: { accessControlMaxAge: 2147483647 } },
  ],
  [
    "traefik",
    { "limit-rps": "9223372036854775807" },
    "Middleware",
    { rateLimit: { average: 1_000_000_000, burst: 1_000_000_000 } },
  ],
  [
    "gateway-api",
    {
      ...{ "backend-protocol": "HTTPS", "proxy-ssl-secret": "default/ca", "proxy-ssl-verify": "on" },
      "proxy-ssl-name": "$host:8080",
    },
    "BackendTLSPolicy",
    { validation: { hostname: "s.default.svc" } },
  ],
];

test.each(VALUES)("to %s: %j", async (target, annotations, kind, said) => {
  const { objects, problems, compared } = await conversion([written({ annotations })], target);
  expect(objects.find((object) => object.kind === kind)?.spec).toMatchObject(said);
  expect(problems.map(({ code }) => code)).not.toContain("invalid-value");
  expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
});

test("blanks around a value that nginx does without go", async () => {
  const annotations = { "auth-url": " http://auth.default.svc.cluster.local/ok" };
  const { text } = await conversion([written({ annotations })], "traefik-nginx");
  expect(text).toContain('"http://auth.default.svc.cluster.local/ok"');
});
