import type { ControllerName } from "../../src/compile/controllers.ts";

/** Sets that functions cannot answer as the controller did, by name, with the reason. */
export const DIFFERENCES: { readonly [Name in ControllerName]?: ReadonlyMap<string, string> } = {};
