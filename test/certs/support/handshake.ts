import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { connect, type PeerCertificate, type SecureContext, TLSSocket } from "node:tls";
import { onTestFinished } from "vitest";

type Contexts = (servername: string | undefined) => SecureContext | Promise<SecureContext>;

/** A TLS server that chooses certificates as the proxy does, also for a client that names no host. Its port. */
export async function serveTls(contexts: Contexts): Promise<number> {
  const server = createServer(async (socket) => {
    socket.on("error", () => socket.destroy());
    const secured = new TLSSocket(socket, {
      isServer: true,
      secureContext: await contexts(undefined),
      SNICallback: (servername, done) => {
        Promise.resolve(contexts(servername)).then(
          (context) => done(null, context),
          (error: Error) => done(error),
        );
      },
    });
    secured.on("error", () => secured.destroy());
    secured.resume();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** The certificate that a client sees who names this host. */
export async function seen(port: number, servername: string | undefined): Promise<PeerCertificate> {
  const name = servername === undefined ? {} : { servername };
  const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ...name });
  try {
    await once(socket, "secureConnect");
    return socket.getPeerCertificate();
  } finally {
    socket.destroy();
  }
}
