/** Constants of arbitrary precision (go/constant). A Value is a boolean, a string (JS string of the *bytes*, one
 *  char code per byte, 0–255), a bigint (an integer), or one of the classes below. */
export class Rat {
  constructor(
    readonly num: bigint,
    readonly den: bigint,
  ) {}
}

export class Unknown {
  private readonly brand = "unknown";
  toString(): string {
    return this.brand;
  }
}

export class Complex {
  constructor(
    readonly re: Value,
    readonly im: Value,
  ) {}
}

export type Value = boolean | string | bigint | Rat | Complex | Unknown;
