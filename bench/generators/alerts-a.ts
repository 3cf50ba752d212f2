/** Alerts of an endpoint detection product: nested records whose verdict follows from process, parent, hour and severity. */
import { alertSet, pairOf, type AlertOptions, type AlertSet, type Draft, type World } from "./alert-set.ts";
import { createEntities, type Account, type Machine } from "./edr-entities.ts";
import { EDR_RULES, type EdrRule } from "./edr-rules.ts";
import { below, createStream, hex, pick, weighted, type Random } from "./random.ts";

export type EdrAlert = {
  readonly id: string;
  readonly time: string;
  readonly rule: { readonly id: string; readonly name: string };
  readonly severity: "low" | "medium" | "high" | "critical";
  readonly user: string;
  readonly host: string;
  readonly source_ip: string;
  readonly process: {
    readonly path: string;
    readonly signer: string;
    readonly command_line: string;
    readonly parent: { readonly path: string; readonly command_line: string };
  };
  readonly verdict: "malicious" | "benign";
};

type EdrDraft = Draft & { readonly alert: Omit<EdrAlert, "verdict"> };

const START = Date.UTC(2025, 2, 3);
const DAYS = 120;
const SEVERITIES = ["low", "medium", "high", "critical"] as const;
const JOBS = [
  "nightly-sync",
  "cleanup",
  "mapdrives",
  "report-export",
  "ledger-close",
  "patchcheck",
  "labelprint",
  "crm-import",
];
const DOCUMENTS = [
  "invoice",
  "q3-forecast",
  "contract-draft",
  "payroll",
  "minutes",
  "travel-claim",
  "roadmap",
  "audit-notes",
];
const PACKAGES = ["7zip-24", "putty", "vlc", "jre-21", "zoom-client", "notepadpp", "printdriver"];
const AGENTS = ["SentinelAgent", "CSFalconService", "MsSense", "cbdefense"];
const TOOLS = ["Greenshot", "slack", "ditto", "f.lux", "PowerToys"];
const WORDS = ["Updater", "AudioSvc", "ChromeHelper", "WinSync", "HealthCheck"];
const VENDORS = [
  "checkin.sentinel-cloud.example",
  "blob.corp-backup.example",
  "telemetry.vendorsuite.example",
];
const CDNS = ["dl.toolmirror.example", "static.packages.example", "cdn.devassets.example"];

/** Parents by what they say: of lures, of ordinary work, of nothing. */
const PARENTS = {
  malicious: [
    [
      "C:\\Program Files\\Microsoft Office\\WINWORD.EXE",
      "/n C:\\Users\\{profile}\\Downloads\\{document}.docm",
    ],
    [
      "C:\\Program Files\\Microsoft Office\\OUTLOOK.EXE",
      "/eml C:\\Users\\{profile}\\AppData\\Local\\{document}.eml",
    ],
    ["C:\\Windows\\System32\\wscript.exe", "{temp}\\{document}.vbs"],
    ["C:\\Windows\\System32\\wbem\\WmiPrvSE.exe", "-secured -Embedding"],
    ["C:\\Windows\\System32\\rundll32.exe", "{temp}\\{short}.dll,Control_RunDLL"],
  ],
  benign: [
    ["C:\\Windows\\System32\\services.exe", ""],
    ["C:\\Windows\\CCM\\CcmExec.exe", "/advertisement {package}"],
    ["C:\\Windows\\System32\\taskhostw.exe", "{job}"],
    ["C:\\Program Files\\DesktopCentral\\dcagentservice.exe", "--job {job}"],
  ],
  either: [
    ["C:\\Windows\\explorer.exe", ""],
    ["C:\\Windows\\System32\\cmd.exe", "/k"],
    ["C:\\Windows\\System32\\svchost.exe", "-k netsvcs -p"],
  ],
} as const;

type Leaning = keyof typeof PARENTS;

/** Values for the slots of one alert; drawn only when a template asks for them. */
function filler(random: Random, account: Account): (slot: string) => string {
  const slots: Readonly<Record<string, () => string>> = {
    agent: () => pick(random, AGENTS),
    blob: () => Buffer.from(hex(random, 36)).toString("base64"),
    cdn: () => pick(random, CDNS),
    document: () => `${pick(random, DOCUMENTS)}-${below(random, 90) + 10}`,
    evil: () => `${hex(random, 5)}.${pick(random, ["top", "xyz", "site", "cam"])}`,
    fileserver: () => "SRV-FILE01",
    job: () => pick(random, JOBS),
    lan: () => `10.${20 + below(random, 6)}.${below(random, 250)}`,
    mailbox: () => `team-${pick(random, DOCUMENTS)}`,
    octet: () => String(1 + below(random, 250)),
    package: () => pick(random, PACKAGES),
    peer: () => `WS-${pick(random, ["FIN", "ENG", "HR", "OPS"])}-${1000 + below(random, 400)}`,
    pid: () => String(400 + 4 * below(random, 5000)),
    port: () => String(1024 + below(random, 60000)),
    profile: () => account.name,
    share: () => `\\\\SRV-FILE01\\${pick(random, ["finance", "projects", "hr", "legal"])}`,
    short: () => hex(random, 6),
    site: () => pick(random, ["berlin", "lagos", "oslo", "lyon"]),
    temp: () =>
      pick(random, [
        `C:\\Users\\${account.name}\\AppData\\Local\\Temp`,
        "C:\\Users\\Public",
        "C:\\ProgramData",
      ]),
    tool: () => pick(random, TOOLS),
    vendor: () => pick(random, VENDORS),
    wanip: () =>
      `${pick(random, [45, 91, 185, 193])}.${below(random, 250)}.${below(random, 250)}.${below(random, 250)}`,
    word: () => pick(random, WORDS),
  };
  return (slot) => slots[slot]?.() ?? `{${slot}}`;
}

function fill(template: string, slot: (name: string) => string): string {
  return template.replaceAll(/\{([a-z]+)\}/g, (_, name: string) => slot(name));
}

const SYSTEM_TOOLS =
  /^(cmd|powershell|reg|schtasks|sc|wevtutil|rundll32|net|nltest|findstr|vssadmin|certutil|mshta|wscript|regsvr32|bitsadmin|wmic|curl)\.exe$/i;

/** Where the image of a command lies and who signed it. */
function image(command: string, isMalicious: boolean): { readonly path: string; readonly signer: string } {
  const first = command.slice(0, command.indexOf(".exe") + 4);
  if (first.includes("\\")) return { path: first, signer: isMalicious ? "unsigned" : "Corp IT" };
  if (SYSTEM_TOOLS.test(first))
    return { path: `C:\\Windows\\System32\\${first}`, signer: "Microsoft Windows" };
  return /^[0-9a-f]{6}\.exe$/.test(first)
    ? { path: `C:\\Users\\Public\\${first}`, signer: "unsigned" }
    : { path: `C:\\Program Files\\${first.replace(/\.exe$/i, "")}\\${first}`, signer: "Verified publisher" };
}

/** Which commands an alert may show: clear ones mostly, one in seven that only its circumstances explain. */
function leaning(random: Random, isMalicious: boolean, ambiguous: number): Leaning {
  if (random() < ambiguous) return "either";
  return isMalicious ? "malicious" : "benign";
}

function hourOf(random: Random, isMalicious: boolean, isService: boolean): number {
  const isNight = random() < (isService ? 0.6 : isMalicious ? 0.5 : 0.08);
  return isNight ? (20 + below(random, 11)) % 24 : 7 + below(random, 13);
}

function drawAlert(
  random: Random,
  account: Account,
  at: Machine,
  rule: EdrRule,
  malicious: boolean,
): EdrDraft {
  const slot = filler(random, account);
  const commandLeaning = leaning(random, malicious, 0.14);
  const command = fill(pick(random, rule[commandLeaning]), slot);
  // A command that could be either has a parent that could not: the verdict must follow from something.
  const parentLeaning = leaning(random, malicious, commandLeaning === "either" ? 0.1 : 0.45);
  const [parentPath, parentArguments] = pick<readonly [string, string]>(random, PARENTS[parentLeaning]);
  const raised =
    rule.base + (random() < (malicious ? 0.6 : 0.12) ? 1 : 0) - (random() < (malicious ? 0.1 : 0.4) ? 1 : 0);
  const second = hourOf(random, malicious, account.isService) * 3600 + below(random, 3600);
  const alert = {
    id: `ALR-${hex(random, 10).toUpperCase()}`,
    time: new Date(START + below(random, DAYS) * 86_400_000 + second * 1000).toISOString(),
    rule: { id: rule.id, name: rule.name },
    severity: SEVERITIES[Math.max(0, raised)] ?? "critical",
    user: account.name,
    host: at.name,
    source_ip: at.ip,
    process: {
      ...image(command, malicious),
      command_line: command,
      parent: { path: parentPath, command_line: fill(parentArguments, slot) },
    },
  };
  return { malicious, user: account.name, host: at.name, subnet: at.subnet, rule: rule.id, alert };
}

function createWorld(seed: number): World<EdrDraft, EdrAlert> {
  const entities = createEntities(seed);
  const attacks = weighted(EDR_RULES.map((rule) => [rule, rule.weight[0]]));
  const work = weighted(EDR_RULES.map((rule) => [rule, rule.weight[1]]));
  const random = createStream(seed, 4);
  const pairs = entities.people.map((person) => pairOf(person, attacks(random).id));
  return {
    draw: (draw) => {
      const account = entities.accounts(draw);
      const malicious = draw() < account.maliciousShare;
      return drawAlert(draw, account, account.machines(draw), (malicious ? attacks : work)(draw), malicious);
    },
    label: ({ alert }, _row, isMalicious) => ({ ...alert, verdict: isMalicious ? "malicious" : "benign" }),
    targets: {
      user: entities.people,
      host: entities.sharedHosts,
      subnet: entities.subnets,
      "user+rule": pairs,
    },
    fields: { user: "user", host: "host", subnet: "source_ip", "user+rule": "user+rule.id" },
  };
}

/** A labelled set of endpoint alerts, with one entity poisoned when `options.attack` says so. */
export function generateAlerts(options: AlertOptions): AlertSet<EdrAlert> {
  return alertSet(createWorld(options.seed), options);
}
