import { expect, test } from "vitest";
import { namedHosts } from "../../src/select/table.ts";
import { parseOptions } from "../support/case-file.ts";
import { compileCase } from "../support/compiled-case.ts";

interface Written {
  readonly name?: string;
  readonly host?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly paths?: readonly (readonly [path: string, type: string])[];
}

function ingress({
  name = "a",
  host = "a.test",
  annotations = {},
  paths = [["/", "Prefix"]],
}: Written): string {
  const named = Object.entries(annotations).map(([key, value]) => [
    `nginx.ingress.kubernetes.io/${key}`,
    value,
  ]);
  return JSON.stringify({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, annotations: Object.fromEntries(named) },
    spec: {
      ingressClassName: "nginx",
      rules: [
        {
          host,
          http: {
            paths: paths.map(([path, pathType]) => ({
              ...{ path, pathType },
              backend: { service: { name: "web", port: { number: 80 } } },
            })),
          },
        },
      ],
    },
  });
}

async function compiled(...written: readonly Written[]) {
  const text = written.map(ingress).join("\n---\n");
  const result = compileCase([{ file: "a.yaml", text }], parseOptions("", "a.yaml"));
  await result.close();
  return result;
}

async function stopsOf(...written: readonly Written[]): Promise<readonly (string | undefined)[]> {
  const { problems } = await compiled(...written);
  return problems.filter(({ stops }) => stops !== undefined).map(({ stops }) => stops);
}

/** nginx 1.22's words on what nginx.tmpl writes, except PCRE 1's. */
test.each<[Readonly<Record<string, string>>, string]>([
  [{ "proxy-read-timeout": "-1" }, '"proxy_read_timeout" directive invalid value'],
  [{ "proxy-connect-timeout": "-1" }, '"proxy_connect_timeout" directive invalid value'],
  [{ "proxy-next-upstream-timeout": "-3" }, '"proxy_next_upstream_timeout" directive invalid value'],
  [{ "proxy-next-upstream-tries": "-3" }, '"proxy_next_upstream_tries" directive invalid number'],
  [{ "proxy-next-upstream": "errortimeout" }, 'invalid value "errortimeout"'],
  [{ "proxy-buffer-size": "0k" }, '"proxy_buffers" directive invalid value'],
  [{ "proxy-buffer-size": "8b" }, '"proxy_buffer_size" directive invalid value'],
  [{ "proxy-buffer-size": "1g" }, '"proxy_buffer_size" directive invalid value'],
  [{ "proxy-buffers-number": "0" }, '"proxy_buffers" directive invalid value'],
  [{ "proxy-buffers-number": "1" }, 'there must be at least 2 "proxy_buffers"'],
  [
    { "proxy-busy-buffers-size": "64k" },
    '"proxy_busy_buffers_size" must be less than the size of all "proxy_buffers" minus one buffer',
  ],
  [{ "proxy-cookie-path": "/one" }, 'invalid parameter "/one"'],
  [{ "proxy-cookie-path": "/ / /" }, 'invalid number of arguments in "proxy_cookie_path" directive'],
  [{ "proxy-cookie-path": "~?a /b" }, 'pcre_compile() failed: nothing to repeat in "?a"'],
  [
    { "proxy-redirect-from": "http://a b/", "proxy-redirect-to": "/" },
    'invalid number of arguments in "proxy_redirect" directive',
  ],
  [
    { "proxy-redirect-from": "default", "backend-protocol": "GRPC" },
    '"proxy_redirect default" should be placed after the "proxy_pass" directive',
  ],
  [
    { "proxy-redirect-from": "default", "backend-protocol": "AUTO_HTTP" },
    '"proxy_redirect default" cannot be used with "proxy_pass" directive with variables',
  ],
  [{ "custom-http-errors": "404,499" }, 'invalid value "499"'],
  [{ "custom-http-errors": "404404" }, 'value "404404" must be between 300 and 599'],
  [{ "custom-http-errors": ",12" }, 'value "12" must be between 300 and 599'],
  [{ "limit-rps": "5", "limit-burst-multiplier": "0" }, 'invalid burst value "burst=0"'],
  [{ "limit-connections": "65536" }, "connection limit must be less 65536"],
  [{ "upstream-vhost": "$nosuchvar" }, 'unknown "nosuchvar" variable'],
  [{ "rewrite-target": "/v/$nosuchvar" }, 'unknown "nosuchvar" variable'],
  [{ "rewrite-target": "/v/$" }, "invalid variable name"],
  [{ "app-root": "/v/$nosuchvar" }, 'unknown "nosuchvar" variable'],
  [{ "x-forwarded-prefix": "/$nosuchvar", "rewrite-target": "/b" }, 'unknown "nosuchvar" variable'],
  [{ "mirror-target": "http://m.test/$nosuchvar" }, 'unknown "nosuchvar" variable'],
  [{ "auth-url": "http://auth.test/$nosuchvar" }, 'unknown "nosuchvar" variable'],
  [{ "auth-url": "http://auth.test/a b" }, 'invalid number of arguments in "set" directive'],
  [
    { "auth-url": "http://auth.test/", "auth-signin": "http://auth.test/a b" },
    'invalid number of arguments in "return" directive',
  ],
  [
    { "auth-url": "http://auth.test/", "auth-request-redirect": "http://b.test/a b" },
    'invalid number of arguments in "proxy_set_header" directive',
  ],
  [{ "auth-url": "http://auth.test/", "auth-cache-key": "$nosuchvar" }, 'unknown "nosuchvar" variable'],
  [{ "server-alias": "~(a" }, 'pcre_compile() failed: missing ) in "(a"'],
  [{ "server-alias": "a.*.b" }, 'invalid server name or wildcard "a.*.b"'],
  [{ "server-alias": "a..b" }, 'invalid server name or wildcard "a..b"'],
  [{ "server-alias": "*a.test" }, 'server name "*a.test" is invalid'],
  [{ "server-alias": "~" }, 'empty regex in server name "~"'],
  [{ "server-alias": "~^a{2}$" }, 'directive "server_name" is not terminated by ";"'],
  [{ "ssl-ciphers": "AES128-SHA AES256-SHA" }, 'invalid number of arguments in "ssl_ciphers" directive'],
  [
    { "ssl-ciphers": "NOPE" },
    'SSL_CTX_set_cipher_list("NOPE") failed (SSL: error:0A0000B9:SSL routines::no cipher match)',
  ],
])("%j stops the controller", async (annotations, words) => {
  const { problems, table } = await compiled({ annotations }, { name: "good", host: "good.test" });
  const [stop, ...others] = problems.filter(({ stops }) => stops !== undefined);
  expect(others).toEqual([]);
  expect(stop).toMatchObject({
    ...{ code: "controller-stops", level: "error", stops: words, file: "a.yaml" },
    message: expect.stringContaining(
      `nginx refuses the configuration (${words}), so no change of any Ingress takes effect until this goes`,
    ),
  });
  expect(stop?.line).toBeGreaterThan(0);
  // Everything else is served.
  expect([...namedHosts(table).keys()]).toEqual(["good.test"]);
});

test.each<[string, readonly Written[], readonly string[]]>([
  [
    "a Prefix with a slash beside one without",
    [
      {
        paths: [
          ["/foo", "Prefix"],
          ["/foo/", "ImplementationSpecific"],
        ],
      },
    ],
    ['duplicate location "/foo/"'],
  ],
  [
    "an expression that PCRE does not take",
    [{ annotations: { "use-regex": "true" }, paths: [["/a(b", "ImplementationSpecific"]] }],
    ['pcre_compile() failed: missing ) in "^/a(b"'],
  ],
  [
    "from-to-www on a wildcard",
    [{ host: "*.a.test", annotations: { "from-to-www-redirect": "true" } }],
    ['invalid server name or wildcard "www.*.a.test"'],
  ],
  [
    "each of several",
    [
      { annotations: { "proxy-read-timeout": "-1" } },
      { name: "b", host: "b.test", annotations: { "proxy-buffers-number": "1" } },
      {
        name: "c",
        host: "c.test",
        paths: [
          ["/p", "Prefix"],
          ["/p/", "Prefix"],
        ],
      },
    ],
    [
      '"proxy_read_timeout" directive invalid value',
      'there must be at least 2 "proxy_buffers"',
      'duplicate location "/p/"',
    ],
  ],
  [
    "nothing of an Ingress that the controller drops",
    [{ annotations: { "proxy-read-timeout": "-1", "limit-rps": "many" } }],
    [],
  ],
  [
    "nothing of a location that is denied",
    [{ annotations: { "proxy-read-timeout": "-1", "denylist-source-range": "somewhere" } }],
    [],
  ],
  [
    "nothing of a canary, whose annotations are not written",
    [{}, { name: "b", annotations: { canary: "true", "canary-weight": "1", "proxy-read-timeout": "-1" } }],
    [],
  ],
  [
    "nothing of an Ingress whose paths another has",
    [{}, { name: "b", annotations: { "proxy-read-timeout": "-1" } }],
    [],
  ],
  ["nothing of a prefix beside no rewrite", [{ annotations: { "x-forwarded-prefix": "/$nosuchvar" } }], []],
  ["nothing of a copy's host without a copy", [{ annotations: { "mirror-host": "$nosuchvar" } }], []],
  ["nothing of a name in a wildcard's last label", [{ annotations: { "server-alias": "a.*, .b.test" } }], []],
  [
    "nothing of a variable that a group of the path names",
    [
      {
        annotations: { "use-regex": "true", "rewrite-target": "/$tail" },
        paths: [["/p/(?<tail>.*)", "ImplementationSpecific"]],
      },
    ],
    [],
  ],
  [
    "nothing of an expression that only cannot be run here",
    [{ annotations: { "use-regex": "true" }, paths: [["/a(?R)?b", "ImplementationSpecific"]] }],
    [],
  ],
])("%s", async (_, written, words) => expect(await stopsOf(...written)).toEqual(words));
