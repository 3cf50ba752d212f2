const IPV4_OCTETS = 4;
const IPV6_GROUPS = 8;
const MAX_ADDRESS_UNITS = 45; // the longest textual IPv6 address (RFC 4291, with an embedded IPv4 part)

/** Octets of a dotted IPv4 address, or undefined when the text is not one. */
function ipv4Octets(text: string): number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== IPV4_OCTETS) return undefined;
  const octets = parts.map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  return octets.every((octet) => octet < 256) ? octets : undefined;
}

/** The eight 16-bit groups of an IPv6 address as lower-case hex without leading zeros, or undefined. */
function ipv6Groups(text: string): string[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = IPV6_GROUPS - left.length - right.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => "0"), ...right];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return groups.map((group) => Number.parseInt(group, 16).toString(16));
}

/** The network that an address belongs to: /24 for IPv4, /64 for IPv6; undefined when the text is no address. */
export function networkOf(text: string): string | undefined {
  if (text.length > MAX_ADDRESS_UNITS) return undefined;
  if (!text.includes(":")) {
    const octets = ipv4Octets(text);
    return octets === undefined ? undefined : `${octets.slice(0, 3).join(".")}.0/24`;
  }
  const groups = ipv6Groups(text);
  return groups === undefined ? undefined : `${groups.slice(0, 4).join(":")}::/64`;
}

/** A wider network, as a feature: /16 for IPv4, /32 for IPv6. */
export function wideNetworkOf(network: string): string {
  const separator = network.includes(":") ? ":" : ".";
  return network.split(separator).slice(0, 2).join(separator);
}
