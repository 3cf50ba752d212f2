/** The people, machines and networks of the endpoint world, dealt out anew for each seed. */
import { below, createStream, pick, shuffled, weighted, zipf, type Random } from "./random.ts";

const PEOPLE = (
  "m.okafor j.lindqvist s.abadi t.moreau k.yamada r.castillo e.novak d.obrien a.farouk l.svensson " +
  "p.chandran n.kowalski h.schreiber c.dubois f.rossi g.petrov i.haddad o.tanaka b.mensah v.ionescu " +
  "w.hartmann y.demir z.rahman q.nguyen u.eriksen x.zhou m.delgado j.whitfield s.kaplan t.bergmann " +
  "k.osei r.malik e.fontaine d.sato a.lombardi l.vargas p.jensen n.achterberg h.cho c.mbeki"
).split(" ");
const SERVICES = ["svc_backup", "svc_sccm", "svc_scan", "svc_monitor", "svc_sqlagent"];
const DEPARTMENTS = ["FIN", "ENG", "HR", "OPS", "LEG", "MKT"];

export type Machine = { readonly name: string; readonly ip: string; readonly subnet: string };
/** `machines` chooses where the account works: mostly its own desk, sometimes a shared machine or the VPN. */
export type Account = {
  readonly name: string;
  readonly isService: boolean;
  readonly maliciousShare: number;
  readonly machines: (random: Random) => Machine;
};

export type Entities = {
  readonly accounts: (random: Random) => Account;
  readonly people: readonly string[];
  /** Machines on which several people work. */
  readonly sharedHosts: readonly string[];
  readonly subnets: readonly string[];
};

function machine(name: string, subnet: string, octet: number): Machine {
  return { name, subnet: `${subnet}.0/24`, ip: `${subnet}.${octet}` };
}

/** Forty people and five service accounts on some forty machines in nine networks. */
export function createEntities(seed: number): Entities {
  const random = createStream(seed, 3);
  const deskNets = DEPARTMENTS.map((_, index) => `10.${20 + index}.${1 + below(random, 200)}`);
  const serverNet = `10.60.${1 + below(random, 200)}`;
  const vpnNet = `172.19.${1 + below(random, 200)}`;
  const octets = shuffled(
    random,
    Array.from({ length: 240 }, (_, index) => index + 10),
  );
  const octet = (): number => octets.pop() ?? 9;

  const servers = ["TS01", "TS02", "JUMP01", "BUILD01", "FILE01", "APP03"].map((name) =>
    machine(`SRV-${name}`, serverNet, octet()),
  );
  const people = shuffled(random, PEOPLE);
  const desks = new Map<string, Machine>();
  const shared: Machine[] = [...servers];
  let previous: Machine | undefined;
  for (const person of people) {
    // Departments take turns, so that each network has several desks; every third person sits in shifts at the desk
    // of the one before.
    const department = new Set(desks.values()).size % DEPARTMENTS.length;
    const isShift = previous !== undefined && random() < 0.33;
    const desk: Machine =
      isShift && previous !== undefined
        ? previous
        : machine(
            `WS-${DEPARTMENTS[department]}-${1000 + octet()}`,
            deskNets[department] ?? serverNet,
            octet(),
          );
    if (isShift && !shared.includes(desk)) shared.push(desk);
    desks.set(person, desk);
    previous = desk;
  }

  const accounts: Account[] = people.map((name) => {
    const desk = desks.get(name) ?? pick(random, servers);
    const vpn = machine(desk.name, vpnNet, octet());
    const places = weighted<Machine>([
      [desk, 62],
      [vpn, 10],
      ...zipf(shuffled(random, servers), 1).map(([server, weight]) => [server, weight * 11] as const),
    ]);
    return { name, isService: false, maliciousShare: 0.36 + 0.08 * random(), machines: places };
  });
  const services: Account[] = SERVICES.map((name) => ({
    name,
    isService: true,
    maliciousShare: 0.01,
    machines: (draw: Random) => pick(draw, draw() < 0.6 ? servers : [...desks.values()]),
  }));
  // Automation raises more alerts than a person does, but not more than the busiest ones.
  const ranks = shuffled(random, [...accounts.keys()].slice(2, 22));
  const serviceAt = new Map(services.map((service, index) => [ranks[index] ?? index, service]));
  const ranked = accounts.flatMap((account, rank) => {
    const service = serviceAt.get(rank);
    return service ? [service, account] : [account];
  });
  return {
    accounts: weighted(zipf(ranked, 0.7)),
    people,
    sharedHosts: shared.map(({ name }) => name),
    subnets: [...new Set([...desks.values(), ...servers].map(({ subnet }) => subnet)), `${vpnNet}.0/24`],
  };
}
