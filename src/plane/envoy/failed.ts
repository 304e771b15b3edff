import type { BackendEnd, FailedAnswer } from "../../model/plane.ts";

/** Envoy's words for how the stream to a backend was reset (`ResponseFlagUtils`, router.cc). */
const RESETS: Readonly<Record<Exclude<BackendEnd, "silent" | "idle">, string>> = {
  unreached: "remote connection failure",
  "unreached in time": "connection timeout",
  closed: "connection termination",
  unreadable: "protocol error",
};

/** The answer of Envoy where a backend failed before its own. */
export function envoyFailed(end: BackendEnd, tries: number): FailedAnswer {
  if (end === "silent") return { status: 504 };
  if (end === "idle") return { status: 504, text: "stream timeout" };
  const again = tries > 1 ? "retried and the latest " : "";
  return {
    status: end === "unreadable" ? 502 : 503,
    text: `upstream connect error or disconnect/reset before headers. ${again}reset reason: ${RESETS[end]}`,
  };
}
