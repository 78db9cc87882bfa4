import fc from "fast-check";
import {describe, expect, test} from "vitest";
import {
  base64,
  durationText,
  humanBytes,
  jsonText,
  leaseNumber,
} from "../../../../core/client/output/goText.ts";

describe("as Go prints it:", () => {
  test("an int64 in decimal, whatever its bits", () => {
    fc.assert(
      fc.property(fc.bigInt({min: 0n, max: 2n ** 64n - 1n}), (bits) => {
        const lease = bits.toString(16).padStart(16, "0");
        expect(leaseNumber(lease).text).toBe(`${BigInt.asIntN(64, bits)}`);
      }),
    );
    expect(leaseNumber("").text).toBe("0");
    expect(leaseNumber("8000000000000000").text).toBe("-9223372036854775808");
  });

  test("bytes in base64", () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 20}), (bytes) => {
        expect(base64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
      }),
    );
  });

  test.each([
    [0, "0 B"],
    [9, "9 B"],
    [999, "999 B"],
    [1024, "1.0 kB"],
    [20_480, "20 kB"],
    [24_576, "25 kB"],
    [2_147_483_648, "2.1 GB"],
  ])("%d bytes", (bytes, text) => {
    expect(humanBytes(bytes)).toBe(text);
  });

  test.each([
    [0, "0s"],
    [850, "850µs"],
    [3_410, "3.41ms"],
    [2_000_000, "2s"],
    [61_500_000, "1m1.5s"],
    [3_600_000_000, "1h0m0s"],
  ])("a duration of %d µs", (micros, text) => {
    expect(durationText(micros)).toBe(text);
  });

  test("JSON without blanks, with what HTML could take for its own escaped", () => {
    expect(jsonText({a: [1, "<&>"], b: undefined, c: null})).toBe(
      String.raw`{"a":[1,"\u003c\u0026\u003e"],"c":null}`,
    );
  });
});
