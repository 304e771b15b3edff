import { type ChildProcess, spawn } from "node:child_process";
import { UserError } from "../errors.ts";
import type { ClusterEntry, ExecEntry } from "./entries.ts";

/**
 * A plugin's output. source:
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
 */
export interface ExecCredential {
  readonly token?: string | undefined;
  /** PEM */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** ms since the epoch. default: valid until refused */
  readonly expiresAt?: number | undefined;
}

export interface ExecOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Time limit. unit: ms */
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** Larger than any credential. unit: bytes */
const OUTPUT_LIMIT = 1024 * 1024;
/** Repeated part of a plugin's error output. unit: chars */
const COMPLAINT_LIMIT = 500;
/** Wait for output after the plugin's end. unit: ms */
const LAST_WORDS_MS = 500;

function fault(exec: ExecEntry, what: string, complaint = ""): UserError {
  const said = complaint.trim().slice(-COMPLAINT_LIMIT);
  const message = `The credential plugin ${exec.command} of the kubeconfig ${what}.`;
  const fix = exec.installHint === "" ? undefined : exec.installHint;
  return new UserError("exec-plugin", said === "" ? message : `${message} It said: ${said}`, fix);
}

/** The plugin's `KUBERNETES_EXEC_INFO`. Never interactive: the terminal may be the dashboard's. */
function execInfo(exec: ExecEntry, cluster: ClusterEntry): string {
  const about = {
    server: cluster.server,
    "tls-server-name": cluster.tlsServerName,
    "insecure-skip-tls-verify": cluster.verify === "insecure" ? true : undefined,
    "certificate-authority-data": cluster.caData,
    "proxy-url": cluster.proxyUrl,
  };
  const spec = { interactive: false, ...(exec.clusterInfo === "provided" ? { cluster: about } : {}) };
  return JSON.stringify({ apiVersion: exec.apiVersion, kind: "ExecCredential", spec });
}

function readOutput(exec: ExecEntry, output: string): ExecCredential {
  let parsed: unknown;
  try {
    parsed = JSON.parse(output);
  } catch {
    throw fault(exec, "printed something that is not JSON");
  }
  const at = (value: unknown, key: string): unknown =>
    typeof value === "object" && value !== null
      ? Object.entries(value).find(([name]) => name === key)?.[1]
      : undefined;
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  if (at(parsed, "kind") !== "ExecCredential") throw fault(exec, "printed no ExecCredential");
  if (at(parsed, "apiVersion") !== exec.apiVersion) {
    const version = String(at(parsed, "apiVersion")).slice(0, 80);
    throw fault(exec, `answers as ${version}, and the kubeconfig says ${exec.apiVersion}`);
  }
  const status = at(parsed, "status");
  const [token, cert] = [text(at(status, "token")), text(at(status, "clientCertificateData"))];
  const key = text(at(status, "clientKeyData"));
  if (token === undefined && (cert === undefined || key === undefined)) {
    throw fault(exec, "printed an ExecCredential without a token and without a certificate");
  }
  const expires = Date.parse(text(at(status, "expirationTimestamp")) ?? "");
  return { token, cert, key, expiresAt: Number.isNaN(expires) ? undefined : expires };
}

/** Kills the plugin's process group, with everything that it started. */
function kill(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended by itself meanwhile.
  }
}

function start(exec: ExecEntry, cluster: ClusterEntry, env: ExecOptions["env"]): ChildProcess {
  return spawn(exec.command, exec.args, {
    env: { ...env, ...Object.fromEntries(exec.env), KUBERNETES_EXEC_INFO: execInfo(exec, cluster) },
    stdio: ["ignore", "pipe", "pipe"],
    // Its own session has no terminal to write to or ask (setsid).
    detached: process.platform !== "win32",
    windowsHide: true,
  });
}

/** Resolves with a plugin's output at its end. Settles once; the caller kills what is left. */
function outputOf(child: ChildProcess, exec: ExecEntry, { limitMs, signal }: ExecOptions): Promise<string> {
  let output = "";
  let complaint = "";
  return new Promise((resolve, reject) => {
    const timers: NodeJS.Timeout[] = [];
    const settle = (error: unknown) => {
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      if (error === undefined) resolve(output);
      else reject(error);
    };
    const onAbort = () => settle(signal.reason);
    const onExit = (code: number | null, by: NodeJS.Signals | null) => {
      if (code === 0) settle(undefined);
      else settle(fault(exec, by === null ? `ended with status ${code}` : `was ended by ${by}`, complaint));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    timers.push(
      setTimeout(() => settle(fault(exec, `did not end within ${limitMs / 1000} s`, complaint)), limitMs),
    );
    child.stdout?.setEncoding("utf8").on("data", (part: string) => {
      output += part;
      if (output.length > OUTPUT_LIMIT) settle(fault(exec, "printed more than 1 MiB"));
    });
    child.stderr?.setEncoding("utf8").on("data", (part: string) => {
      complaint = (complaint + part).slice(-COMPLAINT_LIMIT);
    });
    child.once("error", (error: NodeJS.ErrnoException) => {
      settle(fault(exec, error.code === "ENOENT" ? "is not installed" : `cannot be run (${error.code})`));
    });
    child.once("close", onExit);
    // Background children may keep its output open forever.
    child.once("exit", (code, by) => timers.push(setTimeout(() => onExit(code, by), LAST_WORDS_MS)));
  });
}

/**
 * Runs a credential plugin without terminal and standard input; nothing of its output reaches the terminal.
 * @throws UserError `exec-plugin` with the kubeconfig's install hint, if it is missing, fails, hangs or
 * prints something else
 */
export async function runExecPlugin(
  exec: ExecEntry,
  cluster: ClusterEntry,
  options: ExecOptions,
): Promise<ExecCredential> {
  if (exec.interactiveMode === "Always")
    throw fault(exec, "wants to ask on a terminal, and here it has none");
  options.signal.throwIfAborted();
  const child = start(exec, cluster, options.env);
  try {
    return readOutput(exec, await outputOf(child, exec, options));
  } finally {
    kill(child);
  }
}
