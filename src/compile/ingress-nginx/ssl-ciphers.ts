import type { Feature } from "./annotations.ts";
import { readCiphers } from "./proxy-ssl.ts";

/** `ssl-ciphers`, `ssl-prefer-server-ciphers` (annotations/sslcipher/main.go): for the host, whatever the path. */
export const sslCiphers: Feature = {
  annotations: ["ssl-ciphers", "ssl-prefer-server-ciphers"],
  apply: (annotations, settings) => {
    const ciphers = readCiphers(annotations, "ssl-ciphers", /^[A-Za-z0-9!:+\- ]*$/, "refuse-ingress");
    const serverCipherOrder = annotations.boolean("ssl-prefer-server-ciphers");
    return { ...settings, server: { ...settings.server, ciphers, serverCipherOrder } };
  },
};
