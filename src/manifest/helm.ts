import { child, type YamlNode } from "../yaml/node.ts";

const ACTION = /\{\{-?\s*(?:[^\s{}][^{}\n]*)?\}\}/;

/** The line is 0-based. */
export function templateAction(text: string): { readonly action: string; readonly line: number } | undefined {
  const found = ACTION.exec(text);
  if (found === null) return undefined;
  return { action: found[0], line: text.slice(0, found.index).split("\n").length - 1 };
}

/** Kinds whose `spec` never contains braces. Others may carry other programs' templates as text. */
const BARE_SPEC = new Set(["Ingress", "IngressClass", "Service"]);

/** True for an object that parses but still has Helm actions as values. */
export function isUnrendered(object: YamlNode, kind: string): boolean {
  const metadata = child(object, "metadata");
  const places = [child(metadata, "name"), child(metadata, "namespace")];
  if (BARE_SPEC.has(kind)) places.push(child(object, "spec"));
  return places.some((node) => node !== undefined && holdsAction(node));
}

function holdsAction(node: YamlNode): boolean {
  if (node.kind === "scalar") return typeof node.value === "string" && isAction(node.value);
  if (node.kind === "list") return node.items.some(holdsAction);
  for (const [key, { value }] of node.entries) if (isAction(key) || holdsAction(value)) return true;
  return false;
}

function isAction(text: string): boolean {
  return text.includes("{{") && ACTION.test(text);
}
