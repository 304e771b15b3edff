import { forwardingProxy } from "./forwarding-proxy.ts";

/** A process whose memory is that of the proxy and its port-forwards alone: says its port, and its memory when asked. */
process.on("message", () => process.send?.({ rss: process.memoryUsage().rss }));
process.send?.({ port: await forwardingProxy(process.argv[2] ?? "") });
