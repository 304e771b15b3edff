import { createHash } from "node:crypto";
import type { DigestFields } from "../../../request/digest.ts";

/** The expected response of digest authentication for a user's hash (RFC 7616 section 3.4.1). */
export function digestResponse(hash: string, method: string, fields: DigestFields): string {
  const field = (name: string) => fields.get(name) ?? "";
  const asked = md5(`${method}:${field("uri")}`);
  const within = fields.has("qop") ? [field("nc"), field("cnonce"), field("qop")] : [];
  return md5([hash, field("nonce"), ...within, asked].join(":"));
}

function md5(text: string): string {
  return createHash("md5").update(text, "latin1").digest("hex");
}
