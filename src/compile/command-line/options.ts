import type { ControllerFacts } from "../controller.ts";
import type { CompileOptions } from "../options.ts";
import type { GivenFlags } from "./given.ts";

/** The options with what the controller's own flags say of them. What is given as an option counts more. */
export function withFlags(
  asked: CompileOptions,
  { commandLine }: ControllerFacts,
  { flags, words, helmConfigMap }: GivenFlags,
): CompileOptions {
  const options = {
    ...asked,
    ...(helmConfigMap === undefined ? {} : { helmConfigMap }),
    ...(words.length === 0 ? {} : { controllerFlags: words }),
  };
  const said = commandLine?.asOptions?.(flags);
  if (said === undefined) return options;
  const { controllerClass, installedClass, onlyClass, ingressClasses, configMap, classless } = said;
  const isNamed = options.ingressClasses !== undefined || options.controllerClass !== undefined;
  return {
    ...options,
    ...(isNamed ? {} : { controllerClass, installedClass, onlyClass, ingressClasses }),
    configMap: options.configMap ?? configMap,
    classless: classless ?? options.classless,
    flags: { ...options.unsaidFlags, ...without(said.flags), ...without(options.flags) },
  };
}

/** Without what is undefined, so that it replaces nothing. */
function without<T extends object>(values: T | undefined): Partial<T> {
  const kept = Object.entries(values ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as Partial<T>;
}
