import { expect, test } from "vitest";
import type { Transport } from "../../src/model/route/transport.ts";
import { NGINX } from "../../src/plane/nginx.ts";
import { limitRateOf } from "../../src/proxy/carry/accel.ts";
import { routeWith } from "./support.ts";

const LIMIT = { bytesPerSecond: 1024, afterBytes: 512 };
const OFF: Partial<Transport> = { buffers: { responseHeadBytes: 4096 } };
const NEVER: Partial<Transport> = { buffers: { response: "never" } };
const ON: Partial<Transport> = { buffers: { responseHeadBytes: 4096, response: "buffered" } };

test.each([
  // proxy-buffering, limit-rate, X-Accel-Buffering, X-Accel-Limit-Rate → bytes/s
  [OFF, undefined, undefined, "100", undefined],
  [OFF, undefined, "yes", "100", { bytesPerSecond: 100, afterBytes: 0 }],
  [OFF, undefined, "YES", "100", { bytesPerSecond: 100, afterBytes: 0 }],
  [OFF, undefined, "maybe", "100", undefined],
  [OFF, LIMIT, undefined, undefined, undefined],
  [OFF, LIMIT, "yes", undefined, LIMIT],
  [NEVER, LIMIT, undefined, undefined, undefined],
  [NEVER, LIMIT, "yes", "100", undefined],
  [ON, undefined, undefined, "100", { bytesPerSecond: 100, afterBytes: 0 }],
  [ON, undefined, "no", "100", undefined],
  [ON, LIMIT, undefined, undefined, LIMIT],
  [ON, LIMIT, "no", undefined, undefined],
  [ON, LIMIT, undefined, "100", { bytesPerSecond: 100, afterBytes: 512 }],
  [ON, LIMIT, undefined, "0", undefined],
  [ON, LIMIT, undefined, "off", LIMIT],
  [ON, LIMIT, undefined, "-1", LIMIT],
])("%j %j, X-Accel-Buffering %s, X-Accel-Limit-Rate %s: %j", (buffering, limitRate, accel, rate, expected) => {
  const { transport } = routeWith({ ...buffering, limitRate });
  const raw = [
    ...(accel === undefined ? [] : ["x-accel-BUFFERING", accel]),
    ...(rate === undefined ? [] : ["X-Accel-Limit-Rate", rate]),
  ].map((part) => Buffer.from(part));
  expect(limitRateOf(NGINX, raw, transport)).toEqual(expected);
});
