import type { IncomingMessage } from "node:http";
import { parse } from "yaml";
import { isMap, type Json } from "./object.ts";
import { decodeProtobuf } from "./protobuf/decode.ts";
import { fail } from "./status.ts";

/** A request's body, read but not parsed. */
export interface Body {
  /** The parsed value. @throws ApiError 400 */
  any(): unknown;
  /** The object, `{}` for an empty body. @throws ApiError 400 */
  object(): Json;
}

export async function readBody(message: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const type = message.headers["content-type"] ?? "";
  const any = () => (bytes.length === 0 ? {} : decode(bytes, type));
  return {
    any,
    object: () => {
      const value = any();
      if (!isMap(value)) throw fail(400, "the body of the request is not an object");
      return value;
    },
  };
}

function decode(bytes: Buffer, type: string): unknown {
  try {
    if (type.includes("protobuf")) return decodeProtobuf(bytes);
    return type.includes("yaml") ? parse(bytes.toString()) : JSON.parse(bytes.toString());
  } catch (error) {
    throw fail(
      400,
      `the body of the request could not be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}
