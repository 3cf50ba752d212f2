/** The identities, devices and networks of the cloud world, dealt out anew for each seed. */
import { below, createStream, pick, shuffled, weighted, zipf, type Random } from "./random.ts";

const STEMS = [
  "amber",
  "birch",
  "cedar",
  "delta",
  "ember",
  "flint",
  "grove",
  "heron",
  "iris",
  "juno",
  "koala",
  "lotus",
];
const ENDINGS = ["ridge", "field", "stone", "brook", "wick", "hurst", "dale"];
const AUTOMATION = ["ci-runner", "dr-replicator", "posture-auditor", "hr-feed-sync", "cost-exporter"];
const COUNTRIES = ["GB", "NL", "PL", "PT", "IE", "CZ"];

type Origin = { readonly device: string; readonly network: string; readonly address: string };
export type Identity = {
  readonly name: string;
  readonly isAutomation: boolean;
  readonly country: string;
  readonly truePositiveShare: number;
  readonly origins: (random: Random) => Origin;
};

export type Directory = {
  readonly identities: (random: Random) => Identity;
  readonly people: readonly string[];
  /** Devices from which several people work: kiosks, virtual desktops. */
  readonly sharedDevices: readonly string[];
  readonly networks: readonly string[];
};

/** Thirty-five people and five automation identities, over sixty devices in twelve networks. */
export function createDirectory(seed: number): Directory {
  const random = createStream(seed, 5);
  const prefixes = shuffled(
    random,
    Array.from({ length: 200 }, (_, index) => index + 20),
  ).slice(0, 12);
  const networks = prefixes.map((prefix, index) => (index < 6 ? `100.72.${prefix}` : `198.18.${prefix}`));
  const handles = shuffled(
    random,
    STEMS.flatMap((stem) => ENDINGS.map((ending) => `${stem}${ending}`)),
  );
  const place = (device: string, network: string): Origin => ({
    device,
    network: `${network}.0/24`,
    address: `${network}.${2 + below(random, 250)}`,
  });
  const pools = Array.from({ length: 10 }, (_, index) =>
    place(`vdi-pool-${String(index + 1).padStart(2, "0")}`, networks[index % 4] ?? pick(random, networks)),
  );
  const runners = Array.from({ length: 4 }, (_, index) =>
    place(`k8s-node-${index + 1}`, pick(random, networks)),
  );

  const people = handles.slice(0, 35).map((handle): Identity => {
    const home = pick(random, networks);
    const laptop = place(`mbp-${handle.slice(0, 3)}${below(random, 9000) + 1000}`, home);
    const phone = place(`ios-${below(random, 90000) + 10000}`, pick(random, networks));
    const pooled = [pick(random, pools), pick(random, pools)];
    const origins = weighted<Origin>([
      [laptop, 50],
      [phone, 20],
      ...zipf(pooled, 1).map(([at, weight]) => [at, weight * 20] as const),
    ]);
    return {
      name: `${handle}@corp.example`,
      isAutomation: false,
      country: pick(random, COUNTRIES),
      truePositiveShare: 0.3 + 0.08 * random(),
      origins,
    };
  });
  const automation = AUTOMATION.map((name): Identity => ({
    name: `${name}@svc.corp.example`,
    isAutomation: true,
    country: "IE",
    truePositiveShare: 0.01,
    origins: (draw) => pick(draw, runners),
  }));
  const ranked = shuffled(random, [...people, ...automation]);
  return {
    identities: weighted(zipf(ranked, 0.5)),
    people: people.map(({ name }) => name),
    sharedDevices: pools.map(({ device }) => device),
    networks: networks.slice(0, 4).map((network) => `${network}.0/24`),
  };
}
