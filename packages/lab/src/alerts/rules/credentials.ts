import type { DetectionRule } from "../rule.ts";

/** Credential access. */
export const CREDENTIAL_RULES: readonly DetectionRule[] = [
  {
    id: "R301",
    name: "lsass-access",
    tactic: "credential-access",
    technique: "T1003.001",
    severities: [0, 2, 5, 3],
    benign: [
      {
        parents: "explorer.exe services.exe cmd.exe ccmexec.exe",
        commands: [
          "rundll32.exe printui.dll PrintUIEntry /ge",
          "rundll32.exe shell32.dll Control_RunDLL",
          "taskmgr.exe /startup",
          "procexp.exe /t verify",
          "tasklist.exe /svc /fi lsass",
          "werfault.exe -u -p lsass",
        ],
      },
      {
        parents: "services.exe",
        commands: ["antivirus.exe scan memory lsass", "sensor.exe read memory lsass"],
      },
    ],
    malicious: [
      {
        parents: "explorer.exe powershell.exe cmd.exe wscript.exe",
        commands: [
          "rundll32.exe comsvcs.dll MiniDump 624 {droppedFile} full",
          "rundll32.exe {droppedDll} MiniDump",
          "procdump.exe -ma lsass {droppedFile}",
          "taskmgr.exe dump lsass {droppedFile}",
          "mimikatz.exe sekurlsa logonpasswords",
          "reg.exe save HKLM-SAM {droppedFile}",
          "reg.exe save HKLM-SECURITY {droppedFile}",
        ],
      },
      { parents: "wscript.exe explorer.exe", commands: ["sensor.exe read memory lsass"] },
    ],
    service: [
      {
        account: "svc_monitor",
        parents: "monitoragent.exe",
        commands: [
          "procdump.exe -ma w3wp {ownFile} /collector siem",
          "sensor.exe read memory lsass /collector siem",
        ],
        on: ["server"],
      },
    ],
  },
  {
    id: "R302",
    name: "credential-search",
    tactic: "credential-access",
    technique: "T1552.001",
    severities: [3, 4, 3, 0],
    benign: [
      {
        parents: "explorer.exe cmd.exe code.exe ccmexec.exe",
        commands: [
          "findstr.exe /s /i password {ownScript}",
          "findstr.exe /s /i error {ownFile}",
          "keepass.exe /unlock vault.kdbx",
          "cmdkey.exe /list",
          "git.exe grep password",
          "cmdkey.exe /add {ownSite}",
        ],
      },
      {
        parents: "mmc.exe rsat.exe",
        commands: ["findstr.exe /s /i password {papers}"],
        on: ["management", "server"],
      },
    ],
    malicious: [
      {
        parents: "explorer.exe cmd.exe wscript.exe rundll32.exe",
        commands: [
          "findstr.exe /s /i password sysvol.xml",
          "keepass.exe /export {droppedFile}",
          "xcopy.exe vault.kdbx {droppedFile}",
          "vaultcmd.exe /listcreds",
          "xcopy.exe LoginData {droppedFile}",
        ],
      },
      {
        parents: "cmd.exe powershell.exe",
        commands: ["findstr.exe /s /i password {papers}"],
        on: ["workstation"],
      },
    ],
    service: [
      {
        account: "svc_scan",
        parents: "vulnscan.exe",
        commands: [
          "findstr.exe /s /i password {papers} /profile weekly",
          "findstr.exe /s /i secret {ownScript} /profile weekly",
        ],
        on: ["server"],
      },
    ],
  },
  {
    id: "R303",
    name: "directory-copy",
    tactic: "credential-access",
    technique: "T1003.003",
    severities: [0, 3, 4, 3],
    benign: [
      {
        parents: "mmc.exe cmd.exe powershell.exe ccmexec.exe",
        commands: [
          "ntdsutil.exe files integrity",
          "ntdsutil.exe metadata cleanup",
          "repadmin.exe /showrepl",
          "dcdiag.exe /test dns",
          "repadmin.exe /syncall",
        ],
      },
      {
        parents: "mmc.exe rsat.exe",
        commands: ["ntdsutil.exe ifm create full {ownFile}"],
        on: ["management", "server"],
      },
    ],
    malicious: [
      {
        parents: "wmiprvse.exe cmd.exe powershell.exe wscript.exe",
        commands: [
          "ntdsutil.exe ifm create full {droppedFile}",
          "xcopy.exe shadow ntds.dit {droppedFile}",
          "esentutl.exe /y ntds.dit {droppedFile}",
          "mimikatz.exe lsadump dcsync",
          "secretsdump.exe {target} ntds.dit",
        ],
      },
      {
        parents: "explorer.exe cmd.exe",
        commands: ["ntdsutil.exe ifm create full {ownFile}", "diskshadow.exe -s {droppedScript}"],
        on: ["workstation"],
      },
    ],
    service: [
      {
        account: "svc_directory",
        parents: "syncagent.exe",
        commands: [
          "repadmin.exe /replicate secrets /replica branch",
          "ntdsutil.exe ifm create full {ownFile} /replica branch",
        ],
        on: ["server"],
      },
    ],
  },
];
