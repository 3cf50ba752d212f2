import type { DetectionRule } from "../rule.ts";

/** Persistence and privilege escalation. */
export const FOOTHOLD_RULES: readonly DetectionRule[] = [
  {
    id: "R201",
    name: "scheduled-task",
    tactic: "persistence",
    technique: "T1053.005",
    severities: [3, 5, 2, 0],
    benign: [
      {
        parents: "explorer.exe cmd.exe msiexec.exe ccmexec.exe",
        commands: [
          "schtasks.exe /create /tn Update /tr {ownExe}",
          "schtasks.exe /create /tn Inventory /tr {ownScript}",
          "schtasks.exe /create /ru system /tr {ownScript}",
          "schtasks.exe /query /tn Update",
          "schtasks.exe /run /tn Inventory",
        ],
      },
      {
        parents: "mmc.exe rsat.exe",
        commands: ["schtasks.exe /create /s {target} /tn Inventory"],
        on: ["management", "server"],
      },
    ],
    malicious: [
      {
        parents: "explorer.exe cmd.exe wscript.exe rundll32.exe",
        commands: [
          "schtasks.exe /create /tn Update /tr {droppedExe}",
          "schtasks.exe /create /tn Inventory /tr {droppedScript}",
          "schtasks.exe /create /ru system /tr {droppedExe}",
          "schtasks.exe /create /tn Update /tr mshta.exe {hostileUrl}",
          "schtasks.exe /delete /tn Antivirus",
        ],
      },
      {
        parents: "cmd.exe powershell.exe",
        commands: ["schtasks.exe /create /s {target} /tn Inventory"],
        on: ["workstation"],
      },
    ],
    service: [
      {
        account: "svc_deploy",
        parents: "deployagent.exe",
        commands: [
          "schtasks.exe /create /s {target} /tn Update /ring pilot",
          "schtasks.exe /create /ru system /tr {ownExe} /ring pilot",
        ],
        on: ["server"],
      },
    ],
  },
  {
    id: "R203",
    name: "service-install",
    tactic: "privilege-escalation",
    technique: "T1543.003",
    severities: [1, 4, 4, 1],
    benign: [
      {
        parents: "services.exe msiexec.exe cmd.exe ccmexec.exe",
        commands: [
          "sc.exe create Agent binPath= {ownExe}",
          "sc.exe config Agent start= auto",
          "sc.exe config spooler start= auto",
          "sc.exe stop spooler",
          "sc.exe query Antivirus",
        ],
      },
      {
        parents: "mmc.exe rsat.exe",
        commands: ["sc.exe {target} create Agent binPath= {ownExe}"],
        on: ["management", "server"],
      },
    ],
    malicious: [
      {
        parents: "services.exe wscript.exe cmd.exe rundll32.exe",
        commands: [
          "sc.exe create Agent binPath= {droppedExe}",
          "sc.exe config spooler binPath= {droppedExe}",
          "sc.exe create Agent binPath= powershell.exe -enc {encoded}",
          "sc.exe sdset Agent hidden",
          "sc.exe stop Antivirus",
          "sc.exe config Antivirus start= disabled",
        ],
      },
      {
        parents: "cmd.exe powershell.exe",
        commands: ["sc.exe {target} create Agent binPath= {ownExe}"],
        on: ["workstation"],
      },
    ],
    service: [
      {
        account: "svc_patch",
        parents: "patchagent.exe",
        commands: [
          "sc.exe stop Antivirus /window sunday",
          "sc.exe {target} create Agent binPath= {ownExe} /window sunday",
        ],
        on: ["server"],
      },
    ],
  },
];
