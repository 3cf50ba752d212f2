import type { HostKind } from "./rule.ts";

/** A machine with its one address; its name tells its kind. */
export type Host = { readonly name: string; readonly address: string };

/** Somebody, or something, that alerts name. */
export type Account = {
  readonly name: string;
  /** Whether it is a program's account, whose alerts look loud and are benign. */
  readonly isService: boolean;
  readonly department: string;
  /** Machines by kind; a person's own workstation is the first of theirs. */
  readonly hosts: Readonly<Record<HostKind, readonly Host[]>>;
};

/** Departments share workstations among themselves, so that no host stands for one person. */
const DEPARTMENTS = [
  ["finance", "alice bob carol dave erin frank"],
  ["sales", "grace heidi ivan judy mallory niaj"],
  ["support", "olivia peggy quentin rupert sybil trent"],
  ["legal", "ursula victor walter xavier yolanda zoe"],
  ["research", "aaron bella chloe diego elena fatima"],
  ["operations", "george hana igor julia kenji laura"],
  ["engineering", "marco nadia omar priya rosa samir"],
] as const;

const SERVERS = numbered(["srv-db", "srv-web", "srv-file", "srv-erp", "srv-mail", "srv-build"], "10.10.1");
const MANAGEMENT = numbered(["mgmt-01", "mgmt-02", "mgmt-03"], "10.10.2");

const SERVICES = [
  "svc_backup",
  "svc_deploy",
  "svc_directory",
  "svc_monitor",
  "svc_patch",
  "svc_scan",
  "svc_sql",
] as const;

const people = DEPARTMENTS.flatMap(([department, names], floor) => {
  const staff = names.split(" ");
  const workstations = numbered(
    staff.map((_, i) => `wks-${floor + 1}0${i + 1}`),
    `10.20.${floor + 1}`,
  );
  return staff.map((name, i): Account => person(name, department, rotate(workstations, i)));
});

const services = SERVICES.map((name, i): Account => ({
  name,
  isService: true,
  department: "services",
  hosts: { workstation: [], server: rotate(SERVERS, i).slice(0, 2), management: [] },
}));

/** Everybody that alerts are about, people first. */
export const ACCOUNTS: readonly Account[] = [...people, ...services];

/** Names of the people: they have the same mix of rules and the same share of malicious alerts. */
export const PEOPLE: readonly string[] = people.map(({ name }) => name);

/** Names of the service accounts: their alerts are loud, and benign. */
export const SERVICE_ACCOUNTS: readonly string[] = SERVICES;

/** Names of everybody, people first. */
export const USERS: readonly string[] = [...PEOPLE, ...SERVICE_ACCOUNTS];

/** Somebody who joins the population: in a department, and at its workstations, that the name decides. */
export function newcomer(name: string): Account {
  const hash = Buffer.from(name).reduce((sum, byte) => (sum * 31 + byte) % 65_521, 7);
  const colleague = people[hash % people.length];
  if (colleague === undefined) throw new Error("there are no people");
  return { ...colleague, name };
}

function person(name: string, department: string, workstation: readonly Host[]): Account {
  return {
    name,
    isService: false,
    department,
    hosts: { workstation, server: SERVERS, management: MANAGEMENT },
  };
}

function numbered(names: readonly string[], subnet: string): Host[] {
  return names.map((name, i) => ({ name, address: `${subnet}.${11 + i}` }));
}

function rotate<Item>(items: readonly Item[], by: number): Item[] {
  return items.map((_, i) => items[(i + by) % items.length]).filter((item) => item !== undefined);
}
