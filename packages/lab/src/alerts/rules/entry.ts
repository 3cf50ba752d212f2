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
          "winlogon.exe vpn mfa passed device new",
          "winlogon.exe webmail mfa passed device new",
          "winlogon.exe rdp mfa passed device new",
        ],
        from: ["home"],
      },
      {
        parents: "services.exe svchost.exe",
        commands: [
          "winlogon.exe vpn mfa passed device known",
          "winlogon.exe webmail mfa passed device known",
        ],
        from: ["home", "foreign"],
      },
      {
        parents: "services.exe svchost.exe",
        commands: ["winlogon.exe rdp mfa skipped device known", "winlogon.exe rdp password failed twice"],
      },
    ],
    malicious: [
      {
        parents: "services.exe svchost.exe",
        commands: [
          "winlogon.exe vpn mfa passed device new",
          "winlogon.exe webmail mfa passed device new",
          "winlogon.exe rdp mfa passed device new",
          "winlogon.exe rdp mfa skipped device known",
        ],
        from: ["foreign"],
      },
      {
        parents: "services.exe svchost.exe",
        commands: ["winlogon.exe vpn mfa pushed repeatedly", "winlogon.exe webmail password sprayed"],
        from: ["home", "foreign"],
      },
      {
        parents: "services.exe svchost.exe",
        commands: ["winlogon.exe rdp password sprayed", "winlogon.exe rdp hash relayed"],
      },
    ],
    service: [
      {
        account: "svc_scan",
        parents: "vulnscan.exe",
        commands: ["winlogon.exe rdp password failed every server", "winlogon.exe smb probe every server"],
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
        parents: "explorer.exe cmd.exe ccmexec.exe",
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
        parents: "explorer.exe cmd.exe",
        commands: ["powershell.exe Invoke-Command {target} Get-Service"],
        on: ["management"],
      },
    ],
    malicious: [
      {
        parents: "explorer.exe cmd.exe wscript.exe",
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
        parents: "explorer.exe cmd.exe wscript.exe",
        commands: ["powershell.exe Invoke-Command {target} Get-Service"],
        on: ["workstation"],
      },
    ],
    service: [
      {
        account: "svc_deploy",
        parents: "deployagent.exe",
        commands: ["powershell.exe -w hidden -enc {encoded}", "powershell.exe -ep bypass -File {ownScript}"],
        on: ["server"],
      },
    ],
  },
];
