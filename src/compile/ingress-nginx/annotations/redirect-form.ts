import type { Feature } from "../annotations.ts";
import type { RedirectForm } from "../locations/location-settings.ts";
import { type IngressSettings, withLocation, withNote } from "../settings.ts";
import { documented } from "./documented.ts";

const EFFECTS = [
  ["preserve-trailing-slash", "keeps a slash at the end when it redirects to https"],
  ["use-port-in-redirects", "names the port when it redirects to https"],
] as const;

/**
 * `preserve-trailing-slash` (annotations/rewrite/main.go) and `use-port-in-redirects`
 * (annotations/portinredirect/main.go).
 */
export const redirectForm: Feature = {
  annotations: [
    ...documented("Redirects", { Low: "use-port-in-redirects" }),
    ...documented("Rewrites", { Medium: "preserve-trailing-slash" }),
  ],
  apply: (annotations, settings) => {
    const isOn = EFFECTS.map(([name]) => annotations.boolean(name) ?? false);
    const [keepsSlash = false, namesPort = false] = isOn;
    if (!isOn.includes(true)) return settings;
    const notes = EFFECTS.filter((_, index) => isOn[index]).map(([name, effect]) =>
      annotations.because(name, `${annotations.nameOf(name)} ${effect}`),
    );
    const form: RedirectForm = { keepsSlash, namesPort };
    const formed: IngressSettings = withLocation(settings, { redirectForm: form });
    return notes.reduce(withNote, formed);
  },
};
