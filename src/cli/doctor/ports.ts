import { createServer } from "node:net";
import { UserError } from "../../errors.ts";
import { openListener } from "../../proxy/listen/listen.ts";
import { isLoopback } from "../addresses.ts";
import type { Settings } from "../options.ts";
import type { Finding } from "./finding.ts";

/** Whether `up` could listen on its two ports now, and who has them where it could not. Opens and closes each. */
export async function portFindings(
  settings: Pick<Settings, "bind" | "httpPort" | "httpsPort">,
): Promise<readonly Finding[]> {
  const { bind, httpPort, httpsPort } = settings;
  const findings: Finding[] = [];
  if (!isLoopback(bind))
    findings.push({
      check: "ports",
      state: "warning",
      message: `--bind ${bind} opens the listeners to everybody who can reach this computer.`,
      next: "Leave --bind out to serve this computer alone.",
    });
  for (const [port, option] of [
    [httpPort, "--http-port"],
    [httpsPort, "--https-port"],
  ] as const)
    findings.push(await portFinding(bind, port, option));
  return findings;
}

async function portFinding(bind: string, port: number, option: string): Promise<Finding> {
  const check = "ports";
  if (port === 0) return { check, state: "ok", message: `${option} 0: a free port is picked at the start.` };
  try {
    const { servers } = await openListener({ bind, port, option, make: createServer });
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    return { check, state: "ok", message: `${bind}:${port} is free.` };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // A command line of ours on the port: `up` runs already, which is what somebody may want to know.
    if (error.code === "port-in-use" && /\bingress-dev\b/.test(error.message))
      return { check, state: "ok", message: `${error.message} That is ingress-dev up itself.` };
    return { check, state: "error", message: error.message, next: error.fix };
  }
}
