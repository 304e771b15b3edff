import { connect, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { trackConnections } from "../../src/proxy/exchange/client-connections.ts";

const BYTES = 32 * 2 ** 20;

/** Both ends of a connection, of which the client reads nothing yet. */
async function pair(): Promise<{ server: Socket; client: Socket }> {
  const listener = createServer();
  onTestFinished(() => void listener.close());
  const accepted = new Promise<Socket>((resolve) => listener.once("connection", resolve));
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as { port: number };
  const client = connect(port, "127.0.0.1");
  const server = await accepted;
  onTestFinished(() => {
    client.destroy();
    server.destroy();
  });
  return { server, client };
}

test.each([
  "before",
  "behind",
])("a stop that waits from %s the last answer's end cuts off none of it", async (when) => {
  const { server, client } = await pair();
  const connections = trackConnections();
  const record = connections.ofSocket(server);
  const stop = () => connections.whenQuiet(() => connections.destroyAll());
  connections.begin(record);
  connections.drain();
  if (when === "before") stop();
  server.write(Buffer.alloc(BYTES));
  connections.finish(record);
  if (when === "behind") stop();
  let bytes = 0;
  client.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await new Promise((resolve) => client.once("close", resolve));
  expect(bytes).toBe(BYTES);
});

test("a client that leaves within its last answer holds up no stop", async () => {
  const { server, client } = await pair();
  const connections = trackConnections();
  const record = connections.ofSocket(server);
  server.on("error", () => server.destroy());
  connections.begin(record);
  connections.drain();
  server.write(Buffer.alloc(BYTES));
  connections.finish(record);
  const quiet = new Promise<void>((resolve) => connections.whenQuiet(resolve));
  client.destroy();
  await quiet;
  expect(server.destroyed).toBe(true);
});
