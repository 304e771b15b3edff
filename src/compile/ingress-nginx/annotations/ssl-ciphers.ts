import { reason } from "../../../model/reason.ts";
import type { Feature } from "../annotations.ts";
import { withNote } from "../settings.ts";
import { documented } from "./documented.ts";
import { readCiphers } from "./proxy-ssl.ts";

/** `ssl-ciphers`, `ssl-prefer-server-ciphers` (annotations/sslcipher/main.go), for the whole host. */
export const sslCiphers: Feature = {
  annotations: documented("TLS", { Low: "ssl-ciphers ssl-prefer-server-ciphers" }),
  apply: (annotations, settings) => {
    const ciphers = readCiphers(annotations, "ssl-ciphers");
    const serverCipherOrder = annotations.boolean("ssl-prefer-server-ciphers");
    if (ciphers === undefined && serverCipherOrder === undefined) return settings;
    const chosen = { ...settings, server: { ...settings.server, ciphers, serverCipherOrder } };
    const name = ciphers === undefined ? "ssl-prefer-server-ciphers" : "ssl-ciphers";
    const note = `TLS has ciphers of the host's own: ${annotations.nameOf(name)}`;
    return withNote(chosen, reason("ssl-ciphers", note, annotations.placeOf(name)));
  },
};
