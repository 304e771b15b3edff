import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nginxAnswer } from "../../src/plane/nginx/pages.ts";
import { runHere } from "../cli/in-process.ts";
import { closedPort } from "../verify/misbehaving.ts";
import { problemsOf } from "./both.ts";
import { ingresses } from "./ingresses.ts";
import { nginxVersion, openWorkshop, startNginx, type Workshop } from "./nginx.ts";
import { manifestOf, type OracleIngress } from "./resources.ts";
import { nginxConfiguration } from "./template.ts";

/** CI must have nginx; elsewhere these tests are skipped without it. */
const skipped = nginxVersion() === undefined && process.env.CI !== "true";

/** Sets of Ingresses. */
const SETS = Number(process.env.ORACLE_SETS ?? 50);
/** Of so many sets one is looked at with other Services behind nginx. */
const CHANGED_EVERY = 3;
const SEED = Number(process.env.ORACLE_SEED ?? 1);

/** The `-o json` of `verify`. */
interface Verified {
  readonly compared: number;
  readonly differences: readonly {
    readonly code: string;
    readonly request: string;
    readonly detail: string;
  }[];
  readonly undecided: readonly { readonly count: number; readonly why: string }[];
  readonly services: { readonly told: number; readonly notTold: number };
}

/** The workshop's Secrets are not there, so nginx has one certificate for all names. */
const isOfAnswers = ({ code }: Verified["differences"][number]) => code !== "certificate";

describe.skipIf(skipped)(`verify beside nginx ${nginxVersion() ?? "(there is none here)"}`, () => {
  let around: Around;
  beforeAll(async () => {
    around = await openAround();
  });
  afterAll(() => around?.close());

  test(`finds no difference in ${SETS} sets that the controller configures so, and one where routes are others`, {
    timeout: 3_600_000,
  }, async () => {
    const tally = {
      sets: 0,
      compared: 0,
      told: 0,
      undecided: new Map<string, number>(),
      changed: 0,
      found: 0,
    };
    const drawn = fc.sample(ingresses, { seed: SEED, numRuns: 4 * SETS });
    for (const set of drawn) {
      if (tally.sets === SETS) break;
      const same = await around.verified(set, set);
      if (same === "refused") continue;
      expect(same.differences.filter(isOfAnswers), manifestOf(set)).toEqual([]);
      tally.sets++;
      tally.compared += same.compared;
      tally.told += same.services.told;
      for (const { why, count } of same.undecided)
        tally.undecided.set(why, (tally.undecided.get(why) ?? 0) + count);
      const other = tally.sets % CHANGED_EVERY === 0 ? renamed(set) : undefined;
      if (other === undefined) continue;
      const changed = await around.verified(set, other);
      if (changed === "refused" || same.services.told === 0) continue;
      tally.changed++;
      if (changed.differences.some(isOfAnswers)) tally.found++;
    }
    console.log(`seed ${SEED}:`, tally, "methods:", [...around.methods]);
    expect(tally.sets).toBe(SETS);
    expect(tally.compared).toBeGreaterThan(SETS * 20);
    expect(tally.told).toBeGreaterThan(SETS * 2);
    expect(tally.changed).toBeGreaterThan(SETS / 10);
    expect(tally.found).toBe(tally.changed);
    expect([...around.methods].sort().filter((method) => method !== "HEAD")).toEqual(["GET"]);
  });
});

/** The same with another Service at every path; `undefined` without a path. */
function renamed(set: readonly OracleIngress[]): readonly OracleIngress[] | undefined {
  const other = (service: string) => `${service}-next`;
  const all = set.map((ingress) => ({
    ...ingress,
    defaultBackend: ingress.defaultBackend && other(ingress.defaultBackend),
    rules: ingress.rules.map((rule) => ({
      ...rule,
      paths: rule.paths.map((path) => ({ ...path, service: other(path.service) })),
    })),
  }));
  return set.some(({ rules }) => rules.some(({ paths }) => paths.length > 0)) ? all : undefined;
}

interface Around {
  /** `verify` of manifests against an nginx that is configured by others. `refused`: nginx does not take them. */
  verified(
    manifests: readonly OracleIngress[],
    configured: readonly OracleIngress[],
  ): Promise<Verified | "refused">;
  /** All that ever reached nginx or a backend. */
  readonly methods: ReadonlySet<string>;
  close(): Promise<void>;
}

async function openAround(): Promise<Around> {
  const workshop: Workshop = await openWorkshop();
  const methods = new Set<string>();
  const backend = join(workshop.folder, "telling.sock");
  const server = await tellingBackend(backend, methods);
  const [http, https] = [await closedPort(), await closedPort()];
  const here = { ...workshop, backend, http: `127.0.0.1:${http}`, https: `127.0.0.1:${https}` };
  const controller = ["127.0.0.1", "--http-port", String(http), "--https-port", String(https)];
  const options = ["--client-address", "127.0.0.1", "--rate", "1000", "-o", "json"];
  const file = join(workshop.folder, "ingresses.yaml");
  return {
    methods,
    verified: async (manifests, configured) => {
      if ((await problemsOf(manifests)).some(({ stops }) => stops !== undefined)) return "refused";
      const nginx = await startNginx(nginxConfiguration(configured, here), here);
      if (nginx.kind === "refused") return "refused";
      writeFileSync(file, manifestOf(manifests));
      const said = await runHere(["verify", ...controller, ...options, file]);
      await nginx.stop();
      expect(said.code, said.stderr).toBeLessThan(2);
      return JSON.parse(said.stdout);
    },
    close: async () => {
      server.close();
      await workshop.close();
    },
  };
}

/** Says which Service it is, as an echo server would; the controller's default backend answers with nginx's 404. */
async function tellingBackend(path: string, methods: Set<string>): Promise<Server> {
  const respond = (socket: Socket, head: string) => {
    const [, method = "", target = ""] = /^(\S+) (\S*)/.exec(head) ?? [];
    methods.add(method);
    const service = /\r\nX-Oracle-Backend: (\S+)/.exec(head)?.[1];
    // A path without slash is no request: a rewrite may make one.
    const status = !target.startsWith("/")
      ? "400 Bad Request"
      : service === undefined
        ? "404 Not Found"
        : "200 OK";
    const told =
      service === undefined
        ? nginxAnswer({ status: 404 }).body
        : JSON.stringify({ namespace: "default", service, pod: `${service}-0` });
    const body = target.startsWith("/") ? told : "no";
    const lines = `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n\r\n`;
    socket.write(method === "HEAD" ? lines : lines + body);
  };
  const server = createServer((socket) => {
    let text = "";
    socket
      .on("error", () => undefined)
      .on("data", (chunk) => {
        text += chunk.toString("latin1");
        for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
          respond(socket, text.slice(0, end + 2));
          text = text.slice(end + 4);
        }
      });
  });
  server.listen(path);
  await once(server, "listening");
  return server;
}
