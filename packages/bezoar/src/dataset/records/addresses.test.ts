import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { networkOf, wideNetworkOf } from "./addresses.ts";

describe("networkOf", () => {
  test("gives the /24 of an IPv4 address and the /64 of an IPv6 address, however it is written", () => {
    expect(networkOf("10.1.2.200")).toBe("10.1.2.0/24");
    expect(networkOf("2001:db8::1")).toBe("2001:db8:0:0::/64");
    expect(networkOf("2001:0DB8:0:0:5:6:7:8")).toBe("2001:db8:0:0::/64");
  });
  test("takes nothing else for an address", () => {
    for (const text of ["10.1.2", "10.1.2.300", "1.2.3.4.5", "12:30", "1::2::3", "host.example.com", ""]) {
      expect(networkOf(text)).toBeUndefined();
    }
  });
  test("says the same of every address of a network", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(octet, octet, octet, octet, octet, (a, b, c, left, right) => {
        expect(networkOf(`${a}.${b}.${c}.${left}`)).toBe(networkOf(`${a}.${b}.${c}.${right}`));
      }),
    );
  });
  test("survives any text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(networkOf(text) ?? "none").not.toBe("");
      }),
    );
  });
});

test("the wider network is the first two parts", () => {
  expect(wideNetworkOf("10.1.2.0/24")).toBe("10.1");
  expect(wideNetworkOf("2001:db8:0:0::/64")).toBe("2001:db8");
});
