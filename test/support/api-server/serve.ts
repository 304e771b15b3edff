import type { IncomingMessage, ServerResponse } from "node:http";
import { type Answer, refusal, send } from "./answer.ts";
import { readBody } from "./body.ts";
import { discovery } from "./discovery.ts";
import { list } from "./list.ts";
import type { Json } from "./object.ts";
import { type Presenter, presenterFor } from "./present.ts";
import { removeAll, removeOne } from "./remove.ts";
import type { ApiRequest, Target } from "./request.ts";
import { review } from "./review.ts";
import { scale } from "./scale.ts";
import { ApiError, fail, failure, noSuchResource } from "./status.ts";
import { watch } from "./watch.ts";
import type { World } from "./world.ts";
import { create, existing, patch, update, type Written } from "./write.ts";

/** Answers one request, or as a fault demands. Never throws. */
export async function serve(
  world: World,
  request: ApiRequest,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const fault = world.faults.take(request);
  if (fault?.do === "silent") return;
  try {
    const refused = fault === undefined ? undefined : refusal(fault);
    const body = await readBody(message);
    if (refused !== undefined) return send(response, refused);
    world.credentials.check(message);
    world.access.check(request);
    const { target } = request;
    if (target !== undefined && request.verb === "watch") {
      return watch(world, request, target, presenterFor(request, target.type, world.now), response, fault);
    }
    send(
      response,
      target === undefined ? general(world, request) : resource(world, request, target, body),
      fault,
    );
  } catch (error) {
    if (response.headersSent) response.destroy();
    else send(response, answerTo(error), fault);
  }
}

function answerTo(error: unknown): Answer {
  if (error instanceof ApiError) {
    return { code: error.body.code ?? 500, body: error.body, headers: error.headers };
  }
  return { code: 500, body: failure(500, `Internal error occurred: ${String(error)}`) };
}

function general(world: World, request: ApiRequest): Answer {
  const accept = request.headers.accept ?? "";
  const document = discovery(request.path, accept, world.types);
  if (document !== undefined) {
    return { code: 200, body: document.body, headers: [["Content-Type", document.contentType]] };
  }
  switch (request.path.replace(/\/$/, "")) {
    case "/version":
      return { code: 200, body: versionOf(world.version) };
    case "/healthz":
    case "/livez":
    case "/readyz":
      return { code: 200, body: "ok" };
    case "/openapi/v2":
      return { code: 200, body: "", headers: [["Content-Type", OPENAPI_V2]] };
    default:
      throw noSuchResource();
  }
}

const OPENAPI_V2 = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

function versionOf(gitVersion: string): Json {
  const [major = "1", minor = "0"] = gitVersion.replace(/^v/, "").split(".");
  return { major, minor, gitVersion, gitCommit: "", gitTreeState: "clean", platform: "linux/amd64" };
}

function resource(world: World, request: ApiRequest, target: Target, body: Body): Answer {
  const present = presenterFor(request, target.type, world.now);
  if (target.type.verbs.length === 1) return { code: 201, body: review(world, target, body.object()) };
  if (target.subresource === "portforward") throw fail(400, "Upgrade request required");
  if (target.subresource === "scale") {
    return { code: 200, body: scale(world, request, target, body.object()) };
  }
  const headers = deprecation(world, target);
  switch (request.verb) {
    case "list":
      return { code: 200, body: present.list(list(world, request, target)), headers };
    case "get":
      return { code: 200, body: present.one(existing(world, target)), headers };
    case "create":
      return written(present, create(world, request, target, body.object()));
    case "update":
      return written(present, update(world, request, target, body.object()));
    case "patch":
      return written(present, patch(world, request, target, body.any()));
    case "delete":
      return { code: 200, body: removeOne(world, request, target, body.object()) };
    case "deletecollection": {
      const objects = removeAll(world, request, target);
      const metadata = { resourceVersion: String(world.store.revision) };
      return { code: 200, body: present.list({ objects, metadata }) };
    }
    default:
      throw fail(405, "the server does not allow this method on the requested resource");
  }
}

const ENDPOINTS = "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";

/** The header that goes with a kind on its way out. */
function deprecation(world: World, target: Target): readonly (readonly [string, string])[] {
  const minor = Number(versionOf(world.version).minor);
  return target.type.kind === "Endpoints" && minor >= 33 ? [warning(ENDPOINTS)] : [];
}

/** Text as the bytes of a header. */
function warning(text: string): readonly [string, string] {
  return ["Warning", Buffer.from(`299 - ${JSON.stringify(text)}`).toString("latin1")];
}

function written(present: Presenter, { code, object, warnings }: Written): Answer {
  return { code, body: present.one(object), headers: warnings.map(warning) };
}

type Body = Awaited<ReturnType<typeof readBody>>;
