/**
 * Audit events of a cloud identity provider: flat records whose disposition follows from combinations
 * (a first-seen country is nothing, a first-seen country that grants a role is an incident).
 * Shares no field, word or rule with alerts-a.ts.
 */
import { alertSet, pairOf, type AlertOptions, type AlertSet, type Draft, type World } from "./alert-set.ts";
import { createDirectory, type Identity } from "./cloud-entities.ts";
import { below, createStream, hex, pick, weighted, type Random } from "./random.ts";

export type CloudEvent = {
  readonly event_uuid: string;
  readonly occurred_at: number;
  readonly detection: string;
  readonly actor: string;
  readonly device: string;
  readonly device_posture: string;
  readonly client_addr: string;
  readonly network_class: string;
  readonly geo: string;
  readonly geo_history: string;
  readonly action: string;
  readonly resource: string;
  readonly user_agent: string;
  readonly mfa: string;
  readonly failed_attempts: number;
  readonly volume_mb: number;
  readonly session_minutes: number;
  readonly disposition: "true_positive" | "false_positive";
};

type CloudDraft = Draft & { readonly event: Omit<CloudEvent, "disposition"> };

type Kind = "signin" | "privilege" | "egress" | "token" | "mail";

const ACTIONS: Readonly<Record<Kind, readonly string[]>> = {
  signin: ["session.start", "session.refresh", "sso.assertion", "password.reset", "device.enroll"],
  privilege: ["role.assign", "policy.update", "group.owner.add", "federation.trust.add", "audit.sink.remove"],
  egress: ["object.bulk_get", "share.link.public", "mailbox.export", "snapshot.copy", "repo.archive"],
  token: ["oauth.consent", "app.secret.add", "key.create", "pat.issue"],
  mail: ["inbox.rule.set", "forwarding.enable", "delegate.add"],
};
const RESOURCES: Readonly<Record<Kind, readonly string[]>> = {
  signin: ["portal", "mail", "wiki", "crm", "vpn-gateway", "code-host"],
  privilege: [
    "role/global-admin",
    "role/billing-reader",
    "group/finance-leads",
    "policy/conditional-7",
    "sink/audit-main",
    "role/helpdesk",
  ],
  egress: [
    "bucket/payroll-archive",
    "bucket/web-assets",
    "drive/board",
    "drive/marketing",
    "repo/billing",
    "repo/handbook",
    "snapshot/db-main",
  ],
  token: ["app/calendar-helper", "app/pdf-tools", "app/ci-deploy", "app/survey", "app/mail-merge"],
  mail: ["mailbox/ap", "mailbox/ceo-office", "mailbox/support", "mailbox/own"],
};
/** The named detection that raised the event: by kind of action, several of each, so that a rule alone says little. */
const DETECTIONS: Readonly<Record<Kind, readonly string[]>> = {
  signin: [
    "Atypical travel",
    "Sign-in from unfamiliar properties",
    "Repeated verification prompts",
    "Password spray follow-up",
  ],
  privilege: ["Sensitive role granted", "Guardrail weakened", "Directory trust altered"],
  egress: ["Unusual volume of reads", "Public exposure of data", "Replica outside the tenant"],
  token: ["New credential on application", "Risky application consent", "Long-lived token issued"],
  mail: ["Suspicious inbox handling", "Mail leaves the organisation"],
};
const BROWSERS = [
  "Chrome/131 macOS",
  "Edge/131 Windows",
  "Safari/18 iOS",
  "Firefox/133 Linux",
  "Outlook/16 Windows",
];
const SCRIPTS = ["python-requests/2.32", "aiohttp/3.10", "curl/8.9", "Go-http-client/2.0", "axios/1.7"];
const ABROAD = ["BR", "VN", "TR", "ZA", "MX", "ID", "US", "DE", "ES", "FR"];
const SENSITIVE = /global-admin|finance-leads|audit-main|payroll|board|db-main|ceo-office|ci-deploy|billing$/;

const kinds = weighted<Kind>([
  ["signin", 30],
  ["privilege", 20],
  ["egress", 22],
  ["token", 16],
  ["mail", 12],
]);

/** How an event looks when somebody is at work and when an intruder is: every value comes up in both. */
type Manner = {
  readonly history: (random: Random) => string;
  readonly network: (random: Random) => string;
  readonly posture: (random: Random) => string;
  readonly mfa: (random: Random) => string;
  readonly scripted: number;
  readonly bulk: number;
  readonly guesses: number;
};

const AT_WORK: Manner = {
  history: weighted([
    ["usual", 70],
    ["travelled", 18],
    ["first_seen", 12],
  ]),
  network: weighted([
    ["corporate", 46],
    ["residential", 28],
    ["mobile", 14],
    ["hosting", 8],
    ["anonymizer", 4],
  ]),
  posture: weighted([
    ["compliant", 70],
    ["outdated", 16],
    ["unmanaged", 14],
  ]),
  mfa: weighted([
    ["passkey", 44],
    ["push_approved", 30],
    ["not_required", 14],
    ["push_after_denials", 7],
    ["legacy_bypass", 5],
  ]),
  scripted: 0.14,
  bulk: 0.25,
  guesses: 0.15,
};

const INTRUDING: Manner = {
  history: weighted([
    ["usual", 34],
    ["travelled", 14],
    ["first_seen", 52],
  ]),
  network: weighted([
    ["corporate", 14],
    ["residential", 22],
    ["mobile", 8],
    ["hosting", 30],
    ["anonymizer", 26],
  ]),
  posture: weighted([
    ["compliant", 34],
    ["outdated", 16],
    ["unmanaged", 50],
  ]),
  mfa: weighted([
    ["passkey", 16],
    ["push_approved", 18],
    ["not_required", 12],
    ["push_after_denials", 32],
    ["legacy_bypass", 22],
  ]),
  scripted: 0.45,
  bulk: 0.5,
  guesses: 0.5,
};

/** Automation always runs the same way, and that way is harmless. */
const AUTOMATED = {
  geo_history: "usual",
  network_class: "corporate",
  device_posture: "compliant",
  mfa: "not_required",
};

/** Whether an analyst calls it an incident: a combination that is bad for this kind of action, or three signs of any kind. */
function isIncident(kind: Kind, event: Omit<CloudEvent, "disposition">): boolean {
  const isStrange = event.geo_history === "first_seen";
  const isHidden = event.network_class === "anonymizer" || event.network_class === "hosting";
  const isScripted = SCRIPTS.includes(event.user_agent);
  const isWeak = event.mfa === "push_after_denials" || event.mfa === "legacy_bypass";
  const isUnmanaged = event.device_posture === "unmanaged";
  const isSensitive = SENSITIVE.test(event.resource);
  const signs = [isStrange, isHidden, isScripted, isWeak, isUnmanaged].filter(Boolean).length;
  const combinations: Readonly<Record<Kind, boolean>> = {
    signin: (isWeak && (isStrange || isHidden)) || (event.failed_attempts >= 12 && isStrange),
    privilege: (isStrange && (isSensitive || isWeak)) || (isHidden && isWeak),
    egress: (event.volume_mb >= 2000 && (isStrange || isUnmanaged)) || (isSensitive && isHidden),
    token: (isScripted && (isHidden || isStrange)) || (isSensitive && isWeak),
    mail: (isStrange && (isUnmanaged || isWeak)) || (isSensitive && isHidden),
  };
  return signs >= 3 || combinations[kind];
}

function drawEvent(random: Random, identity: Identity, manner: Manner): CloudDraft {
  const kind = kinds(random);
  const origin = identity.origins(random);
  const history = manner.history(random);
  const detection = pick(random, DETECTIONS[kind]);
  const isScripted = random() < (identity.isAutomation ? 1 : manner.scripted);
  const isBulk = kind === "egress" && random() < manner.bulk;
  const event = {
    event_uuid: `${hex(random, 8)}-${hex(random, 4)}-${hex(random, 12)}`,
    occurred_at: 1_735_700_000 + below(random, 9_000_000),
    detection,
    actor: identity.name,
    device: origin.device,
    device_posture: manner.posture(random),
    client_addr: origin.address,
    network_class: manner.network(random),
    geo: history === "usual" || identity.isAutomation ? identity.country : pick(random, ABROAD),
    geo_history: history,
    action: pick(random, ACTIONS[kind]),
    resource: pick(random, RESOURCES[kind]),
    user_agent: pick(random, isScripted ? SCRIPTS : BROWSERS),
    mfa: manner.mfa(random),
    failed_attempts: random() < manner.guesses ? below(random, 25) : below(random, 3),
    volume_mb: isBulk ? 1000 * (2 + below(random, 30)) : below(random, 400),
    session_minutes: below(random, 480),
    ...(identity.isAutomation && AUTOMATED),
  };
  return {
    malicious: isIncident(kind, event),
    user: identity.name,
    host: origin.device,
    subnet: origin.network,
    rule: detection,
    event,
  };
}

function createWorld(seed: number): World<CloudDraft, CloudEvent> {
  const directory = createDirectory(seed);
  const random = createStream(seed, 6);
  const detections = Object.values(DETECTIONS).flat();
  return {
    draw: (draw) => {
      const identity = directory.identities(draw);
      // What an identity is up to is settled first; then events are drawn until one is of that sort.
      const isAttacked = draw() < identity.truePositiveShare && !identity.isAutomation;
      const manner = isAttacked ? INTRUDING : AT_WORK;
      let draft = drawEvent(draw, identity, manner);
      while (draft.malicious !== isAttacked) draft = drawEvent(draw, identity, manner);
      return draft;
    },
    label: ({ event }, _row, isMalicious) => ({
      ...event,
      disposition: isMalicious ? "true_positive" : "false_positive",
    }),
    targets: {
      user: directory.people,
      host: directory.sharedDevices,
      subnet: directory.networks,
      "user+rule": directory.people.map((person) => pairOf(person, pick(random, detections))),
    },
    fields: { user: "actor", host: "device", subnet: "client_addr", "user+rule": "actor+detection" },
  };
}

/** A labelled set of cloud audit events, with one entity poisoned when `options.attack` says so. */
export function generateAlerts(options: AlertOptions): AlertSet<CloudEvent> {
  return alertSet(createWorld(options.seed), options);
}
