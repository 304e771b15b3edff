import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect, isIPv6, type Socket } from "node:net";
import { connectBySocks5 } from "./socks5.ts";

/** The proxy resolves the name, as for Go's clients (net/http, Transport.dialConn). */
export interface TunnelTarget {
  readonly host: string;
  readonly port: number;
}

export interface ProxyLogin {
  readonly user: string;
  readonly password: string;
}

function loginOf({ username, password }: URL): ProxyLogin | undefined {
  if (username === "" && password === "") return undefined;
  return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/** IPv6 without brackets, as `node:net` takes it. */
const addressOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, "");

/** CONNECT (RFC 9110, section 9.3.6). */
function openByConnect(proxy: URL, { host, port }: TunnelTarget, signal: AbortSignal): Promise<Socket> {
  const path = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const login = loginOf(proxy);
  const basic = login && Buffer.from(`${login.user}:${login.password}`).toString("base64");
  const send = proxy.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send({
      method: "CONNECT",
      host: addressOf(proxy),
      port: proxy.port === "" ? undefined : proxy.port,
      path,
      headers: { host: path, ...(basic === undefined ? {} : { "proxy-authorization": `Basic ${basic}` }) },
      agent: false,
      signal,
    });
    request.once("connect", ({ statusCode = 0, statusMessage = "" }, socket: Socket, head) => {
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        reject(new Error(`the proxy ${proxy.host} answered ${statusCode} ${statusMessage}`));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.once("error", reject);
    request.end();
  });
}

async function openBySocks5(proxy: URL, target: TunnelTarget, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host: addressOf(proxy), port: Number(proxy.port || 1080), signal });
  try {
    await connectBySocks5(socket, target, loginOf(proxy), proxy.host);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/**
 * Connects to a target through a proxy: `http:` and `https:` by CONNECT, `socks5:` and `socks5h:` by SOCKS 5.
 * Rejects if the proxy is missing, refuses, or needs longer than `limitMs`. The error names the proxy's host
 * and port, never its password.
 */
export async function openTunnel(proxy: URL, target: TunnelTarget, limitMs: number): Promise<Socket> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), limitMs);
  const open = proxy.protocol.startsWith("socks5") ? openBySocks5 : openByConnect;
  try {
    return await open(proxy, target, controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    throw new Error(`the proxy ${proxy.host} did not connect within ${limitMs / 1000} s`);
  } finally {
    clearTimeout(timer);
  }
}
