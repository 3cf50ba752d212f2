import type { DetectionRule } from "../rule.ts";

/** Discovery and lateral movement. */
export const MOVEMENT_RULES: readonly DetectionRule[] = [
  {
    id: "R501",
    name: "account-discovery",
    tactic: "discovery",
    technique: "T1087.002",
    severities: [5, 4, 1, 0],
    benign: [
      {
        parents: "explorer.exe cmd.exe mmc.exe ccmexec.exe",
        commands: [
          "whoami.exe /upn",
          "net.exe user /domain",
          "gpresult.exe /r",
          "net.exe accounts",
          "dsquery.exe printer",
          "gpresult.exe /h {ownFile}",
        ],
      },
      {
        parents: "mmc.exe rsat.exe",
        commands: ["net.exe group admins /domain"],
        on: ["management", "server"],
      },
    ],
    malicious: [
      {
        parents: "winword.exe cmd.exe rundll32.exe wscript.exe",
        commands: [
          "whoami.exe /all",
          "nltest.exe /domain_trusts",
          "adfind.exe objectcategory person",
          "sharphound.exe collect all",
          "net.exe localgroup administrators",
        ],
      },
      {
        parents: "cmd.exe powershell.exe",
        commands: ["net.exe group admins /domain"],
        on: ["workstation"],
      },
    ],
    service: [
      {
        account: "svc_directory",
        parents: "syncagent.exe",
        commands: [
          "adfind.exe objectcategory person /replica branch",
          "net.exe group admins /domain /replica branch",
        ],
        on: ["server"],
      },
    ],
  },
  {
    id: "R502",
    name: "network-scan",
    tactic: "discovery",
    technique: "T1046",
    severities: [3, 5, 2, 0],
    benign: [
      {
        parents: "explorer.exe cmd.exe powershell.exe ccmexec.exe",
        commands: [
          "ping.exe -n {ownSite}",
          "tracert.exe {ownSite}",
          "nslookup.exe {ownSite}",
          "portqry.exe -e 443 {ownSite}",
          "arp.exe -a",
          "netstat.exe -ano",
        ],
      },
      {
        parents: "mmc.exe rsat.exe",
        commands: ["nmap.exe -p 443 {target}"],
        on: ["management", "server"],
      },
    ],
    malicious: [
      {
        parents: "rundll32.exe cmd.exe powershell.exe wscript.exe",
        commands: [
          "ping.exe sweep subnet",
          "portqry.exe -e 445 subnet",
          "nmap.exe -p 445 subnet",
          "net.exe view /all",
          "nbtscan.exe subnet",
        ],
      },
      {
        parents: "cmd.exe powershell.exe",
        commands: ["nmap.exe -p 443 {target}"],
        on: ["workstation"],
      },
    ],
    service: [
      {
        account: "svc_scan",
        parents: "vulnscan.exe",
        commands: ["nmap.exe -p 445 subnet /profile weekly", "ping.exe sweep subnet /profile weekly"],
        on: ["server"],
      },
    ],
  },
  {
    id: "R503",
    name: "remote-execution",
    tactic: "lateral-movement",
    technique: "T1021.002",
    severities: [1, 3, 5, 1],
    benign: [
      {
        parents: "explorer.exe cmd.exe mmc.exe ccmexec.exe",
        commands: [
          "mstsc.exe /v {target}",
          "wmic.exe os get version",
          "wmic.exe bios get serial",
          "psexec.exe localhost {ownExe}",
          "winrs.exe localhost ipconfig",
        ],
      },
      {
        parents: "mmc.exe rsat.exe",
        commands: ["psexec.exe {target} cmd.exe ipconfig", "wmic.exe /node {target} get version"],
        on: ["management", "server"],
      },
    ],
    malicious: [
      {
        parents: "rundll32.exe cmd.exe powershell.exe wscript.exe",
        commands: [
          "psexec.exe -s {target} {droppedExe}",
          "wmic.exe /node {target} create {droppedExe}",
          "winrs.exe {target} powershell.exe -enc {encoded}",
          "mstsc.exe /shadow {target}",
          "xcopy.exe {droppedExe} {target} admin$",
        ],
      },
      {
        parents: "cmd.exe powershell.exe",
        commands: ["psexec.exe {target} cmd.exe ipconfig", "wmic.exe /node {target} get version"],
        on: ["workstation"],
      },
    ],
    service: [
      {
        account: "svc_deploy",
        parents: "deployagent.exe",
        commands: [
          "psexec.exe -s {target} {ownExe} /ring pilot",
          "wmic.exe /node {target} create {ownExe} /ring pilot",
        ],
        on: ["server"],
      },
    ],
  },
];
