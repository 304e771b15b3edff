import type { RedirectForm } from "../../model/settings/redirect-form.ts";
import type { Feature } from "./annotations.ts";
import { type IngressSettings, withNote } from "./settings.ts";

const EFFECTS = [
  ["relative-redirects", "leaves scheme and host out of redirects that add a slash"],
  ["preserve-trailing-slash", "keeps a slash at the end when it redirects to https"],
  ["use-port-in-redirects", "names the port when it redirects to https"],
] as const;

/**
 * `relative-redirects` (annotations/redirect/redirect.go, which passes a bad value up), `preserve-trailing-slash`
 * (annotations/rewrite/main.go) and `use-port-in-redirects` (annotations/portinredirect/main.go).
 */
export const redirectForm: Feature = {
  annotations: EFFECTS.map(([name]) => name),
  apply: (annotations, settings) => {
    const form: RedirectForm = {
      relative: annotations.flag("relative-redirects", "refuse-ingress") ?? false,
      keepsSlash: annotations.boolean("preserve-trailing-slash") ?? false,
      namesPort: annotations.boolean("use-port-in-redirects") ?? false,
    };
    const isOn = [form.relative, form.keepsSlash, form.namesPort];
    if (!isOn.includes(true)) return settings;
    const notes = EFFECTS.filter((_, index) => isOn[index]).map(
      ([name, effect]) => `${annotations.nameOf(name)} ${effect}`,
    );
    const formed: IngressSettings = { ...settings, route: { ...settings.route, redirectForm: form } };
    return notes.reduce((so, note) => withNote(so, note), formed);
  },
};
