/** Something that the controller cannot build: a router, a middleware or a service, with the reason. */
export class Lost {
  /** A clause: `there is no Middleware default/auth`. */
  readonly why: string;
  /** What the user does about it. */
  readonly fix: string;
  /** `middleware`: the reason lies with one, so that a guard may be gone. */
  readonly of: "route" | "middleware";
  /** `later`: it is there until routers are built, so it takes the place of an earlier one of its name. */
  readonly when: "at once" | "later";

  constructor(why: string, fix: string, of: Lost["of"] = "route", when: Lost["when"] = "at once") {
    this.why = why;
    this.fix = fix;
    this.of = of;
    this.when = when;
  }

  later(): Lost {
    return new Lost(this.why, this.fix, this.of, "later");
  }
}
