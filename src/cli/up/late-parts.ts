import type { Certificates, CertificatesOptions } from "../../../certs/certificates.ts";
import { late } from "../../late.ts";
import type { StreamListeners, StreamsOptions } from "../../proxy/streams.ts";
import type { EchoService } from "../../upstream/echo.ts";

// Parts that `up` loads behind `ready`, each with the face that the others know.

type OnFault = (fault: unknown) => void;

/** Loads at the first table or handshake. */
export function lateCertificates(
  options: CertificatesOptions,
  onFault: OnFault,
): Pick<Certificates, "update" | "secureContext" | "close"> {
  let isClosed = false;
  const certificates = late(async () => {
    const { createCertificates } = await import("../../../certs/certificates.ts");
    const made = createCertificates(options);
    if (isClosed) made.close();
    return made;
  });
  return {
    update(...table) {
      if (certificates.now !== undefined) certificates.now.update(...table);
      else certificates.load().then((made) => made.update(...table), onFault);
    },
    secureContext: (...asked) =>
      certificates.now?.secureContext(...asked) ??
      certificates.load().then((made) => made.secureContext(...asked)),
    close() {
      isClosed = true;
      certificates.now?.close();
    },
  };
}

/** Loads at the first route. */
export function lateStreams(options: StreamsOptions): StreamListeners {
  let isWanted = false;
  const streams = late(async () => {
    const { openStreams } = await import("../../proxy/streams.ts");
    return openStreams(options);
  });
  return {
    async update(routes) {
      isWanted ||= routes.length > 0;
      if (isWanted) await (await streams.load()).update(routes);
    },
    listening: () => streams.now?.listening() ?? [],
    async close() {
      if (isWanted) await (await streams.load()).close();
    },
  };
}

/** `load` comes before the first `answer`. */
export function lateEcho(): EchoService & { load(): Promise<unknown> } {
  let isClosed = false;
  const echo = late(async () => {
    const { createEchoService } = await import("../../upstream/echo.ts");
    const made = createEchoService();
    if (isClosed) await made.close();
    return made;
  });
  return {
    load: echo.load,
    open: async (...asked) => (await echo.load()).open(...asked),
    answer(...asked) {
      if (echo.now === undefined) throw new Error("the echo service is not loaded");
      return echo.now.answer(...asked);
    },
    async close() {
      isClosed = true;
      await echo.now?.close();
    },
  };
}
