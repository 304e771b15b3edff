import { join } from "node:path";
import { ask, createHome, type Home, startUp, type Up } from "../e2e/up-process.ts";
import { anyManifest } from "./manifests.ts";
import type { Random } from "./random.ts";
import { anyFrames, anyRequest, connection, send } from "./requests.ts";

/** Requests of a storm; one turn of the event loop takes all of them where they have gathered on a busy machine. */
export const STORM = 20;
/** Limit of one turn: a handshake by TLS and its request take 1 to 3. unit: ms of processor time */
const LONGEST_TURN_MS = 5 * STORM;
/** Catches a hang, not slowness. unit: ms */
const HANG_MS = 20_000;
/** After this time an unserved file counts as forbidden by the other one. unit: ms */
const FORBIDDEN_MS = 3_000;
const HARMLESS = "apiVersion: v1\nkind: Service\nmetadata: {name: harmless}\nspec: {ports: [{port: 80}]}\n";
/** Life of a connection that nobody ends. unit: ms */
const OPEN_MS = 200;

/** The real `up` in its own process; files are overwritten and requests sent. */
export interface Target {
  /** Saves arbitrary content, and a valid file beside it that must be served. */
  readonly save: (text: string) => Promise<void>;
  /** Sends `STORM` random requests at once. */
  readonly storm: () => Promise<void>;
  /** unit: ms of processor time */
  readonly longestTurn: () => number;
  /** Faults so far: a bug report, or a turn that took too long. */
  readonly faults: () => readonly string[];
  readonly close: () => Promise<readonly string[]>;
}

const right = (round: number) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: right, namespace: fuzz}
spec:
  ingressClassName: nginx
  rules:
  - host: right-${round}.test
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
`;

/** Enough for every protocol, plain and by TLS. */
const FIRST_REQUESTS = 100;

export async function openTarget(random: Random): Promise<Target> {
  const home: Home = createHome();
  home.save("right.yaml", right(0));
  home.save("any.yaml", anyManifest(random));
  const env = { NODE_OPTIONS: `--require ${join(import.meta.dirname, "turns.cjs")}` };
  const up: Up = await startUp(home, [], { env });
  const turns: number[] = [];
  let said = "";
  // What answers is loaded behind `ready`, and each protocol at its first use: reports count once all are loaded.
  let [isLoaded, isStart] = [false, true];
  up.child.stderr?.on("data", (chunk) => {
    for (const [line, ms] of String(chunk).matchAll(/longest turn ([\d.]+) ms\n|.*\n/g)) {
      if (ms === undefined) said += line;
      else if (!isStart) turns.push(Number(ms));
      isStart &&= !isLoaded || ms === undefined;
    }
  });
  let round = 0;
  const ports = { http: up.httpPort, https: up.httpsPort };
  const faults = () => [
    ...up.events
      .filter(({ type, code }) => type === "problem" && code === "internal")
      .map((event) => JSON.stringify(event)),
    ...turns.filter((ms) => ms > LONGEST_TURN_MS).map((ms) => `a turn of ${ms} ms`),
    ...(said.trim() === "" ? [] : [`on standard error: ${said}`]),
    ...(up.child.exitCode === null ? [] : [`ended with ${up.child.exitCode}: ${said}`]),
  ];
  const requests = async (count: number) => {
    const sent = Array.from({ length: count }, async () => {
      const { socket, protocol } = connection(ports, random);
      const bytes = protocol === "h1" || random.percent(10) ? anyRequest(random) : anyFrames(random);
      await send(socket, bytes, random, OPEN_MS);
    });
    await Promise.all(sent);
    await withLimit(ask(up.httpPort, `http://right-${round}.test/`));
  };
  const target: Target = {
    save: async (text) => {
      home.save("any.yaml", text);
      home.save("right.yaml", right(++round));
      const isServed = async () =>
        (await withLimit(ask(up.httpPort, `http://right-${round}.test/`))).status === 200;
      const since = performance.now();
      while (!(await isServed())) {
        const waited = performance.now() - since;
        if (waited > HANG_MS) throw new Error(`round ${round} is not served: ${said}`);
        // An IngressClass or ConfigMap may forbid it; without it the file must be served.
        if (waited > FORBIDDEN_MS) home.save("any.yaml", HARMLESS);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    storm: () => requests(STORM),
    longestTurn: () => turns.reduce((longest, ms) => Math.max(longest, ms), 0),
    faults,
    close: async () => {
      const { code } = await up.stop("SIGTERM");
      home.remove();
      return [
        ...faults().filter((fault) => !fault.startsWith("ended with 143")),
        ...(code === 143 ? [] : [`exit status ${code}: ${said}`]),
      ];
    },
  };
  await target.save(anyManifest(random));
  await requests(FIRST_REQUESTS);
  isLoaded = true;
  return target;
}

function withLimit<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("a plain request is not answered")), HANG_MS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
