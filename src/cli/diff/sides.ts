import { UserError } from "../../errors.ts";
import type { GitInput } from "../../source/git.ts";
import type { Flags } from "../options/config.ts";

/** Where the manifests of a side are. */
export type SideSource =
  | { readonly kind: "path"; readonly path: string }
  | ({ readonly kind: "git" } & GitInput)
  | { readonly kind: "context"; readonly context: string };

export interface Side {
  /** As the user wrote it. */
  readonly name: string;
  readonly source: SideSource;
  /** The options of this side. */
  readonly flags: Flags;
}

/** @throws UserError `bad-option` */
export function readSides(first: string, second: string | undefined, flags: Flags): readonly [Side, Side] {
  const [firstController, secondController] = controllersIn(flags.controller);
  const isOne = firstController !== secondController;
  if (second === undefined && !isOne)
    throw new UserError(
      "bad-option",
      "diff needs two sides, OLD and NEW, or two controllers: --controller A..B.",
    );
  if (first === "-" && second === "-")
    throw new UserError("bad-option", "Standard input can be only one side: it is read once.");
  const side = (name: string, controller: unknown): Side => ({
    name,
    source: sourceOf(name),
    flags: controller === undefined ? flags : { ...flags, controller },
  });
  return [side(first, firstController), side(second ?? first, secondController)];
}

/** `A..B` are two; anything else is one for both. */
function controllersIn(written: unknown): readonly [unknown, unknown] {
  if (typeof written !== "string" || !written.includes("..")) return [written, written];
  const [first = "", ...rest] = written.split("..");
  // A third is no part of a name, and the second is refused with it.
  return [first, rest.join("..")];
}

function sourceOf(side: string): SideSource {
  if (side.startsWith("context:")) return { kind: "context", context: named(side, "context:NAME") };
  if (!side.startsWith("git:")) return { kind: "path", path: side };
  const [revision, path] = splitRevision(named(side, "git:REV:PATH"));
  if (revision === "") named("git:", "git:REV:PATH");
  return { kind: "git", revision, path };
}

function named(side: string, form: string): string {
  const name = side.slice(side.indexOf(":") + 1);
  if (name !== "") return name;
  throw new UserError("bad-option", `"${side}" is not of the form ${form}.`);
}

/** At the first colon outside of braces, as git does: `HEAD^{/fix: it}:k8s`. */
function splitRevision(text: string): readonly [revision: string, path: string] {
  let depth = 0;
  for (const [at, char] of [...text].entries()) {
    if (char === "{") depth++;
    else if (char === "}") depth--;
    else if (char === ":" && depth === 0) {
      const chars = [...text];
      return [chars.slice(0, at).join(""), chars.slice(at + 1).join("")];
    }
  }
  return [text, ""];
}
