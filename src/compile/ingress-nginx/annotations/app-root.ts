import type { Feature } from "../annotations.ts";
import { documented } from "./documented.ts";

/** `app-root` (annotations/rewrite/main.go): URLs and relative paths are dropped. */
export const appRoot: Feature = {
  annotations: documented("Rewrites", { Medium: "app-root" }),
  apply: (annotations, settings) => {
    const value = annotations.text("app-root");
    if (value?.startsWith("/") !== false) return { ...settings, appRoot: annotations.variables("app-root") };
    annotations.report.reject("app-root", value, "a path that begins with a slash", "use-default");
    return settings;
  },
};
