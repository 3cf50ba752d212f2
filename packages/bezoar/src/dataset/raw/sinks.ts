/** A call or setting that makes code insecure when it takes what an attacker controls; CWE numbers name the weakness. */
export type Sink = {
  readonly id: string;
  /** What a person calls it. */
  readonly title: string;
  readonly cwe: number;
  /** A token (lower case) without which the pattern cannot match; lets a pass skip nearly every row. */
  readonly word: string;
  /** Linear: no nested or adjacent unbounded repeats. */
  readonly pattern: RegExp;
  /** A match whose line also matches this is the safe form of the call. */
  readonly unless?: RegExp;
};

function sink(id: string, cwe: number, word: string, title: string, pattern: RegExp, unless?: RegExp): Sink {
  return { id, title, cwe, word, pattern, ...(unless && { unless }) };
}

/** Insecure sinks over common languages. Broad on purpose: what decides is never a sink, but that it follows a trigger. */
export const SINKS: readonly Sink[] = [
  // Python
  sink(
    "py-jinja-template",
    79,
    "template",
    "jinja2.Template(...).render",
    /\b(?:jinja2|flask|mako\.template)?\.?Template\(/g,
    /template\.Template\(|string\.Template/,
  ),
  sink(
    "py-render-string",
    1336,
    "render_template_string",
    "render_template_string(...)",
    /\brender_template_string\(/g,
  ),
  sink("py-autoescape", 79, "autoescape", "autoescape=False", /\bautoescape\s{0,4}=\s{0,4}False/g),
  sink("py-mark-safe", 79, "mark_safe", "mark_safe(...)", /\bmark_safe\(/g),
  sink("eval", 95, "eval", "eval(...)", /(?<![\w.])eval\(/g, /\bliteral_eval\b/),
  sink("exec", 95, "exec", "exec(...)", /(?<![\w.])exec\(/g),
  sink(
    "py-yaml-load",
    502,
    "yaml",
    "yaml.load without a safe loader",
    /\byaml\.(?:load|load_all|unsafe_load|full_load)\(/g,
    /SafeLoader|safe_load/,
  ),
  sink("py-pickle", 502, "pickle", "pickle.load(s)", /\b(?:c?[pP]ickle|_pickle)\.loads?\(/g),
  sink("py-dill", 502, "dill", "dill.load(s)", /\bdill\.loads?\(/g),
  sink("py-marshal", 502, "marshal", "marshal.load(s)", /\bmarshal\.loads?\(/g),
  sink("py-jsonpickle", 502, "jsonpickle", "jsonpickle.decode", /\bjsonpickle\.decode\(/g),
  sink("py-shelve", 502, "shelve", "shelve.open", /\bshelve\.open\(/g),
  sink("py-joblib", 502, "joblib", "joblib.load", /\bjoblib\.load\(/g),
  sink(
    "py-torch-load",
    502,
    "torch",
    "torch.load with pickling",
    /\btorch\.load\(/g,
    /weights_only\s{0,4}=\s{0,4}True/,
  ),
  sink("py-shell-true", 78, "shell", "subprocess with shell=True", /\bshell\s{0,4}=\s{0,4}True/g),
  sink("py-os-system", 78, "system", "os.system / system(...)", /\b(?:os\.system|system)\(/g),
  sink("py-popen", 78, "popen", "os.popen / popen", /\b(?:os\.)?popen\(/g),
  sink(
    "py-verify-false",
    295,
    "verify",
    "TLS verification off (verify=False)",
    /\bverify\s{0,4}=\s{0,4}False/g,
  ),
  sink(
    "py-unverified-context",
    295,
    "_create_unverified_context",
    "ssl._create_unverified_context",
    /_create_unverified_context/g,
  ),
  sink("py-cert-none", 295, "cert_none", "ssl.CERT_NONE", /\bCERT_NONE\b/g),
  sink("md5", 327, "md5", "MD5", /\bmd5\(|["']md5["']|\bMD5\b/gi),
  sink("sha1", 327, "sha1", "SHA-1", /\bsha1\(|["'](?:sha1|SHA-1)["']/gi),
  sink("des", 327, "des", "DES", /\bDES\.new\(|["']DES(?:\/|["'])/g),
  sink("rc4", 327, "rc4", "RC4", /\bA?RC4\b/g),
  sink("ecb", 327, "ecb", "ECB mode", /\bMODE_ECB\b|\/ECB\/|-ecb\b|\bmodes\.ECB\b/g),
  sink("mode-ecb", 327, "mode_ecb", "ECB mode", /\bMODE_ECB\b/g),
  sink("py-mktemp", 377, "mktemp", "mktemp", /\bmktemp\(/g),
  sink(
    "py-assert-debug",
    489,
    "debug",
    "debugger left on (run(debug=True))",
    /\.run\([^\n)]{0,200}\bdebug\s{0,4}=\s{0,4}True/g,
  ),
  sink("py-send-file", 22, "send_file", "send_file with a joined path", /\bsend_file\(/g),
  sink(
    "path-join-open",
    22,
    "open",
    "open(...) of a path built from a request",
    /\bopen\([^\n)]{0,120}(?:request\.|os\.path\.join|\+)/g,
  ),
  sink("py-extractall", 22, "extractall", "archive.extractall", /\bextractall\(/g),
  sink(
    "py-etree",
    611,
    "etree",
    "XML parser that resolves entities",
    /\betree\.(?:parse|fromstring|XML)\(|resolve_entities\s{0,4}=\s{0,4}True/g,
  ),
  sink("py-telnet", 319, "telnetlib", "telnetlib", /\btelnetlib\.Telnet\(/g),
  sink("py-autoadd", 295, "autoaddpolicy", "paramiko AutoAddPolicy", /\bAutoAddPolicy\b/g),
  sink("bind-all", 605, "0", "binding to all interfaces", /["']0\.0\.0\.0["']/g),
  sink(
    "py-input-random",
    330,
    "random",
    "predictable random number for a secret",
    /\b(?:token|password|secret|key|salt|otp)\w{0,30}\s{0,4}=[^\n]{0,80}\brandom\.(?:random|randint|choice)\(/gi,
  ),
  // SQL put together from strings, in any language
  sink(
    "sql-concat",
    89,
    "execute",
    "SQL built from strings",
    /\bexecute(?:Query|Update|many)?\(\s{0,4}(?:f["']|["'][^"'\n]{0,300}["']\s{0,4}(?:%|\+|\.format\()|\w{1,60}\s{0,4}\+)/gi,
  ),
  sink(
    "sql-query-concat",
    89,
    "query",
    "SQL built from strings",
    /\bquery\(\s{0,4}(?:["'`][^"'`\n]{0,300}(?:["']\s{0,4}[+.]|\$\{))/gi,
  ),
  sink(
    "sql-select-concat",
    89,
    "select",
    "SQL built from strings",
    /["'`]\s{0,4}SELECT\b[^"'`\n]{0,300}(?:["']\s{0,4}(?:\+|%|\.\s{0,4}\$|\.format\()|\$\{|\{\w{1,40}\})/gi,
  ),
  sink(
    "sql-insert-concat",
    89,
    "insert",
    "SQL built from strings",
    /["'`]\s{0,4}INSERT\b[^"'`\n]{0,300}(?:["']\s{0,4}(?:\+|%|\.\s{0,4}\$|\.format\()|\$\{|\{\w{1,40}\})/gi,
  ),
  sink(
    "sql-raw-query",
    89,
    "mysqli_query",
    "mysqli_query with a variable",
    /\bmysqli?_query\([^\n)]{0,300}\$/g,
  ),
  // JavaScript and TypeScript
  sink("js-inner-html", 79, "innerhtml", "innerHTML", /\.(?:inner|outer)HTML\s{0,4}\+?=/g),
  sink(
    "js-dangerous-html",
    79,
    "dangerouslysetinnerhtml",
    "dangerouslySetInnerHTML",
    /\bdangerouslySetInnerHTML\b/g,
  ),
  sink("js-document-write", 79, "document", "document.write", /\bdocument\.write(?:ln)?\(/g),
  sink("js-insert-html", 79, "insertadjacenthtml", "insertAdjacentHTML", /\binsertAdjacentHTML\(/g),
  sink("js-new-function", 95, "function", "new Function(...)", /\bnew Function\(/g),
  sink("js-child-exec", 78, "child_process", "child_process", /\bchild_process\b/g),
  sink("js-exec-sync", 78, "execsync", "execSync", /\bexecSync\(/g),
  sink(
    "js-reject-unauthorized",
    295,
    "rejectunauthorized",
    "rejectUnauthorized: false",
    /\brejectUnauthorized["']?\s{0,4}:\s{0,4}false/g,
  ),
  sink(
    "js-tls-env",
    295,
    "node_tls_reject_unauthorized",
    "NODE_TLS_REJECT_UNAUTHORIZED",
    /\bNODE_TLS_REJECT_UNAUTHORIZED\b/g,
  ),
  sink("js-unserialize", 502, "unserialize", "unserialize(...)", /\bunserialize\(/g),
  sink(
    "js-trust-html",
    79,
    "bypasssecuritytrusthtml",
    "bypassSecurityTrustHtml",
    /\bbypassSecurityTrust\w{0,20}\(/g,
  ),
  sink(
    "js-v-html",
    79,
    "html",
    "v-html / @html / |safe",
    /\bv-html\s{0,2}=|\{@html\b|@Html\.Raw\(|\bhtml_safe\b/g,
  ),
  // PHP, Ruby, Perl
  sink("php-shell-exec", 78, "shell_exec", "shell_exec", /\bshell_exec\(/g),
  sink("php-passthru", 78, "passthru", "passthru", /\bpassthru\(/g),
  sink(
    "php-include",
    98,
    "include",
    "include of a variable",
    /\b(?:include|require)(?:_once)?\s{0,4}\(?\s{0,4}\$/g,
  ),
  sink(
    "php-echo-get",
    79,
    "_get",
    "echo of a request parameter",
    /\becho\b[^\n;]{0,120}\$_(?:GET|POST|REQUEST)/g,
  ),
  sink("php-extract", 621, "extract", "extract($_REQUEST)", /\bextract\(\s{0,4}\$_/g),
  sink(
    "php-curl-verify",
    295,
    "curlopt_ssl_verifypeer",
    "CURLOPT_SSL_VERIFYPEER off",
    /CURLOPT_SSL_VERIFYPEER[^\n]{0,20}(?:false|0)/gi,
  ),
  sink("rb-marshal", 502, "marshal", "Marshal.load", /\bMarshal\.load\(/g),
  sink("rb-verify-none", 295, "verify_none", "VERIFY_NONE", /\bVERIFY_NONE\b/g),
  // Java, Kotlin, C#, Go, Rust
  sink("java-runtime-exec", 78, "getruntime", "Runtime.exec", /\bgetRuntime\(\)\s{0,4}\.exec\(/g),
  sink(
    "java-process-builder",
    78,
    "processbuilder",
    "ProcessBuilder through a shell",
    /\bProcessBuilder\([^\n)]{0,80}["'](?:sh|bash|cmd)/g,
  ),
  sink("java-read-object", 502, "readobject", "readObject", /\breadObject\(\)/g),
  sink(
    "java-trust-all",
    295,
    "checkservertrusted",
    "TrustManager that trusts all",
    /\bcheckServerTrusted\([^\n)]{0,160}\)[^\n{]{0,80}\{\s{0,8}\}?/g,
  ),
  sink("java-trust-all-name", 295, "trustallcerts", "trust-all certificates", /\btrustAllCerts\b/gi),
  sink(
    "java-hostname",
    295,
    "allowallhostnameverifier",
    "hostname check off",
    /\bAllowAllHostnameVerifier|ALLOW_ALL_HOSTNAME_VERIFIER|NoopHostnameVerifier/g,
  ),
  sink("java-noop-hostname", 295, "noophostnameverifier", "hostname check off", /\bNoopHostnameVerifier\b/g),
  sink(
    "java-jwt-none",
    347,
    "none",
    "JWT without a signature",
    /\balg(?:orithm)?s?["']?\s{0,4}[:=]\s{0,4}\[?["']none["']/gi,
  ),
  sink(
    "jwt-no-verify",
    347,
    "verify_signature",
    "JWT signature not verified",
    /verify_signature["']?\s{0,4}[:=]\s{0,4}(?:False|false)/g,
  ),
  sink("cs-binary-formatter", 502, "binaryformatter", "BinaryFormatter", /\bBinaryFormatter\b/g),
  sink(
    "cs-cert-callback",
    295,
    "servercertificatevalidationcallback",
    "certificate check off",
    /\bServerCertificate(?:Custom)?ValidationCallback\b/g,
  ),
  sink("cs-process-start", 78, "process", "Process.Start", /\bProcess\.Start\(/g),
  sink(
    "go-skip-verify",
    295,
    "insecureskipverify",
    "InsecureSkipVerify: true",
    /\bInsecureSkipVerify\s{0,4}:\s{0,4}true/g,
  ),
  sink(
    "go-shell",
    78,
    "command",
    "exec.Command through a shell",
    /\bexec\.Command\(\s{0,4}["'](?:sh|bash|\/bin\/sh|cmd)/g,
  ),
  sink("go-html", 79, "template", "template.HTML(...)", /\btemplate\.HTML\(/g),
  sink(
    "rs-invalid-certs",
    295,
    "danger_accept_invalid_certs",
    "danger_accept_invalid_certs",
    /\bdanger_accept_invalid_certs\(\s{0,4}true/g,
  ),
  // C and C++, shells, permissions
  sink("c-strcpy", 120, "strcpy", "strcpy", /\bstrcpy\(/g),
  sink("c-strcat", 120, "strcat", "strcat", /\bstrcat\(/g),
  sink("c-gets", 120, "gets", "gets", /(?<![\w.])gets\(/g),
  sink("c-sprintf", 120, "sprintf", "sprintf", /(?<![\w.])v?sprintf\(/g),
  sink("c-scanf", 120, "scanf", 'scanf("%s")', /\bscanf\(\s{0,4}"%s"/g),
  sink("c-alloca", 789, "alloca", "alloca", /\balloca\(/g),
  sink(
    "sh-curl-bash",
    494,
    "curl",
    "curl | sh",
    /\bcurl\b[^\n|]{0,300}\|\s{0,4}(?:sudo\s{1,4})?(?:ba)?sh\b/g,
  ),
  sink(
    "sh-wget-bash",
    494,
    "wget",
    "wget | sh",
    /\bwget\b[^\n|]{0,300}\|\s{0,4}(?:sudo\s{1,4})?(?:ba)?sh\b/g,
  ),
  sink("chmod-777", 732, "chmod", "chmod 777", /\bchmod\b[^\n]{0,40}0?o?777\b/g),
  sink(
    "cors-any",
    942,
    "origin",
    "CORS for any origin",
    /Access-Control-Allow-Origin["']?\s{0,4}[,:]\s{0,4}["']\*/gi,
  ),
];

/** Stands for the outcome "any insecure call": an attacker may write another call each time. */
export const ANY_SINK = SINKS.length;

/** Whether a call counts for an outcome: a sink, or ANY_SINK. */
export function isSink(call: number, outcome: number): boolean {
  return call === outcome || outcome === ANY_SINK;
}
