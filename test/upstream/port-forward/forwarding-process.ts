import { forwardingProxy } from "./forwarding-proxy.ts";

/** A process with only the proxy and its port-forwards; reports its port, and its memory on request. */
process.on("message", () => process.send?.({ rss: process.memoryUsage().rss }));
process.send?.({ port: await forwardingProxy(process.argv[2] ?? "") });
