import type { Owner } from "./block.ts";
import { ownerText } from "./owner.ts";

/**
 * A `curl` command for each host that works without a hosts entry (https://curl.se/docs/manpage.html#--resolve).
 * A wildcard is shown by a name that it covers.
 */
export function curlAdvice(hosts: readonly string[], ports: { readonly http: number }): readonly string[] {
  return [...new Set(hosts.map((host) => host.replace(/^\*\./, "www.")))]
    .filter((host) => /^[\w.-]+$/.test(host))
    .map((host) => `curl --resolve ${host}:${ports.http}:127.0.0.1 http://${host}:${ports.http}/`);
}

/** The same for any host. Port 0 is one that only `up` can name. */
export function curlForm({ http }: { readonly http: number }): string {
  const port = http === 0 ? "PORT" : http;
  return `curl --resolve HOST:${port}:127.0.0.1 http://HOST:${port}/`;
}

export interface SudoOptions {
  /** The running Node.js and our own `main.js`: `process.execPath`, `process.argv[1]`. */
  readonly program: readonly string[];
  readonly file: string;
  /** The process that asks: the lines go when it does. */
  readonly owner: Owner;
  /** None: remove the owner's lines. */
  readonly hosts: readonly string[];
}

/**
 * The arguments, for `spawn` without a shell, of one sync with privileges; the proxy never has any. `sudo -- NODE
 * main.js hosts sync --hosts-file F --owner pid:start:boot -- HOST…`
 */
export function sudoCommand({ program, file, owner, hosts }: SudoOptions): readonly string[] {
  const ours = ["hosts", "sync", "--hosts-file", file, "--owner", ownerText(owner)];
  return ["sudo", "--", ...program, ...ours, "--", ...hosts];
}
