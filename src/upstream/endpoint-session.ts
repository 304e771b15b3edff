import type { Choice } from "../model/decision.ts";
import type { EndpointSession } from "../model/route/endpoint-session.ts";
import type { Resolution, Upstream } from "../model/upstream.ts";
import { type RandomAndTime, type Rotation, takeTurn } from "./rotation.ts";

/** The endpoint that the client's session names, else the next in turn, which the answer then names. */
export function chooseByEndpointSession(
  rotation: Rotation,
  { session, sent }: Choice & { readonly kind: "endpoint-session" },
  tried: readonly string[] | undefined,
  { now }: RandomAndTime,
): Resolution {
  const address = sent === undefined ? undefined : addressIn(Buffer.from(sent, "base64"), session, now());
  const isTried = ({ name }: Upstream) => tried?.includes(name) === true;
  const known =
    address === undefined
      ? undefined
      : rotation.choices.find(
          (each) =>
            each.kind === "upstream" && addressOf(each.upstream) === address && !isTried(each.upstream),
        );
  if (known !== undefined) return known;
  const found = takeTurn(rotation, tried);
  return found.kind === "none"
    ? found
    : { ...found, addedHeaders: [sessionLine(session, addressOf(found.upstream), now())] };
}

function addressOf({ address, name }: Upstream): string {
  return address ?? name;
}

/** A field's number and type in one byte (protocol buffers). */
const ADDRESS_FIELD = 0x0a;
const EXPIRES_FIELD = 0x10;

/** The address in a session; `undefined` for one that has expired. Bytes that are no message are the address. */
function addressIn(bytes: Buffer, { kind }: EndpointSession, now: number): string | undefined {
  const length = bytes[1] ?? 0;
  const end = 2 + length;
  const isMessage = kind === "cookie" && bytes[0] === ADDRESS_FIELD && length < 0x80 && end <= bytes.length;
  if (!isMessage) return bytes.toString("latin1");
  const rest = bytes.subarray(end);
  if (rest[0] === EXPIRES_FIELD && varintIn(rest.subarray(1)) * 1_000 <= now) return undefined;
  return bytes.toString("latin1", 2, end);
}

/** `http::Utility::makeSetCookieValue` of Envoy, and envoy.Cookie (cookie.proto). */
function sessionLine(
  { kind, name, path, maxAge }: EndpointSession,
  address: string,
  now: number,
): readonly [string, string] {
  const text = Buffer.from(address, "latin1");
  if (kind === "header") return [name, text.toString("base64")];
  const expires = maxAge === undefined ? [] : [EXPIRES_FIELD, ...varint(Math.floor(now / 1_000) + maxAge)];
  const value = Buffer.concat([Buffer.from([ADDRESS_FIELD, text.length]), text, Buffer.from(expires)]);
  const age = maxAge === undefined ? "" : `; Max-Age=${maxAge}`;
  return ["set-cookie", `${name}="${value.toString("base64")}"${age}; Path=${path}; HttpOnly`];
}

/** Seven bits a byte, the lowest first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}

function varintIn(bytes: Buffer): number {
  let value = 0;
  for (const [at, byte] of bytes.entries()) {
    value += (byte % 0x80) * 0x80 ** at;
    if (byte < 0x80 || at > 8) break;
  }
  return value;
}
