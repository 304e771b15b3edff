import type { Server } from "node:net";
import { UserError } from "../../errors.ts";
import { holderOf } from "./holder.ts";

/** Attempts to find a port free for both IPv4 and IPv6. */
const ATTEMPTS = 20;

/** A planned listener; `make` gives a new server per address. */
export interface ListenerPlan<S extends Server> {
  /** `127.0.0.1` includes `::1`. */
  readonly bind: string;
  /** 0: a free port, the same for both addresses. */
  readonly port: number;
  /** `--http-port`, for messages. */
  readonly option: string;
  readonly make: () => S;
}

export interface OpenListener<S extends Server> {
  readonly address: string;
  readonly port: number;
  readonly servers: readonly S[];
}

/**
 * Opens a listener, without `::1` on a machine without IPv6.
 * @throws UserError `port-in-use` with the holder, or `port-forbidden`; nothing stays open
 */
export async function openListener<S extends Server>(plan: ListenerPlan<S>): Promise<OpenListener<S>> {
  const { bind } = plan;
  for (let attempt = 1; ; attempt++) {
    const first = plan.make();
    await listen(first, bind, plan.port).catch((error: unknown) => {
      throw explained(error, bind, plan.port, plan.option);
    });
    const port = portOf(first);
    if (bind !== "127.0.0.1") return { address: bind, port, servers: [first] };
    const second = plan.make();
    try {
      await listen(second, "::1", port);
      return { address: bind, port, servers: [first, second] };
    } catch (error) {
      const code = codeOf(error);
      if (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT")
        return { address: bind, port, servers: [first] };
      first.close();
      if (plan.port !== 0 || attempt === ATTEMPTS) throw explained(error, "::1", port, plan.option);
    }
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function explained(error: unknown, address: string, port: number, option: string): unknown {
  const code = codeOf(error);
  const where = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  if (code === "EACCES" || code === "EPERM") {
    const fix = `Choose another port: ingress-dev up ${option} ${port + 8_000}. ingress-dev need not, and should not, run as root.`;
    return new UserError("port-forbidden", `The system does not allow listening on ${where}.`, fix);
  }
  if (code === "EADDRINUSE") {
    const fix = `Stop it, or choose another port: ingress-dev up ${option} 0 picks a free one.`;
    return new UserError("port-in-use", `Port ${where} is already taken by ${holderOf(port)}.`, fix);
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EINVAL")
    return new UserError("bad-option", `This machine has no address ${address} to listen on (--bind).`);
  return error;
}
