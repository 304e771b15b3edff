import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Home, Up } from "./up-process.ts";
import { ask, createHome, runCommand, startUp } from "./up-process.ts";

let home: Home;
const running: Up[] = [];

beforeEach(() => {
  home = createHome();
});
afterEach(async () => {
  for (const up of running.splice(0)) if (up.child.exitCode === null) await up.stop("SIGKILL");
  home.remove();
});

async function start(...args: readonly string[]): Promise<Up> {
  const up = await startUp(home, args);
  running.push(up);
  return up;
}

const ingress = (name: string, service: string, annotation = "{}") => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, annotations: ${annotation} }
spec:
  ingressClassName: nginx
  rules:
    - host: ${name}.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${service}, port: { number: 80 } } } }] }
`;

/** nginx refuses negative numbers here. */
const BAD = ingress("bad", "bad", '{ nginx.ingress.kubernetes.io/proxy-read-timeout: "-1" }');
const WORDS = '"proxy_read_timeout" directive invalid value';

const isStop = (about: string) => (event: object) =>
  "code" in event && event.code === "controller-stops" && JSON.stringify(event).includes(about);

/** The Service that answers for a host, else the status. */
async function served(up: Up, host: string): Promise<unknown> {
  const { status, body } = await ask(up.httpPort, `http://${host}/`);
  return status === 200 ? JSON.parse(body).service : status;
}

test("--exact: what was served stays, other Ingresses and Services included, until what stops the controller goes", async () => {
  home.save("shop.yaml", ingress("shop", "before"));
  const up = await start("--exact");
  home.save("bad.yaml", BAD);
  const stop = await up.event(isStop("Ingress default/bad"));
  expect(stop).toMatchObject({ level: "error", stops: WORDS, file: join(home.manifests, "bad.yaml") });
  expect(await up.event(isStop("what was served before stays"))).toMatchObject({ level: "error" });

  home.save("shop.yaml", ingress("shop", "after"));
  home.save("new.yaml", ingress("new", "new", '{ nginx.ingress.kubernetes.io/no-such: "" }'));
  // Problems of files that are not in force are reported too.
  await up.event(({ code }) => code === "annotation-unknown");
  expect(await served(up, "shop.test")).toBe("before");
  expect(await served(up, "new.test")).toBe(404);
  expect(await served(up, "bad.test")).toBe(404);
  expect(up.events.filter(({ type }) => type === "reload")).toEqual([]);

  home.save("bad.yaml", ingress("bad", "good"));
  await up.event(({ type }) => type === "reload");
  expect(await served(up, "shop.test")).toBe("after");
  expect(await served(up, "new.test")).toBe("new");
  expect(await served(up, "bad.test")).toBe("good");
});

test("--exact: nothing is served where a controller would meet it at its start", async () => {
  home.save("shop.yaml", ingress("shop", "shop"));
  home.save("bad.yaml", BAD);
  const up = await start("--exact");
  expect(up.ready).toMatchObject({ routes: 0 });
  expect(await up.event(isStop("nothing of these Ingresses is served"))).toMatchObject({ level: "error" });
  expect(await served(up, "shop.test")).toBe(404);
  const since = up.events.length;
  home.save("bad.yaml", ingress("bad", "good"));
  await up.event(({ type }) => type === "reload", since);
  expect(await served(up, "shop.test")).toBe("shop");
});

test("else the rest is served and goes on to change, and that is said", async () => {
  home.save("shop.yaml", ingress("shop", "shop"));
  home.save("bad.yaml", BAD);
  const up = await start();
  expect(await up.event(isStop("In the cluster nothing changes any more"))).toMatchObject({
    level: "warning",
  });
  expect(await served(up, "shop.test")).toBe("shop");
  expect(await served(up, "bad.test")).toBe(404);
  home.save("new.yaml", ingress("new", "new"));
  await up.event(({ type }) => type === "reload");
  expect(await served(up, "new.test")).toBe("new");
});

test("check, explain and routes tell of it", async () => {
  home.save("bad.yaml", BAD);
  const sentence = `nginx refuses the configuration (${WORDS}), so no change of any Ingress takes effect until this goes`;
  const checked = await runCommand(["check", home.manifests], home.folder);
  expect(checked.code).toBe(1);
  expect(checked.stdout).toContain(sentence);
  const explained = await runCommand(["explain", "http://www.basic1.com/path1", home.manifests], home.folder);
  expect(explained.stdout).toMatch(/→ forward default\/service1:80 /);
  expect(explained.stdout).toMatch(
    /In the cluster +what it answered before: nginx refuses the configuration/,
  );
  const exactly = await runCommand(
    ["explain", "--exact", "http://www.basic1.com/path1", home.manifests],
    home.folder,
  );
  expect(exactly.stdout).toMatch(/→ respond 404/);
  const routes = await runCommand(["routes", "-o", "json", home.manifests], home.folder);
  expect(JSON.parse(routes.stdout).problems).toContainEqual(expect.objectContaining({ stops: WORDS }));
});
