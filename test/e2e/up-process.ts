import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { MAIN } from "../support/built.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** Output and end of a command. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A user's folder with manifests, hosts file and certificates folder. */
export interface Home {
  readonly folder: string;
  readonly manifests: string;
  readonly hostsFile: string;
  readonly hosts: () => string;
  /** Writes a manifest file. */
  readonly save: (name: string, text: string) => void;
  readonly remove: () => void;
}

/** Two kinds of line ends, a tab, a comment, and no final line end: any change shows. */
export const HOSTS_BEFORE = "127.0.0.1\tlocalhost # mine\r\n::1 localhost\n\n10.0.0.1 printer";

/** A new home with an example's manifests. */
export function createHome(example = "quick-start"): Home {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-e2e-"));
  const manifests = join(folder, "manifests");
  const hostsFile = join(folder, "hosts");
  cpSync(join(ROOT, "examples", example), manifests, { recursive: true });
  writeFileSync(hostsFile, HOSTS_BEFORE);
  return {
    folder,
    manifests,
    hostsFile,
    hosts: () => readFileSync(hostsFile, "utf8"),
    save: (name, text) => writeFileSync(join(manifests, name), text),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  };
}

/** The user's environment. */
export function environmentOf(folder: string): NodeJS.ProcessEnv {
  // Under CI a terminal is not interactive; tests that need that set it.
  const { CI: _, ...own } = process.env;
  return { ...own, HOME: folder, XDG_DATA_HOME: join(folder, "data") };
}

/** Starts the command line in a folder. */
export function startCommand(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...environmentOf(cwd), NO_COLOR: "1", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Collects output until the end. */
export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += String(chunk);
  });
  child.stderr?.on("data", (chunk) => {
    stderr += String(chunk);
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr })));
}

export function runCommand(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  input = "",
): Promise<Ended> {
  const child = startCommand(args, cwd, env);
  const end = ended(child);
  child.stdin?.end(input);
  return end;
}

type JsonEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** `up -o json` in a child process. */
export interface Up {
  readonly child: ChildProcess;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly ready: JsonEvent;
  /** Every event so far. */
  readonly events: readonly JsonEvent[];
  /** The first matching event from `since` on; rejects if the process ends before. */
  readonly event: (fits: (event: JsonEvent) => boolean, since?: number) => Promise<JsonEvent>;
  readonly end: Promise<Ended>;
  /** Sends a signal and waits for the end. */
  readonly stop: (signal: NodeJS.Signals) => Promise<Ended>;
}

function portIn(listener: unknown): number {
  if (typeof listener === "object" && listener !== null && "port" in listener) return Number(listener.port);
  throw new Error(`no listener: ${JSON.stringify(listener)}`);
}

/** The start parameters of `up` beside its arguments. */
export interface UpSurroundings {
  /** default: the home's own */
  readonly paths?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `up` on free ports and waits until it is ready. */
export async function startUp(
  home: Home,
  args: readonly string[] = [],
  { paths = [home.manifests], env }: UpSurroundings = {},
): Promise<Up> {
  const own = ["--http-port", "0", "--https-port", "0", "--hosts-file", home.hostsFile];
  const child = startCommand(["up", ...paths, "-o", "json", ...own, ...args], home.folder, env);
  const end = ended(child);
  const events: JsonEvent[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of [...waiting]) look();
  };
  if (child.stdout === null) throw new Error("no standard output");
  createInterface({ input: child.stdout }).on("line", (line) => {
    events.push(JSON.parse(line));
    wake();
  });
  let over: Ended | undefined;
  void end.then((how) => {
    over = how;
    wake();
  });
  const event = (fits: (event: JsonEvent) => boolean, since = 0) =>
    new Promise<JsonEvent>((resolve, reject) => {
      const look = () => {
        const found = events.slice(since).find(fits);
        if (found === undefined && over === undefined) return;
        waiting.delete(look);
        if (found !== undefined) resolve(found);
        else reject(new Error(`ended (${over?.code}) without the event: ${over?.stderr}`));
      };
      waiting.add(look);
      look();
    });
  const ready = await event(({ type }) => type === "ready");
  return {
    child,
    httpPort: portIn(ready.http),
    httpsPort: portIn(ready.https),
    ready,
    events,
    event,
    end,
    stop: (signal) => {
      child.kill(signal);
      return end;
    },
  };
}

/** The compared parts of an answer. */
export interface Answered {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
  /** The certificate's common name; `undefined` over http. */
  readonly commonName: string | undefined;
}

/** Requests a URL on the loopback by Host header and SNI, over HTTP/1.1 on its own connection. */
export function ask(port: number, url: string): Promise<Answered> {
  const { protocol, hostname, pathname, search } = new URL(url);
  const isTls = protocol === "https:";
  const options = {
    host: "127.0.0.1",
    port,
    path: pathname + search,
    headers: { host: `${hostname}:${port}` },
    agent: false as const,
    servername: hostname,
    rejectUnauthorized: false,
  };
  return new Promise((resolve, reject) => {
    const sent = (isTls ? httpsRequest : httpRequest)(options, (response) => {
      const { socket } = response;
      const commonName = "getPeerCertificate" in socket ? nameOf(socket) : undefined;
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode, headers: response.headers, body, commonName }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}

function nameOf(socket: object): string {
  const certificate: unknown =
    "getPeerCertificate" in socket && typeof socket.getPeerCertificate === "function"
      ? socket.getPeerCertificate()
      : undefined;
  return (certificate as { subject: { CN: string } }).subject.CN;
}
