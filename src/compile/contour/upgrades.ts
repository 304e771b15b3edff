import type { Step } from "../../step/step.ts";

/** Of a route with WebSocket: that protocol alone, and nothing allows another. */
export const ONLY_WEBSOCKET: Step = { kind: "no-upgrade", refused: "others", setting: "nothing" };
