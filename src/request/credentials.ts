export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/**
 * The credentials of an `Authorization: Basic …` header (RFC 7617); `undefined` if nginx would not take them.
 */
export function readCredentials(header: string | undefined): Credentials | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header?.trim() ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("latin1");
  const colon = text.indexOf(":");
  return colon < 1 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
