/** What kind of machine an alert comes from; a host's name tells it. */
export type HostKind = "workstation" | "server" | "management";

/**
 * Alerts that are judged alike: any of the parents with any of the command lines, whose first word is the process and in
 * which `{pool}` stands for any word of that pool. Words are separated by spaces.
 */
export type Behavior = {
  readonly parents: string;
  readonly commands: readonly string[];
  /** Only on these machines; otherwise on any, workstations mostly. */
  readonly on?: readonly HostKind[];
  /** The connection comes from outside; the command line tells what is known about its network. */
  readonly isRemote?: boolean;
};

/** What a service account does: loud, and benign. */
type ServiceBehavior = Behavior & { readonly account: string };

/** A detection rule, and what sets it off in the right and in the wrong hands. */
export type DetectionRule = {
  readonly id: string;
  readonly name: string;
  /** Tactic and technique of MITRE ATT&CK. */
  readonly tactic: string;
  readonly technique: string;
  /** How often of 10 alerts the severity is low, medium, high, critical. */
  readonly severities: readonly [number, number, number, number];
  readonly benign: readonly Behavior[];
  readonly malicious: readonly Behavior[];
  readonly service?: readonly ServiceBehavior[];
};
