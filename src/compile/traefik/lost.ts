/** Something that the controller cannot build: a router, a middleware or a service, with the reason. */
export class Lost {
  /** A clause: `there is no Middleware default/auth`. */
  readonly why: string;
  /** What the user does about it. */
  readonly fix: string;
  /** `middleware`: the reason lies with one, so that a guard may be gone. */
  readonly of: "route" | "middleware";

  constructor(why: string, fix: string, of: Lost["of"] = "route") {
    this.why = why;
    this.fix = fix;
    this.of = of;
  }
}
