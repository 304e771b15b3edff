import { type Json, jsonFields, jsonNumber, jsonString } from "../../../model/json.ts";
import type { ServerCookie } from "../../../model/route/server-cookie.ts";
import { cookieName, sameSiteOf } from "../../shared/server-cookie.ts";
import type { ReadAnnotations } from "../annotations.ts";
import { flagBoolean, flagInteger } from "../flags.ts";

/** `service.sticky.cookie` and what stands below it. `name`: of the service, `default-web-80@kubernetes` */
export function annotatedCookie(annotations: ReadAnnotations, name: string): ServerCookie | undefined {
  const below = [...annotations.keys()].some((key) => key.startsWith("sticky.cookie."));
  const isOn = below || flagBoolean(annotations.get("sticky.cookie") ?? "false") === true;
  if (!isOn) return undefined;
  const text = (key: string) => annotations.get(`sticky.cookie.${key}`);
  const seconds = (key: string) => Number(flagInteger(text(key) ?? "0") ?? 0);
  return {
    name: cookieName(text("name") ?? "", name),
    path: text("path") ?? "/",
    domain: text("domain") || undefined,
    expires: seconds("expires") > 0 ? seconds("expires") : undefined,
    maxAge: seconds("maxage"),
    httpOnly: flagBoolean(text("httponly") ?? "") === true,
    secure: flagBoolean(text("secure") ?? "") === true,
    sameSite: sameSiteOf(text("samesite") ?? ""),
  };
}

/** `sticky.cookie` of a custom resource. */
export function writtenCookie(sticky: Json | undefined, name: string): ServerCookie | undefined {
  const written = jsonFields(sticky).cookie;
  if (written === undefined) return undefined;
  const fields = jsonFields(written);
  return {
    name: cookieName(jsonString(fields.name) ?? "", name),
    path: jsonString(fields.path) ?? "/",
    domain: jsonString(fields.domain) || undefined,
    maxAge: jsonNumber(fields.maxAge) ?? 0,
    httpOnly: fields.httpOnly === true,
    secure: fields.secure === true,
    sameSite: sameSiteOf(jsonString(fields.sameSite) ?? ""),
  };
}
