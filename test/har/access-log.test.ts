import { describe, expect, test } from "vitest";
import { LineSplitter } from "../../src/har/access-log/line-splitter.ts";
import { readLogLine } from "../../src/har/access-log/read-line.ts";

const TIME = "[28/Nov/2026:12:00:00 +0000]";
const TAIL = '"-" "curl/8.0"';
/** ingress-nginx's default format (log-format-upstream). */
const INGRESS_NGINX = `10.0.0.1 - - ${TIME} "GET /cart?x=1 HTTP/2.0" 200 12 ${TAIL} 80 0.002 [default-web-80] [] 10.0.0.9:8080 12 0.002 200 8a5d`;
const GOT = { kind: "request", method: "GET", target: "/cart?x=1", status: 200 };

describe("lines of an access log", () => {
  test.each<[string, string, object]>([
    ["ingress-nginx", INGRESS_NGINX, { ...GOT, upstream: "default-web-80" }],
    [
      "ingress-nginx, answered by the canary",
      INGRESS_NGINX.replace("[] ", "[default-canary-80] "),
      { ...GOT, upstream: "default-canary-80" },
    ],
    [
      "ingress-nginx, without upstream",
      INGRESS_NGINX.replace("default-web-80", ""),
      { ...GOT, upstream: undefined },
    ],
    ["kubectl logs --prefix", `[pod/ingress-nginx-controller-x/controller] ${INGRESS_NGINX}`, GOT],
    ["kubectl logs --timestamps", `2026-11-28T12:00:00.123456789Z ${INGRESS_NGINX}`, GOT],
    ["a container runtime's file", `2026-11-28T12:00:00.1+00:00 stdout F ${INGRESS_NGINX}`, GOT],
    ["docker's file", JSON.stringify({ log: `${INGRESS_NGINX}\n`, stream: "stdout", time: "x" }), GOT],
    ["common", `::1 - frank ${TIME} "GET /cart?x=1 HTTP/1.0" 200 2326`, { ...GOT, host: undefined }],
    [
      "combined",
      `10.0.0.1 - a b ${TIME} "GET /cart?x=1 HTTP/1.1" 200 12 ${TAIL}`,
      { ...GOT, host: undefined },
    ],
    [
      "combined behind the virtual host",
      `shop.test:443 10.0.0.1 - - ${TIME} "GET /cart?x=1 HTTP/1.1" 200 12 ${TAIL}`,
      { ...GOT, host: "shop.test:443", scheme: "https" },
    ],
    [
      "Traefik",
      `10.0.0.1 - - ${TIME} "GET /cart?x=1 HTTP/1.1" 200 12 ${TAIL} 7 "default-shop@kubernetes" "http://10.0.0.9:80" 3ms`,
      { ...GOT, upstream: undefined },
    ],
    [
      "a whole URL",
      `a - - ${TIME} "GET http://shop.test/a HTTP/1.1" 200 1`,
      { host: "shop.test", scheme: "http", target: "/a" },
    ],
    ["escapes of nginx", `a - - ${TIME} "GET /\\x22\\xC3\\xBC HTTP/1.1" 200 1`, { target: '/"\xc3\xbc' }],
    ["escapes of Apache", `a - - ${TIME} "GET /\\"\\\\ HTTP/1.1" 200 1`, { target: '/"\\' }],
    ["blanks in a path", `a - - ${TIME} "GET /a b HTTP/1.1" 400 1`, { target: "/a b" }],
    [
      "JSON of nginx",
      '{"time":"x","remote_addr":"10.0.0.1","http_host":"shop.test","request":"GET /cart?x=1 HTTP/1.1","status":"200","proxy_upstream_name":"default-web-80"}',
      { ...GOT, host: "shop.test", upstream: "default-web-80" },
    ],
    [
      "JSON of nginx, in parts",
      '{"request_method":"GET","vhost":"shop.test","uri":"/cart","args":"x=1","status":200,"scheme":"https"}',
      { ...GOT, host: "shop.test", scheme: "https" },
    ],
    [
      "JSON of Caddy",
      '{"level":"info","logger":"http.log.access","msg":"handled request","request":{"proto":"HTTP/2.0","method":"GET","host":"shop.test","uri":"/cart?x=1","tls":{"version":772}},"status":200}',
      { ...GOT, host: "shop.test", scheme: "https" },
    ],
    [
      "JSON of Traefik",
      '{"DownstreamStatus":200,"RequestHost":"shop.test","RequestMethod":"GET","RequestPath":"/cart?x=1","RequestScheme":"https","level":"info","msg":""}',
      { ...GOT, host: "shop.test", scheme: "https" },
    ],
    [
      "JSON of Envoy",
      '{":authority":"shop.test","method":"GET","path":"/cart?x=1","response_code":200,"protocol":"HTTP/1.1"}',
      { ...GOT, host: "shop.test", scheme: undefined },
    ],
    [
      "JSON of a load balancer",
      '{"httpRequest":{"requestMethod":"GET","requestUrl":"https://shop.test/cart?x=1","status":200}}',
      { ...GOT, host: "shop.test", scheme: "https" },
    ],
    [
      "up -o json",
      '{"type":"hit","method":"GET","scheme":"http","host":"shop.test:31000","path":"/cart?x=1","status":200,"decision":"forward","backend":{"namespace":"default","service":"web","port":80},"upstreamPath":"/cart?x=1","why":["x"]}',
      {
        ...GOT,
        host: "shop.test:31000",
        known: expect.objectContaining({ decision: "forward", upstreamPath: "/cart?x=1" }),
      },
    ],
  ])("%s", (_, line, request) => expect(readLogLine(line)).toMatchObject(request));

  test.each<[string, string]>([
    ["klog", "I1128 12:00:00.000000       7 controller.go:190] Backend successfully reloaded"],
    ["nginx's error log", "2026/11/28 12:00:00 [error] 31#31: *1 connect() failed"],
    [
      "a rule of the banner",
      "-------------------------------------------------------------------------------",
    ],
    ["nothing", ""],
    ["TLS on a port for http", `10.0.0.1 - - ${TIME} "\\x16\\x03\\x01\\x02" 400 150 ${TAIL}`],
    ["a connection without a request", `10.0.0.1 - - ${TIME} "" 400 0 ${TAIL}`],
    ["another event of up", '{"type":"ready","http":{"port":31000}}'],
    ["another line of Caddy", '{"level":"info","ts":1,"msg":"serving initial configuration"}'],
  ])("tells of no request: %s", (_, line) => expect(readLogLine(line).kind).toBe("other"));

  test.each<[string, string]>([
    ["prose", "what a day"],
    ["cut off", `10.0.0.1 - - ${TIME} "GET /cart`],
    ["without a status", `10.0.0.1 - - ${TIME} "GET /cart HTTP/1.1"`],
    ["broken JSON", '{"request":'],
    ["JSON of something else", '{"a":1}'],
    ["a list", "[1]"],
  ])("cannot be read: %s", (_, line) => expect(readLogLine(line).kind).toBe("unread"));

  test("hostile lines are read in time that grows with their length", () => {
    for (const piece of ["[", '"', "\\", " - ", "{", '{"log":"', " [1/Jan/2026:", "a "]) {
      const began = process.cpuUsage();
      readLogLine(piece.repeat(200_000));
      const { user } = process.cpuUsage(began);
      expect(user / 1e6, piece).toBeLessThan(5);
    }
    let wrapped = INGRESS_NGINX;
    for (let i = 0; i < 8; i++) wrapped = JSON.stringify({ log: wrapped });
    expect(readLogLine(wrapped).kind).toBe("other");
  });
});

describe("LineSplitter", () => {
  const TEXT = "one\r\ntwo\n\nthree \xfc\nlast";

  test("splits at any boundary", () => {
    for (let size = 1; size < TEXT.length; size++) {
      const lines: string[] = [];
      const splitter = new LineSplitter((line) => lines.push(line));
      const bytes = Buffer.from(TEXT, "latin1");
      for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
      splitter.end();
      expect(lines).toEqual(["one", "two", "", "three \xfc", "last"]);
    }
  });

  test("keeps only the beginning of a line without end", () => {
    const lines: [number, boolean][] = [];
    const splitter = new LineSplitter((line, isWhole) => lines.push([line.length, isWhole]));
    const piece = Buffer.alloc(65_536, "x");
    for (let i = 0; i < 64; i++) splitter.push(piece);
    splitter.push(Buffer.from("\nshort\n"));
    splitter.end();
    expect(lines).toEqual([
      [1024 * 1024, false],
      [5, true],
    ]);
  });
});
