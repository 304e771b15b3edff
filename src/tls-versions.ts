import { constants } from "node:crypto";
import type { SecureContextOptions } from "node:tls";

const VERSIONS = [
  ["TLSv1", constants.SSL_OP_NO_TLSv1],
  ["TLSv1.1", constants.SSL_OP_NO_TLSv1_1],
  ["TLSv1.2", constants.SSL_OP_NO_TLSv1_2],
  ["TLSv1.3", constants.SSL_OP_NO_TLSv1_3],
] as const;

/** Turns off every other version, including those between two named ones. */
export function onlyVersions(
  protocols: readonly string[],
): Required<Pick<SecureContextOptions, "minVersion" | "maxVersion" | "secureOptions">> {
  const off = VERSIONS.filter(([name]) => !protocols.includes(name)).map(([, flag]) => flag);
  return {
    minVersion: "TLSv1",
    maxVersion: "TLSv1.3",
    secureOptions: off.reduce((all, flag) => all | flag, 0),
  };
}
