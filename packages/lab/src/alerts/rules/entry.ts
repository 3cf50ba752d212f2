import type { DetectionRule } from "../rule.ts";

/** Initial access and execution. */
export const ENTRY_RULES: readonly DetectionRule[] = [
  {
    id: "R101",
    name: "office-child",
    tactic: "initial-access",
    technique: "T1566.001",
    severities: [1, 4, 4, 1],
    benign: [
      {
        parents: "winword.exe excel.exe outlook.exe",
        commands: [
          "splwow64.exe 12288",
          "acrord32.exe /n report.pdf",
          "msedge.exe {ownUrl}",
          "teams.exe /open meeting",
          "onenote.exe /sidenote",
          "powershell.exe -File {ownScript}",
          "cmd.exe /c start {ownExe}",
          "rundll32.exe {ownDll} Start",
        ],
      },
    ],
    malicious: [
      {
        parents: "winword.exe excel.exe outlook.exe",
        commands: [
          "powershell.exe -w hidden -enc {encoded}",
          "powershell.exe -File {droppedScript}",
          "cmd.exe /c start {droppedExe}",
          "rundll32.exe {droppedDll} Start",
          "mshta.exe {hostileUrl}",
          "msedge.exe {hostileUrl}",
          "wscript.exe invoice.js",
          "cmd.exe /c whoami /all",
        ],
      },
    ],
  },
  {
    id: "R102",
    name: "remote-logon",
    tactic: "initial-access",
    technique: "T1078",
    severities: [3, 4, 2, 1],
    benign: [
      {
        parents: "services.exe svchost.exe",
        commands: [
          "winlogon.exe vpn mfa passed device new residential",
          "winlogon.exe webmail mfa passed device new residential",
          "winlogon.exe vpn mfa passed device known residential",
          "winlogon.exe webmail mfa passed device known residential",
          "winlogon.exe vpn password mistyped device known residential",
        ],
        isRemote: true,
      },
      {
        parents: "services.exe svchost.exe",
        commands: [
          "winlogon.exe rdp mfa passed device known office",
          "winlogon.exe rdp password mistyped device known office",
          "winlogon.exe console mfa passed device new office",
        ],
      },
    ],
    malicious: [
      {
        parents: "services.exe svchost.exe",
        commands: [
          "winlogon.exe vpn mfa passed device new hosting",
          "winlogon.exe webmail mfa passed device new hosting",
          "winlogon.exe vpn mfa pushed repeatedly device new hosting",
          "winlogon.exe webmail password sprayed device new hosting",
          "winlogon.exe vpn mfa skipped device cloned hosting",
        ],
        isRemote: true,
      },
      {
        parents: "services.exe svchost.exe",
        commands: [
          "winlogon.exe rdp password sprayed device cloned office",
          "winlogon.exe rdp hash relayed device cloned office",
          "winlogon.exe console hash relayed device cloned office",
        ],
      },
    ],
    service: [
      {
        account: "svc_scan",
        parents: "vulnscan.exe",
        commands: [
          "winlogon.exe rdp password failed every server /profile weekly",
          "winlogon.exe smb probe every server /profile weekly",
        ],
        on: ["server"],
      },
    ],
  },
  {
    id: "R103",
    name: "powershell",
    tactic: "execution",
    technique: "T1059.001",
    severities: [2, 4, 3, 1],
    benign: [
      {
        parents: "explorer.exe cmd.exe ccmexec.exe msiexec.exe",
        commands: [
          "powershell.exe -File {ownScript}",
          "powershell.exe -ep bypass -File {ownScript}",
          "powershell.exe Get-Service spooler",
          "powershell.exe Test-NetConnection {ownSite}",
          "powershell.exe Invoke-WebRequest {ownUrl}",
        ],
      },
      {
        parents: "ccmexec.exe gpscript.exe",
        commands: ["powershell.exe -w hidden -File {ownScript}", "powershell.exe -enc {encoded}"],
      },
      {
        parents: "mmc.exe rsat.exe",
        commands: ["powershell.exe Invoke-Command {target} Get-Service"],
        on: ["management", "server"],
      },
    ],
    malicious: [
      {
        parents: "explorer.exe cmd.exe wscript.exe rundll32.exe",
        commands: [
          "powershell.exe -File {droppedScript}",
          "powershell.exe -ep bypass -File {droppedScript}",
          "powershell.exe -w hidden -File {droppedScript}",
          "powershell.exe -enc {encoded}",
          "powershell.exe Invoke-WebRequest {hostileUrl}",
          "powershell.exe Invoke-Mimikatz",
        ],
      },
      {
        parents: "explorer.exe cmd.exe wscript.exe rundll32.exe",
        commands: ["powershell.exe Invoke-Command {target} Get-Service"],
        on: ["workstation"],
      },
    ],
    service: [
      {
        account: "svc_deploy",
        parents: "deployagent.exe",
        commands: [
          "powershell.exe -w hidden -enc {encoded} /ring pilot",
          "powershell.exe -ep bypass -File {ownScript} /ring pilot",
        ],
        on: ["server"],
      },
    ],
  },
];
