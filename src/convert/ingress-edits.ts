import { append } from "../append.ts";
import { serviceEdits } from "./backend.ts";
import type { Edit } from "./edit.ts";
import { renameKey, replaceText } from "./entries.ts";
import { CURRENT, type OldObject } from "./old-objects.ts";
import { pathTypeEdits } from "./path-type.ts";
import { NotEdited, type WrittenDocument, type WrittenMap } from "./written.ts";

/** Changes of one object. */
export interface Counts {
  apiVersion: number;
  defaultBackend: number;
  backends: number;
  pathTypes: number;
}

/** Makes the edits of a document. An aliased value is edited once, at its anchor: each use follows. */
export class DocumentEdits {
  readonly edits: Edit[] = [];
  readonly #document: WrittenDocument;
  /** Places that are edited already, by their offset. */
  readonly #done = new Set<number>();

  constructor(document: WrittenDocument) {
    this.#document = document;
  }

  object(object: OldObject): Counts {
    const counts: Counts = { apiVersion: 0, defaultBackend: 0, backends: 0, pathTypes: 0 };
    const map = this.#mapAt(object.items);
    if (map === undefined) throw new NotEdited("the object is not found in its text", 0);
    if (!object.inherits) this.#apiVersion(object, counts);
    if (object.kind === "Ingress")
      this.#spec(this.#document.mapOf(this.#document.child(map, "spec")), counts);
    return counts;
  }

  #mapAt(items: readonly number[]): WrittenMap | undefined {
    const document = this.#document;
    return items.reduce(
      (map, at) => document.mapOf(document.itemsOf(document.child(map, "items"))[at]),
      document.mapOf(document.root),
    );
  }

  #apiVersion(object: OldObject, counts: Counts): void {
    const written = this.#document.at(object.items, ["apiVersion"]);
    if (written === undefined) return;
    counts.apiVersion++;
    this.#once(written.from, () => [replaceText(this.#document, written, object.apiVersion, CURRENT)]);
  }

  #spec(spec: WrittenMap | undefined, counts: Counts): void {
    const document = this.#document;
    if (spec === undefined) return;
    const fallback = document.entry(spec, "backend");
    if (fallback !== undefined) {
      const other = document.entry(spec, "defaultBackend");
      if (other !== undefined) {
        throw new NotEdited("the spec has backend and defaultBackend", other.key.from);
      }
      counts.defaultBackend++;
      this.#once(fallback.key.from, () => [renameKey(fallback, "defaultBackend")]);
      this.#backend(fallback.map, document.mapOf(fallback.node), counts);
    }
    for (const rule of document.itemsOf(document.child(spec, "rules"))) {
      const http = document.mapOf(document.child(document.mapOf(rule), "http"));
      for (const item of document.itemsOf(document.child(http, "paths"))) this.#path(item, counts);
    }
  }

  #path(item: unknown, counts: Counts): void {
    const document = this.#document;
    const path = document.mapOf(item);
    if (path === undefined) {
      const [at = 0] = (item as { range?: readonly number[] } | null)?.range ?? [];
      throw new NotEdited("an entry of the list of paths is empty or no mapping", at);
    }
    const type = document.entry(path, "pathType");
    const written = document.scalarOf(type?.node);
    if (type === undefined || type.node === undefined || written === null) {
      counts.pathTypes++;
      this.#once(type?.key.from ?? path.range?.[0] ?? 0, () => pathTypeEdits(document, path));
    }
    const backend = document.entry(path, "backend");
    if (backend !== undefined) this.#backend(backend.map, document.mapOf(backend.node), counts);
  }

  #backend(parent: WrittenMap, backend: WrittenMap | undefined, counts: Counts): void {
    if (backend === undefined) return;
    const old = ["serviceName", "servicePort"].some(
      (key) => this.#document.entry(backend, key) !== undefined,
    );
    if (!old) return;
    counts.backends++;
    this.#backendIn(parent, backend);
  }

  /** With the mappings that it merges. */
  #backendIn(parent: WrittenMap, backend: WrittenMap): void {
    this.#once(backend.range?.[0] ?? 0, () => serviceEdits(this.#document, parent, backend));
    for (const source of this.#document.merged(backend)) this.#backendIn(parent, source);
  }

  #once(offset: number, edits: () => readonly Edit[]): void {
    if (this.#done.has(offset)) return;
    this.#done.add(offset);
    append(this.edits, edits());
  }
}
