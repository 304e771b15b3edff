import type { SecureContextOptions } from "node:tls";

/**
 * Has OpenSSL read certificates, keys and lists; nothing is opened. TLS is loaded with the first of them, which takes a
 * tenth of the time that Node.js itself takes to start.
 *
 * @throws Error with OpenSSL's words
 */
export function checkedBySsl(options: SecureContextOptions): void {
  try {
    contextOf(options);
  } catch (error) {
    // Node.js 20 leaves a refused curve's error in OpenSSL's queue, where the next reading of a key finds it. This empties it.
    contextOf({});
    throw error;
  }
}

function contextOf(options: SecureContextOptions): void {
  process.getBuiltinModule("node:tls").createSecureContext(options);
}
