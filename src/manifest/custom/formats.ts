import { isIpAddress } from "../names.ts";

/** Go's `net.ParseIP`: no leading zeros, no zone. */
export function isStrictIp(value: string): boolean {
  return isIpAddress(value) && !/(?:^|[.:])0[0-9]+\./.test(value) && !/\.0[0-9]+$/.test(value);
}

const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})t([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:.\d+)?(?:z|[-+]\d{2}:\d{2})$/i;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDateTime(value: string): boolean {
  const [, year = "", month = "", day = ""] = DATE_TIME.exec(value) ?? [];
  const isLeap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0);
  const days = (DAYS[Number(month) - 1] ?? 0) + (isLeap && month === "02" ? 1 : 0);
  return Number(day) >= 1 && Number(day) <= days;
}

/** True for a text of that format (kube-openapi `pkg/validation/strfmt`), and for formats of other types. */
export function hasFormat(value: string, format: string): boolean {
  if (format === "ipv4") return isStrictIp(value) && value.includes(".");
  if (format === "ipv6") return isStrictIp(value) && value.includes(":");
  return format !== "date-time" || isDateTime(value);
}
