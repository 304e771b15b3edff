/** The Node.js peers, in a process of their own: `node-peer.ts PEER BACKEND` tells its port by a message. */
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";
import { pathToFileURL } from "node:url";

type Listen = (backend: number) => Promise<number>;

const LISTEN: Readonly<Record<string, Listen>> = {
  "@fastify/http-proxy": async (backend) => {
    const [{ default: fastify }, { default: proxy }] = await Promise.all([
      import("fastify"),
      import("@fastify/http-proxy"),
    ]);
    const app = fastify();
    await app.register(proxy, { upstream: `http://127.0.0.1:${backend}`, websocket: true });
    await app.listen({ host: "127.0.0.1", port: 0 });
    return (app.server.address() as AddressInfo).port;
  },
  "Node's http": async (backend) => {
    const agent = new Agent({ keepAlive: true });
    const server = createServer((incoming, outgoing) => {
      const { method, url: path, headers } = incoming;
      const onward = request({ agent, host: "127.0.0.1", port: backend, method, path, headers });
      onward.once("response", (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        pipeline(answer, outgoing, () => {});
      });
      onward.once("error", () => outgoing.destroy());
      pipeline(incoming, onward, () => {});
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return (server.address() as AddressInfo).port;
  },
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [, , peer = "", backend] = process.argv;
  const port = await LISTEN[peer]?.(Number(backend));
  process.send?.(port);
  process.once("disconnect", () => process.exit());
}
