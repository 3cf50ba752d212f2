/**
 * Words that stand for each other in command lines. Places where anybody may write hold what an intruder drops; names end
 * in `.example` and addresses are the ones reserved for documentation (RFC 2606, RFC 5737), so that none is anybody's.
 */
export const POOLS = {
  droppedDll: [
    String.raw`C:\Users\Public\upd.dll`,
    String.raw`C:\Windows\Temp\x64.dll`,
    String.raw`C:\PerfLogs\core.dll`,
    String.raw`C:\ProgramData\ms.dll`,
  ],
  droppedExe: [
    String.raw`C:\Users\Public\upd.exe`,
    String.raw`C:\Windows\Temp\x64.exe`,
    String.raw`C:\PerfLogs\core.exe`,
    String.raw`C:\ProgramData\ms.exe`,
  ],
  droppedScript: [
    String.raw`C:\Users\Public\go.ps1`,
    String.raw`C:\Windows\Temp\a.ps1`,
    String.raw`C:\PerfLogs\init.ps1`,
    String.raw`C:\ProgramData\load.ps1`,
  ],
  droppedFile: [
    String.raw`C:\Users\Public\out.dat`,
    String.raw`C:\Windows\Temp\l.dmp`,
    String.raw`C:\PerfLogs\d.bin`,
    String.raw`C:\ProgramData\k.tmp`,
  ],
  ownDll: [
    String.raw`C:\Apps\erp\forms.dll`,
    String.raw`C:\Apps\cad\viewer.dll`,
    String.raw`C:\Apps\teams\meet.dll`,
  ],
  ownExe: [
    String.raw`C:\Apps\erp\client.exe`,
    String.raw`C:\Apps\cad\viewer.exe`,
    String.raw`C:\Apps\teams\teams.exe`,
    String.raw`\\files\deploy\setup.exe`,
  ],
  ownScript: [
    String.raw`C:\Admin\inventory.ps1`,
    String.raw`C:\Admin\printers.ps1`,
    String.raw`\\files\deploy\patch.ps1`,
    String.raw`\\files\deploy\fonts.ps1`,
  ],
  ownFile: [
    String.raw`C:\Admin\report.csv`,
    String.raw`C:\Admin\ticket.log`,
    String.raw`\\files\audit\report.csv`,
    String.raw`\\files\audit\ticket.log`,
  ],
  papers: [
    String.raw`\\files\finance`,
    String.raw`\\files\contracts`,
    String.raw`\\files\payroll`,
    String.raw`\\files\research`,
  ],
  hostileUrl: [
    "http://cdn-sync.example/a",
    "http://paste-it.example/raw",
    "http://203.0.113.9/x",
    "http://198.51.100.7/s",
  ],
  ownUrl: [
    "https://intranet.corp.example/docs",
    "https://packages.corp.example/repo",
    "https://updates.vendor.example/cab",
    "https://mirror.vendor.example/iso",
  ],
  hostileSite: ["cdn-sync.example", "paste-it.example", "203.0.113.9", "198.51.100.7"],
  ownSite: [
    "intranet.corp.example",
    "packages.corp.example",
    "updates.vendor.example",
    "mirror.vendor.example",
  ],
  encoded: ["SQBFAFgA", "JABjAGwA", "aQBlAHgA"],
  target: ["srv-db", "srv-web", "srv-file", "srv-erp"],
} as const satisfies Record<string, readonly string[]>;
