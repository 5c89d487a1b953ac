/** Errors of Node's file functions as the numbers of Linux. */
import { describe, expect, it } from "vitest";
import { attempt } from "../../src/host/attempt.ts";

describe.skipIf(process.platform !== "linux")("errors of file functions", () => {
  it("keep their numbers, those too that Node has no name for", () => {
    const fail = (code: string, errno?: number): number =>
      attempt(() => {
        throw Object.assign(new Error(code), { code, errno });
      });
    expect(fail("ENOENT", -2)).toBe(-2);
    expect(fail("Unknown system error -77", -77)).toBe(-77);
    expect(fail("ERR_INVALID_ARG_VALUE")).toBe(-22);
    expect(fail("EUNKNOWN")).toBe(-5);
  });
});
