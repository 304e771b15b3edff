import { expect, test } from "vitest";
import { runHere } from "./in-process.ts";

const manifest = (annotations: Readonly<Record<string, string>>) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
${Object.entries(annotations)
  .map(([name, value]) => `    nginx.ingress.kubernetes.io/${name}: ${JSON.stringify(value)}`)
  .join("\n")}
spec:
  ingressClassName: nginx
  rules:
    - host: shop.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;

const ask = (allow: string, ...args: readonly string[]) =>
  runHere(["explain", "http://shop.test/", "-f", "-", "-o", "json", ...args], {
    input: manifest({ "whitelist-source-range": allow }),
  });

test.each([
  ["10.0.0.0/8", [], 403],
  ["10.0.0.0/8", ["--client-address", "10.1.2.3"], undefined],
  ["10.0.0.0/8", ["--client-address", "11.1.2.3"], 403],
  ["2001:db8::/32", ["--client-address", "2001:db8::7"], undefined],
  ["127.0.0.1", [], undefined],
] as const)("%s, %j: %s", async (allow, args, status) => {
  const { stdout } = await ask(allow, ...args);
  expect(JSON.parse(stdout).status).toBe(status);
});

test("explain tells whom to ask as", async () => {
  const input = manifest({ "whitelist-source-range": "10.0.0.0/8" });
  const refused = await runHere(["explain", "http://shop.test/", "-f", "-"], { input });
  expect(refused.stderr).toContain(
    "Ask as one that may come: --client-address 10.0.0.5, in up and in explain.",
  );
});

test("the backend is told of the client", async () => {
  const { stdout } = await ask("10.0.0.0/8", "--client-address", "10.1.2.3");
  expect(JSON.parse(stdout).requestHeaders).toMatchObject({
    "X-Real-IP": "10.1.2.3",
    "X-Forwarded-For": "10.1.2.3",
  });
});

test.each(["10.0.0", "10.0.0.0/8", "localhost", "fe80::1%eth0"])("%s is no address", async (address) => {
  const { code, stderr } = await ask("10.0.0.0/8", "--client-address", address);
  expect(code).toBe(2);
  expect(stderr).toContain(`--client-address: "${address}" is not an IP address, such as 10.0.0.5`);
  expect(stderr).toContain("See ingress-dev explain --help.");
});

const notices = async (annotations: Readonly<Record<string, string>>, ...args: readonly string[]) => {
  const { stdout } = await runHere(["check", "-", "-o", "json", ...args], { input: manifest(annotations) });
  const found: readonly { code: string; level: string; fix: string }[] = JSON.parse(stdout).problems;
  return found.filter(({ code }) => code === "client-excluded").map(({ level, fix }) => `${level} ${fix}`);
};

const ALLOW = "whitelist-source-range";
const DENY = "denylist-source-range";

test.each([
  // lists                                                              whom to ask as
  [{ [ALLOW]: "10.0.0.0/8,172.16.0.0/12" }, "10.0.0.5"],
  [{ [ALLOW]: "192.168.7.77/24" }, "192.168.7.5"],
  [{ [ALLOW]: "192.168.7.78/31" }, "192.168.7.79"],
  [{ [ALLOW]: "192.168.7.78" }, "192.168.7.78"],
  [{ [ALLOW]: "203.0.113.200/32" }, "203.0.113.200"],
  [{ [ALLOW]: "2001:db8::/32" }, "2001:db8::5"],
  [{ [ALLOW]: "2001:db8::1" }, "2001:db8::1"],
  [{ [DENY]: "127.0.0.0/8" }, "ADDRESS"],
] as const)("%j: a notice that names %s", async (annotations, address) => {
  const [notice, ...more] = await notices(annotations);
  expect(more).toEqual([]);
  expect(notice).toMatch(/^notice Ask as /);
  expect(notice).toContain(`--client-address ${address},`);
});

test.each([
  [{ [ALLOW]: "10.0.0.0/8,127.0.0.1" }, []],
  [{ [ALLOW]: "0.0.0.0/0" }, []],
  [{ [DENY]: "10.0.0.0/8" }, []],
  [{ [ALLOW]: "10.0.0.0/8" }, ["--client-address", "10.9.9.9"]],
  [{ [ALLOW]: "10.0.0.0/8", satisfy: "any", "auth-url": "http://auth.test/" }, []],
] as const)("%j %j: no notice", async (annotations, args) =>
  expect(await notices(annotations, ...args)).toEqual([]));
