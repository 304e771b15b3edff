import { createServer } from "node:net";
import { UserError } from "../../errors.ts";
import { openListener } from "../../proxy/listen/listen.ts";
import { isLoopback } from "../addresses.ts";
import type { Settings } from "../options.ts";
import { errorFinding, type Finding, finding } from "./finding.ts";

/** Checks that `up` can listen on its ports, by opening and closing them; else names the holder. */
export async function portFindings({
  bind,
  httpPort,
  httpsPort,
}: Pick<Settings, "bind" | "httpPort" | "httpsPort">): Promise<readonly Finding[]> {
  const ports = [
    await portFinding(bind, httpPort, "--http-port"),
    await portFinding(bind, httpsPort, "--https-port"),
  ];
  if (isLoopback(bind)) return ports;
  const message = `--bind ${bind} opens the listeners to everybody who can reach this computer.`;
  return [finding("ports", "warning", message, "Leave --bind out to serve this computer alone."), ...ports];
}

async function portFinding(bind: string, port: number, option: string): Promise<Finding> {
  if (port === 0) return finding("ports", "ok", `${option} 0: a free port is picked at the start.`);
  try {
    const { servers } = await openListener({ bind, port, option, make: createServer });
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    return finding("ports", "ok", `${bind}:${port} is free.`);
  } catch (error) {
    // An ingress-dev command line has the port: `up` is running.
    if (error instanceof UserError && error.code === "port-in-use" && /\bingress-dev\b/.test(error.message))
      return finding("ports", "ok", `${error.message} That is ingress-dev up itself.`);
    return errorFinding("ports", error);
  }
}
