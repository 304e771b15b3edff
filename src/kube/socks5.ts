import { once } from "node:events";
import { isIP, isIPv4, type Socket } from "node:net";
import { addressBytes } from "../request/address/address-bytes.ts";
import type { ProxyLogin, TunnelTarget } from "./tunnel.ts";

const VERSION = 5;
/** RFC 1928, section 3. */
const [NO_LOGIN, PASSWORD] = [0, 2];
/** RFC 1928, section 5. */
const [IPV4, NAME, IPV6] = [1, 3, 4];

/** RFC 1928, section 6. */
const REPLIES: ReadonlyMap<number, string> = new Map([
  [1, "failed"],
  [2, "has a rule against this connection"],
  [3, "says: network unreachable"],
  [4, "says: host unreachable"],
  [5, "says: connection refused"],
  [6, "says: TTL expired"],
  [7, "does not know CONNECT"],
  [8, "does not know this kind of address"],
]);

/** Reads exactly `length` bytes; rejects at an earlier end. Later bytes stay in the socket. */
async function take(socket: Socket, length: number): Promise<Buffer> {
  let held = Buffer.alloc(0);
  while (held.length < length) {
    const part: Buffer | null = socket.read();
    if (part === null) await once(socket, "readable");
    else held = Buffer.concat([held, part]);
  }
  if (held.length > length) socket.unshift(held.subarray(length));
  return held.subarray(0, length);
}

const withLength = (text: string) => {
  const bytes = Buffer.from(text, "utf8");
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
};

function addressOf(host: string): Buffer {
  if (isIP(host) === 0) return Buffer.concat([Buffer.of(NAME), withLength(host)]);
  const kind = isIPv4(host) ? IPV4 : IPV6;
  return Buffer.concat([Buffer.of(kind), Buffer.from(addressBytes(host), "latin1")]);
}

async function logIn(
  socket: Socket,
  login: ProxyLogin | undefined,
  fault: (what: string) => Error,
): Promise<void> {
  const ways = login === undefined ? [NO_LOGIN] : [NO_LOGIN, PASSWORD];
  socket.write(Buffer.of(VERSION, ways.length, ...ways));
  const [version, way] = await take(socket, 2);
  if (version !== VERSION) throw fault("does not speak SOCKS 5");
  if (way === NO_LOGIN) return;
  if (way !== PASSWORD || login === undefined) throw fault("wants credentials");
  // RFC 1929.
  socket.write(Buffer.concat([Buffer.of(1), withLength(login.user), withLength(login.password)]));
  const [, status] = await take(socket, 2);
  if (status !== 0) throw fault("refuses the user name and password");
}

async function askForTarget(
  socket: Socket,
  { host, port }: TunnelTarget,
  fault: (what: string) => Error,
): Promise<void> {
  const CONNECT = 1;
  const portBytes = Buffer.of(port >> 8, port & 0xff);
  socket.write(Buffer.concat([Buffer.of(VERSION, CONNECT, 0), addressOf(host), portBytes]));
  const [, reply = 0, , kind] = await take(socket, 4);
  if (reply !== 0) throw fault(REPLIES.get(reply) ?? `answered ${reply}`);
  // The proxy's own address is useless, but precedes the server's first byte.
  const length = kind === IPV4 ? 4 : kind === IPV6 ? 16 : ((await take(socket, 1))[0] ?? 0);
  await take(socket, length + 2);
}

/**
 * Connects a socket to a target through a SOCKS 5 proxy (RFC 1928); afterwards the socket is the target's.
 * Rejects if the proxy refuses, speaks another protocol or closes. `proxyName`: for the error
 */
export async function connectBySocks5(
  socket: Socket,
  target: TunnelTarget,
  login: ProxyLogin | undefined,
  proxyName: string,
): Promise<void> {
  const fault = (what: string) => new Error(`the proxy ${proxyName} ${what}`);
  const onEnd = () => socket.destroy(fault("closed the connection"));
  // Readers hear errors by `once`; between two reads nobody else would.
  const onError = () => undefined;
  socket.once("end", onEnd).on("error", onError);
  await once(socket, "connect");
  await logIn(socket, login, fault);
  await askForTarget(socket, target, fault);
  socket.off("end", onEnd).off("error", onError);
}
