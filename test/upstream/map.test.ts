import { describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import { parseMap, type ServiceMap } from "../../src/upstream/map.ts";

/** `namespace/service:port → protocol://host:port/base`; `*` for omitted parts. */
function inWords({ namespace = "*", service, port = "*", target }: ServiceMap): string {
  const named = target.schemeNamed === true ? "!" : "";
  return `${namespace}/${service}:${port} → ${target.protocol}${named} ${target.host} ${target.port} ${target.basePath}`.trim();
}

describe("a map that can be read", () => {
  test.each([
    // written                                 read                                          what the case shows
    ["web=3000", "*/web:* → http localhost 3000", "a bare port is this computer"],
    ["web:80=3000", "*/web:80 → http localhost 3000", "one port of the Service"],
    ["web:http=3000", "*/web:http → http localhost 3000", "a port by name"],
    ["shop/web=3000", "shop/web:* → http localhost 3000", "a namespace"],
    ["shop/web:80=3000", "shop/web:80 → http localhost 3000", "a namespace and a port"],
    ["web=127.0.0.1:3000", "*/web:* → http 127.0.0.1 3000", "an address"],
    ["web=localhost:65535", "*/web:* → http localhost 65535", "a name"],
    ["web=my_app-1.internal:80", "*/web:* → http my_app-1.internal 80", "a Docker Compose name"],
    ["web=[::1]:3000", "*/web:* → http ::1 3000", "IPv6 in brackets"],
    ["web=http://localhost:5173", "*/web:* → http! localhost 5173", "a URL"],
    ["web=http://localhost:5173/", "*/web:* → http! localhost 5173", "the slash alone is no base path"],
    ["web=http://localhost:5173/base/", "*/web:* → http! localhost 5173 /base", "a base path"],
    ["web=http://h/a=b", "*/web:* → http! h 80 /a=b", "only the first = divides"],
    ["web=https://[::1]/x", "*/web:* → https! ::1 443 /x", "https has its own default port"],
    ["web=HTTP://Example.COM", "*/web:* → http! example.com 80", "scheme and host in any case"],
  ])("%s is %s: %s", (text, read) => {
    const map = parseMap(text);
    expect(inWords(map)).toBe(read);
    expect(map.text).toBe(text);
  });
});

describe("a map that cannot be read says why", () => {
  test.each([
    ["web", 'has no "="'],
    ["", 'has no "="'],
    ["=3000", "names no Service"],
    ["shop/=3000", "names no Service"],
    ["/web=3000", 'has "", which is not the name of a namespace'],
    ["a/b/web=3000", 'has "a/b/web" where [NAMESPACE/]SERVICE[:PORT] belongs'],
    ["web:80:90=3000", 'has "web:80:90" where'],
    ["Web=3000", 'has "Web", which is not the name of a Service'],
    ["web =3000", 'has "web ", which is not the name of a Service'],
    [`${"a".repeat(64)}=3000`, "which is not the name of a Service"],
    ["web:=3000", 'has "", which is neither a port from 1 to 65535 nor'],
    ["web:0=3000", 'has "0", which is neither a port'],
    ["web:65536=3000", 'has "65536", which is neither a port'],
    ["web:a_b=3000", 'has "a_b", which is neither a port'],
    ["web=", "a target that is empty"],
    ["web=0", "a target that is not a port from 1 to 65535"],
    ["web=65536", "a target that is not a port from 1 to 65535"],
    ["web=-1", "a target that is not a port from 1 to 65535"],
    ["web=localhost", "names no port: localhost:3000"],
    ["web=[::1]", "names no port: [::1]:3000"],
    ["web=:3000", "names no host before the port"],
    ["web=localhost:", 'has a port that is not from 1 to 65535 ("")'],
    ["web=localhost:http", 'has a port that is not from 1 to 65535 ("http")'],
    ["web=::1", "needs brackets and a port, as in [::1]:3000"],
    ["web=::1:3000", "needs brackets and a port, as in [::1]:3000"],
    ["web=[::g]:3000", 'has "::g" in brackets, which is not an IPv6 address'],
    ["web=[fe80::1%eth0]:3000", "has a zone in its IPv6 address"],
    ["web=127.0.0.256:3000", "which is not an IPv4 address"],
    ["web=a b:3000", "is neither PORT, HOST:PORT nor a URL"],
    ["web=localhost:3000/base", "is neither PORT, HOST:PORT nor a URL that starts with http://"],
    ["web=ws://localhost:3000", "has a scheme other than http:// and https://"],
    ["web=http://", "is not a valid URL"],
    ["web=http://h:99999", "is not a valid URL"],
    ["web=http://h:0/", "has a port that is not from 1 to 65535"],
    ["web=http://me:secret@h/", "has a user name or password"],
    ["web=http://h/?a=b", "has a query"],
    ["web=http://h/#top", "has a fragment"],
  ])("%s: %s", (text, why) => {
    const error = caught(() => parseMap(text));
    expect(error.code).toBe("bad-map");
    expect(error.message).toContain(why);
    expect(error.message).toContain(`--map ${text}`);
    expect(error.fix).toContain("--map web=3000");
  });
});

function caught(run: () => unknown): UserError {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
