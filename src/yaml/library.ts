/**
 * The `yaml` package for what is not a manifest. It is loaded by this file, because a CommonJS package that is bundled gives
 * `import()` nothing but its default.
 */
export { isMap, isScalar, LineCounter, parseDocument } from "yaml";
