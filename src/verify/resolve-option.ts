import { isIP } from "node:net";
import { UserError } from "../errors.ts";
import { isPort } from "./target.ts";

/** curl's `--resolve HOST:PORT:ADDRESS`: requests for that host and port go to that address. */
export interface ResolveRule {
  /** As the user wrote it. */
  readonly text: string;
  /** Lower case; `*`: every host. */
  readonly host: string;
  readonly port: number;
  readonly address: string;
}

/** @throws UserError `bad-option` */
export function readResolve(text: string): ResolveRule {
  const refuse = (why: string): never => {
    throw new UserError(
      "bad-option",
      `--resolve: "${text}" ${why}.`,
      "Write it as for curl: --resolve shop.test:443:203.0.113.7, or --resolve '*:443:203.0.113.7' for every host.",
    );
  };
  const [, host = "", port = "", written = ""] =
    /^(\[[^\]]+\]|[^:]+):(\d+):(.+)$/.exec(text) ?? refuse("is not of the form HOST:PORT:ADDRESS");
  if (!isPort(Number(port))) refuse("has no port from 1 to 65535");
  const address = written.replace(/^\[(.*)\]$/, "$1");
  if (isIP(address) === 0) refuse(`has no IP address: ${written}`);
  return { text, host: host.toLowerCase(), port: Number(port), address };
}

/** The address for a host and port; the first rule that names the host wins, then `*`. */
export function resolvedBy(
  rules: readonly ResolveRule[],
  host: string,
  port: number,
): ResolveRule | undefined {
  const name = host.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
  const here = rules.filter((rule) => rule.port === port);
  return here.find((rule) => rule.host === name) ?? here.find((rule) => rule.host === "*");
}
