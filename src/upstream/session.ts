import { createHash } from "node:crypto";
import type { Choice, SessionCookie } from "../model/decision.ts";
import type { Resolution } from "../model/upstream.ts";
import { NO_CHOICE, named, nameOf, type RandomAndTime, type Rotation, ringOf } from "./rotation.ts";

type SessionChoice = Choice & { readonly kind: "session" };

/** 20 draws practically always find the other one of two endpoints (sticky_balanced.lua). */
const MOST_DRAWS = 20;

/**
 * The endpoint of the client's cookie. Without a cookie, or when its endpoint has failed and may be changed: a random
 * one, with a cookie (sticky.lua, balance).
 */
export function chooseBySession(
  rotation: Rotation,
  options: SessionChoice,
  tried: readonly string[],
  sources: RandomAndTime,
): Resolution {
  const known = options.sent === undefined ? undefined : byKey(rotation, options, options.sent);
  if (known !== undefined && !(tried.length > 0 && options.changeOnFailure)) return known;
  const drawn =
    options.mode === "persistent"
      ? drawOne(rotation, options, tried, sources)
      : drawKey(rotation, tried, sources);
  if (drawn === undefined) return known ?? rotation.choices[0] ?? NO_CHOICE;
  const { found, key } = drawn;
  if (found.kind === "none" || options.cookie === undefined) return found;
  return { ...found, addedHeaders: [["Set-Cookie", cookieText(options.cookie, key, sources.now())]] };
}

function byKey(rotation: Rotation, options: SessionChoice, key: string): Resolution | undefined {
  if (options.mode === "balanced") return named(rotation, ringOf(rotation).find(key));
  return rotation.choices.find((choice) => persistentKey(options, choice) === key);
}

interface Drawn {
  readonly found: Resolution;
  readonly key: string;
}

/** nodemap.lua: the salted MD5 of the endpoint. */
function persistentKey({ upstream }: SessionChoice, choice: Resolution): string {
  return createHash("md5")
    .update(upstream + nameOf(choice))
    .digest("hex");
}

function drawOne(
  { choices }: Rotation,
  options: SessionChoice,
  tried: readonly string[],
  { random }: RandomAndTime,
): Drawn | undefined {
  const left = choices.filter((choice) => !tried.includes(nameOf(choice)));
  const found = left[Math.floor(random() * left.length)];
  return found && { found, key: persistentKey(options, found) };
}

/** Makes keys as the controller does, `1700000000.123.42.654321`, until one is at an endpoint that has not failed. */
function drawKey(
  rotation: Rotation,
  tried: readonly string[],
  { random, now }: RandomAndTime,
): Drawn | undefined {
  for (let draw = 1; draw <= MOST_DRAWS; draw++) {
    const key = `${now() / 1000 + draw}.${process.pid}.${Math.floor(random() * 999_999) + 1}`;
    const found = named(rotation, ringOf(rotation).find(key));
    if (found !== undefined && !tried.includes(nameOf(found))) return { found, key };
  }
  return undefined;
}

function cookieText({ name, suffix, expires, attributes }: SessionCookie, key: string, now: number): string {
  const date = expires === undefined ? "" : `; Expires=${cookieDate(now + expires * 1000)}`;
  return `${name}=${key}${suffix}${date}${attributes}`;
}

/** `Thu, 18-Nov-10 11:27:35 GMT`; a year beyond 2037 has four digits (ngx_times.c, ngx_http_cookie_time). */
export function cookieDate(ms: number): string {
  const date = new Date(Math.min(Math.max(ms, 0), 8.64e15));
  const [weekday = "", day, month, year = "", time] = date.toUTCString().replace(",", "").split(" ");
  return `${weekday}, ${day}-${month}-${Number(year) > 2037 ? year : year.slice(-2)} ${time} GMT`;
}
