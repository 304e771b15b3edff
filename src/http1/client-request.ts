import { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Head } from "./head.ts";

const BY_NAME: unique symbol = Symbol("headers by name");

/** An HTTP/1 request as Node's own type. */
export class ClientRequest extends IncomingMessage {
  [BY_NAME]: Record<string, string> | undefined = undefined;

  constructor(socket: Socket, { major, minor, method, target, headers }: Head) {
    super(socket);
    this.httpVersionMajor = major;
    this.httpVersionMinor = minor;
    this.httpVersion = `${major}.${minor}`;
    // HTTP/0.9 answers every method with a body; Node would omit that of HEAD.
    this.method = major === 0 ? "GET" : method;
    this.url = target;
    this.rawHeaders = headers as string[];
  }
}

// Node's getters read its own parser's state. These read the header lines, at first use.
Object.defineProperty(ClientRequest.prototype, "headers", {
  get(this: ClientRequest): Record<string, string> {
    this[BY_NAME] ??= byName(this.rawHeaders);
    return this[BY_NAME];
  },
});

function byName(raw: readonly string[]): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]?.toLowerCase() ?? "";
    const before = found[name];
    const value = raw[i + 1] ?? "";
    found[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return found;
}
