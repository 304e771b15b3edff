import type { Transport } from "../../../model/route/transport.ts";
import type { Step } from "../../../step/step.ts";
import type { NginxAnnotations } from "../annotations.ts";
import type { Location } from "../location.ts";

const MIB = 1_048_576;
const UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["b", 1],
  ["k", 1024],
  ["m", MIB],
  ["g", 1024 * MIB],
]);

/** `1m`, `8k`, `3000`; `undefined`: no size. unit: bytes */
function sizeOf(text: string | undefined): number | undefined {
  const [, digits, unit = ""] = /^\s*(\d{1,15})\s*([bkmg]?)\s*$/i.exec(text ?? "") ?? [];
  return digits === undefined ? undefined : Number(digits) * (UNITS.get(unit.toLowerCase()) ?? 1);
}

/** `proxy-body-size` counts only where requests are buffered. */
export function bodyLimitSteps({ annotations }: Location): readonly Step[] {
  const bytes = bodyLimit(annotations);
  return bytes === 0 ? [] : [{ kind: "body-limit", bytes }];
}

/** 0: none. unit: bytes */
function bodyLimit(annotations: NginxAnnotations): number {
  if (annotations.text("proxy-request-buffering") !== "on") return 0;
  return sizeOf(annotations.text("proxy-body-size")) ?? MIB;
}

const USUAL = { size: 8192, number: 4, file: 1024 * MIB } as const;

/** The sizes of a body and of a response that buffers hold; without limits both pass as they come. */
export function buffersOf(annotations: NginxAnnotations): Partial<Transport> {
  const isOn = annotations.text("proxy-buffering") === "on";
  const size = sizeOf(annotations.text("proxy-buffer-size")) ?? USUAL.size;
  const number = annotations.integer("proxy-buffers-number") ?? USUAL.number;
  const file = sizeOf(annotations.text("proxy-max-temp-file-size")) ?? USUAL.file;
  const responseBytes = isOn ? size * number + file : undefined;
  const bytes = bodyLimit(annotations);
  const isGathered = annotations.text("proxy-request-buffering") === "on";
  if (!isGathered && responseBytes === undefined) return {};
  return { bodyLimit: bytes, buffers: { request: isGathered ? "gathered" : undefined, responseBytes } };
}
