import { lookup } from "node:dns/promises";
import { connect, isIP } from "node:net";
import { UserError } from "../errors.ts";
import type { SampleRequest } from "../model/sample-request.ts";
import { headerIn } from "../request/header-line.ts";
import { inWords } from "./exchange.ts";
import { type ResolveRule, resolvedBy } from "./resolve-option.ts";
import { addressText, type Target } from "./target.ts";

/** Where one request goes. */
export interface ControllerAddress {
  readonly address: string;
  readonly port: number;
}

/** A target whose name is resolved: the address that was looked at is the one that is used. */
export interface ReachedTarget {
  readonly target: Target;
  readonly address: string;
  readonly rules: readonly ResolveRule[];
}

/** @throws UserError `target-unreachable` for a name without address */
export async function reachedTarget(target: Target, rules: readonly ResolveRule[]): Promise<ReachedTarget> {
  const { host, ports, text } = target;
  const named = [ports.http, ports.https].map((port) => port && resolvedBy(rules, host, port)?.address);
  const given = isIP(host) === 0 ? named.find((address) => address !== undefined) : host;
  if (given) return { target, address: given, rules };
  try {
    const { address } = await lookup(host);
    return { target, address, rules };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UserError(
      "target-unreachable",
      `${text}: the name ${host} has no address (${code}).`,
      `Name an address, or give the name one: --resolve ${host}:${ports.http ?? ports.https}:ADDRESS`,
    );
  }
}

/** `undefined`: the target has no listener for the scheme. */
export function addressOf(
  { scheme, headers }: Pick<SampleRequest, "scheme" | "headers">,
  { target, address, rules }: ReachedTarget,
): ControllerAddress | undefined {
  const port = target.ports[scheme];
  if (port === undefined) return undefined;
  const host = headerIn(headers, "host") ?? "";
  const rule = resolvedBy(rules, host, port) ?? resolvedBy(rules, target.host, port);
  return { address: rule?.address ?? address, port };
}

/** Opens a connection and closes it. @throws UserError `target-unreachable` */
export async function requireReachable(
  { address, port }: ControllerAddress,
  timeoutMs: number,
): Promise<void> {
  const why = await new Promise<string | undefined>((resolve) => {
    const socket = connect({ host: address, port });
    const settle = (found: string | undefined) => {
      clearTimeout(timer);
      resolve(found);
      socket.destroy();
    };
    const timer = setTimeout(() => settle(`nothing answers within ${timeoutMs / 1_000} s`), timeoutMs);
    socket.once("connect", () => settle(undefined));
    socket.on("error", (error) => settle(inWords(error)));
  });
  if (why === undefined) return;
  const message = `${addressText(address, port)} cannot be reached: ${why}. Nothing was compared.`;
  throw new UserError("target-unreachable", message);
}
