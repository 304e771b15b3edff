import type { HeaderLine } from "../model/decision.ts";
import type { TestOptionKey } from "./keys.ts";

/** A document of a test file, with its variables filled in. */
export interface TestDocument {
  /** As the user named it. */
  readonly file: string;
  /** Relative to the file. default: the file's folder */
  readonly manifests?: Written<readonly string[]> | undefined;
  /** Not judged yet. */
  readonly options: ReadonlyMap<TestOptionKey, Written<unknown>>;
  readonly tests: readonly RequestTest[];
}

interface Written<T> {
  readonly value: T;
  /** 1-based line of the file. */
  readonly line: number;
}

/** One request, and what it has to come to. */
export interface RequestTest {
  /** default: none */
  readonly name?: string | undefined;
  readonly request: TestRequest;
  readonly expect: Expectation;
  /** 1-based line of the request. */
  readonly line: number;
}

export interface TestRequest {
  /** As for curl. */
  readonly url: string;
  readonly method: string;
  readonly headers: readonly HeaderLine[];
  /** unit: bytes */
  readonly bodySize?: number | undefined;
  /** default: this computer's address */
  readonly client?: string | undefined;
  /** At least 0 and less than 1; decides random choices. default: the larger share */
  readonly chance?: number | undefined;
}

export interface ServicePattern {
  /** default: any */
  readonly namespace?: string | undefined;
  readonly name: string;
  /** Number or name, as written. default: any */
  readonly port?: string | undefined;
}

/** `null`: absent. `…` stands for any part of a value. */
export type HeaderExpectation = readonly [name: string, value: string | null];

/** All that is said has to hold. */
export interface Expectation {
  readonly service?: ServicePattern | undefined;
  /** Number or name. */
  readonly port?: string | undefined;
  readonly path?: string | undefined;
  readonly status?: number | undefined;
  readonly redirect?: string | undefined;
  /** `NAMESPACE/NAME` or `NAME` */
  readonly ingress?: string | undefined;
  /** The rule's path, or host and path. */
  readonly rule?: string | undefined;
  readonly headers?: readonly HeaderExpectation[] | undefined;
  readonly responseHeaders?: readonly HeaderExpectation[] | undefined;
  readonly notService?: readonly ServicePattern[] | undefined;
  /** Each is the code of a reason, or a part of its text. */
  readonly why?: readonly string[] | undefined;
}
