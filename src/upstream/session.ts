import { createHash } from "node:crypto";
import type { Choice, SessionCookie } from "../model/decision.ts";
import type { Resolution } from "../model/upstream.ts";
import { type Luck, NO_CHOICE, named, nameOf, type Rotation, ringOf } from "./rotation.ts";

type SessionWish = Choice & { readonly kind: "session" };

/** 20 draws practically always find the other one of two endpoints (sticky_balanced.lua). */
const MOST_DRAWS = 20;

/**
 * The endpoint of the client's cookie. Without a cookie, or when its endpoint has failed and may be changed: a random
 * one, with a cookie (sticky.lua, balance).
 */
export function chooseBySession(
  rotation: Rotation,
  wish: SessionWish,
  tried: readonly string[],
  luck: Luck,
): Resolution {
  const known = wish.sent === undefined ? undefined : byKey(rotation, wish, wish.sent);
  if (known !== undefined && !(tried.length > 0 && wish.changeOnFailure)) return known;
  const drawn =
    wish.mode === "persistent" ? drawOne(rotation, wish, tried, luck) : drawKey(rotation, tried, luck);
  if (drawn === undefined) return known ?? rotation.choices[0] ?? NO_CHOICE;
  const { found, key } = drawn;
  if (found.kind === "none" || wish.cookie === undefined) return found;
  return { ...found, addedHeaders: [["Set-Cookie", cookieText(wish.cookie, key, luck.now())]] };
}

function byKey(rotation: Rotation, wish: SessionWish, key: string): Resolution | undefined {
  if (wish.mode === "balanced") return named(rotation, ringOf(rotation).find(key));
  return rotation.choices.find((choice) => persistentKey(wish, choice) === key);
}

interface Drawn {
  readonly found: Resolution;
  readonly key: string;
}

/** nodemap.lua: the salted MD5 of the endpoint. */
function persistentKey({ upstream }: SessionWish, choice: Resolution): string {
  return createHash("md5")
    .update(upstream + nameOf(choice))
    .digest("hex");
}

function drawOne(
  { choices }: Rotation,
  wish: SessionWish,
  tried: readonly string[],
  { random }: Luck,
): Drawn | undefined {
  const left = choices.filter((choice) => !tried.includes(nameOf(choice)));
  const found = left[Math.floor(random() * left.length)];
  return found && { found, key: persistentKey(wish, found) };
}

/** Makes keys as the controller does, `1700000000.123.42.654321`, until one is at an endpoint that has not failed. */
function drawKey(rotation: Rotation, tried: readonly string[], { random, now }: Luck): Drawn | undefined {
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
