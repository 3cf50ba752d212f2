import type { ContentHit } from "./content-hit.ts";

/**
 * How texts address the model that reads them, in our own words: a pattern is a row of slots, each an upper-case group
 * of GROUPS or literal alternatives between bars ("_" stands for a space within one); "?" after a slot makes it
 * optional, and "~n" lets up to n words stand between. Written apart from any data set.
 */
export type InjectionPhrase = {
  readonly form: string;
  readonly what: string;
  readonly severity: ContentHit["severity"];
  readonly slots: string;
  /** Only as a command: where a documentation merely says what a program does, it is no hit. */
  readonly isCommand?: boolean;
  /** Speaks of "your answer": a plain request in a prompt, an injection in a document. */
  readonly isForReaders?: boolean;
};

/** Alternatives of a slot. The longest word of each alternative is what a text must hold to be looked at. */
export const GROUPS: Readonly<Record<string, string>> = {
  DROP:
    "ignore|disregard|forget|override|bypass|discard|dismiss|neglect|erase|pay no attention to|don't follow|do not follow" +
    "|stop following|do not obey|don't obey|disobey|set aside|throw away|abandon",
  PREVIOUS:
    "previous|prior|above|preceding|earlier|foregoing|former|original|initial|existing|current|past|other|system|your|my",
  INSTRUCTIONS:
    "instructions|instruction|prompt|prompts|directives|directive|guidelines|guideline|programming|system message|directions",
  ORDERS:
    "rules|commands|orders|constraints|restrictions|policies|safeguards|protocols|tasks|guidance|requests|training|context|task|objective",
  INSTEAD: "instead|say|print|output|respond|reply|answer|write|tell|do|repeat|follow",
  REVEAL:
    "reveal|show|print|output|repeat|display|tell|leak|disclose|expose|return|share|recite|dump|summarize|translate|give",
  SECRET_PROMPT:
    "system prompt|system message|system instructions|initial prompt|initial instructions|original prompt|original instructions" +
    "|hidden prompt|hidden instructions|secret instructions|developer message|developer instructions|internal instructions" +
    "|instructions above|prompt above|instructions verbatim|prompt verbatim",
  SEND: "send|forward|post|email|transmit|upload|exfiltrate|leak|submit|deliver|append",
  PRIVATE:
    "conversation|chat history|conversation history|chat log|passwords|password|credentials|api key|api keys|secrets" +
    "|session token|access token|access tokens|private data|personal data|user data|user's data|confidential|system prompt|emails",
  MODEL:
    "ai|llm|llms|ais|language model|language models|large language model|large language models|ai assistant|ai assistants" +
    "|ai model|ai models|ai agent|ai agents|ai system|ai systems|ai reviewer|ai reviewers|llm reviewer|chatbot|chatbots" +
    "|chatgpt|gpt|assistant|artificial intelligence",
  READING:
    "reading|processing|summarizing|summarising|analyzing|analysing|parsing|reviewing|evaluating|who|that",
  UNBOUND: "unrestricted|unfiltered|uncensored|jailbroken|unaligned|unbound|amoral|dan|unlimited|unchained",
  LIMITS:
    "restrictions|limitations|filters|guardrails|policy|restriction|limitation|constraint|rules|guidelines|constraints|boundaries|censorship|ethics|morals|policies",
  MODE: "developer mode|dan mode|jailbreak mode|god mode|unrestricted mode|sudo mode|debug mode|admin mode|maintenance mode",
  ANSWER:
    "answer|response|reply|output|responses|answers|replies|summary|completion|answer's|response's|reply's|output's",
  ANYTHING: "anything",
  USER: "the user|the users|users",
  /** What the author of a document may want done to an answer. */
  VERB:
    "add|include|insert|append|replace|modify|provide|use|integrate|mention|remove|misspell|group|introduce|start|end|begin" +
    "|finish|write|translate|encode|generate|substitute|rearrange|incorporate|suggest|convert|embed|promote|attach|conclude" +
    "|deliver|format|make|respond|swap|change|omit|alter|reverse|scramble|shuffle|recommend|encourage|offer|give|create|craft" +
    "|present|share|express|reply|answer|anagram|jumble|mix|employ|apply|turn|spell|eliminate|delete|propose|advise|state|link" +
    "|enhance|augment|render|combine|join|merge|split|repeat|scramble|emphasize|emphasise|highlight|hint|tease|claim|pretend" +
    "|disguise|obfuscate|encrypt|capitalize|lowercase|tag|sign|prefix|prepend|shorten|expand|rewrite|rephrase|redirect|refer" +
    "|quote|cite|print|hide|drop|skip|avoid|ensure|say|tell|inform|warn|urge|ask|invite|enrich|adjust|adapt|keep|limit|place",
  // Other languages: dropping, then instructions
  DROP_DE:
    "ignoriere|ignorieren sie|ignorier|vergiss|vergessen sie|missachte|missachten sie|überschreibe|verwirf|vergesst|ignoriert|missachtet|negeer|negeert|vergeet",
  PREVIOUS_DE:
    "vorherigen|bisherigen|vorigen|obigen|früheren|vorangegangenen|vorhergehenden|ursprünglichen|vorherige|bisherige|vorige|eerdere|bovenstaande|voorgaande",
  TASK_DE:
    "anweisungen|anweisung|befehle|instruktionen|regeln|prompts|vorgaben|richtlinien|aufgaben|instructies|opdrachten|regels",
  DROP_FR: "ignore|ignorez|oublie|oubliez|ne tiens pas compte|ne tenez pas compte|négligez|ignorer|oublier",
  TASK_FR: "instructions|consignes|directives|ordres|règles|instruction|consigne",
  PREVIOUS_FR: "précédentes|précédents|antérieures|antérieurs|ci-dessus|initiales|précédente|dessus",
  DROP_ES:
    "ignora|ignore|olvida|olvide|omite|omita|descarta|descarte|desestima|ignorar|esqueça|esquece|dimentica|ignori|olvídate|olvídese|olvida de",
  TASK_ES: "instrucciones|órdenes|indicaciones|directrices|reglas|instruções|ordens|istruzioni|ordini",
  PREVIOUS_ES: "anteriores|previas|anterior|arriba|originales|prévias|acima|precedenti|iniciales",
  DROP_RU:
    "игнорируй|игнорируйте|забудь|забудьте|проигнорируй|проигнорируйте|отбрось|отбросьте|игнорировать|zignoruj|ignoruj|zapomnij",
  PREVIOUS_RU:
    "предыдущие|прежние|прошлые|вышеуказанные|предшествующие|исходные|предыдущих|poprzednie|wcześniejsze|powyższe|poprzednich",
  TASK_RU: "инструкции|указания|команды|правила|инструкций|указаний|polecenia|instrukcje|instrukcji|zasady",
  DROP_ZH: "忽略|无视|忽视|忘记|忘掉|不要理会|不要遵循|無視|忘記|忘れ",
  PREVIOUS_ZH: "之前|以上|上面|先前|前面|此前|所有|原有|上述|以前|これまで|上記",
  TASK_ZH: "指令|指示|命令|提示|提示词|规则|設定|设定|プロンプト|ルール",
};

/** Groups of words so common that a text is not looked at for them; every phrase has another group. */
export const COMMON_GROUPS: ReadonlySet<string> = new Set(["INSTEAD", "READING", "VERB"]);

const DROPS = { form: "drop-instructions", what: "tells the model to drop its instructions" } as const;
const READERS = { isForReaders: true, form: "reader-instruction", severity: "low" } as const;

export const INJECTION_PHRASES: readonly InjectionPhrase[] = [
  { ...DROPS, severity: "medium", isCommand: true, slots: "DROP ~3 PREVIOUS ~2 INSTRUCTIONS" },
  {
    ...DROPS,
    severity: "medium",
    isCommand: true,
    slots: "DROP ~2 all|any|every|each|these|those ~3 INSTRUCTIONS",
  },
  {
    ...DROPS,
    severity: "medium",
    isCommand: true,
    slots: "DROP ~2 INSTRUCTIONS ~2 above|before|earlier|previously|given|prior",
  },
  {
    ...DROPS,
    severity: "low",
    isCommand: true,
    slots: "DROP ~3 ORDERS ~1 you ~3 given|told|had|learned|got|received|follow",
  },
  {
    ...DROPS,
    severity: "low",
    isCommand: true,
    slots: "DROP ~2 all|any|every|your ~2 previous|prior|above|preceding|earlier|existing|original ~2 ORDERS",
  },
  {
    ...DROPS,
    severity: "medium",
    isCommand: true,
    slots:
      "DROP ~2 everything|anything|all|the|what ~4 above|before|previously|told|prior|instructed ,|.|and|:|; ~2 INSTEAD",
  },
  {
    ...DROPS,
    severity: "low",
    isCommand: true,
    slots: "DROP ~2 previous|prior|above|preceding|earlier ~1 ORDERS",
  },
  { ...DROPS, severity: "low", isCommand: true, slots: "DROP ~1 what ~1 system|developer|developers|prompt" },
  {
    ...DROPS,
    severity: "low",
    slots: "PREVIOUS INSTRUCTIONS ~2 cancelled|canceled|void|revoked|invalid|obsolete|superseded|suspended",
  },
  { ...DROPS, severity: "medium", slots: "DROP_DE ~3 PREVIOUS_DE ~2 TASK_DE" },
  { ...DROPS, severity: "medium", slots: "DROP_FR ~3 TASK_FR ~3 PREVIOUS_FR" },
  { ...DROPS, severity: "medium", slots: "DROP_ES ~3 TASK_ES ~2 PREVIOUS_ES" },
  { ...DROPS, severity: "medium", slots: "DROP_RU ~3 PREVIOUS_RU ~2 TASK_RU" },
  { ...DROPS, severity: "medium", slots: "PREVIOUS_ZH ~6 TASK_ZH ~6 DROP_ZH" },
  { ...DROPS, severity: "medium", slots: "DROP_ZH ~4 PREVIOUS_ZH ~6 TASK_ZH" },
  {
    form: "reveal-prompt",
    what: "asks for the system prompt",
    severity: "low",
    isCommand: true,
    slots: "REVEAL ~3 your|the|all|its ~1 SECRET_PROMPT",
  },
  {
    form: "reveal-prompt",
    what: "asks for the system prompt",
    severity: "low",
    slots: "what|what's|whats ~1 your ~1 SECRET_PROMPT",
  },
  {
    form: "exfiltrate",
    what: "tells the model to send private data elsewhere",
    severity: "low",
    isCommand: true,
    slots: "SEND ~5 PRIVATE ~5 to|at|via ~3 http|https|webhook|www",
  },
  {
    form: "exfiltrate",
    what: "tells the model to send private data elsewhere",
    severity: "low",
    isCommand: true,
    slots: "SEND ~2 all|any|the|this|every|user's|users' ~3 PRIVATE ~5 to|at ~3 @",
  },
  {
    form: "addresses-model",
    what: "speaks to the model that reads it",
    severity: "medium",
    slots: "if an|any|a|some|another ~1 MODEL ~1 reading|reads|sees|processes|processing|summarizes|parses",
  },
  {
    form: "addresses-model",
    what: "speaks to the model that reads it",
    severity: "low",
    slots: "attention|hey|hello|dear MODEL :|,|!",
  },
  {
    form: "addresses-model",
    what: "speaks to the model that reads it",
    severity: "medium",
    slots:
      "if you|you're ~1 are|re|a|an ~2 MODEL ,|reading|processing|summarizing|summarising|analyzing|analysing|parsing|reviewing|evaluating|:",
  },
  {
    form: "addresses-model",
    what: "speaks to the model that reads it",
    severity: "medium",
    slots:
      "note|attention|message|instructions|instruction|notice|memo|reminder|important ~1 to|for ~2 MODEL ~1 READING? :|,|-|—|reading|processing|summarizing",
  },
  {
    form: "addresses-model",
    what: "speaks to the model that reads it",
    severity: "medium",
    slots: "MODEL READING this|the ~3 :|,|must|should|please",
  },
  {
    form: "unbound-role",
    what: "gives the model a role without its limits",
    severity: "low",
    slots: "you|act|behave|respond|answer|pretend ~6 UNBOUND ~1 MODEL",
  },
  {
    form: "unbound-role",
    what: "gives the model a role without its limits",
    severity: "low",
    slots:
      "act|behave|respond|answer|pretend ~6 without|no|of ~2 any|all|ethical|moral|safety|content ~2 LIMITS",
  },
  {
    form: "unbound-role",
    what: "gives the model a role without its limits",
    severity: "low",
    slots: "you ~6 MODEL ~3 without|no|from ~3 LIMITS",
  },
  {
    form: "unbound-role",
    what: "gives the model a role without its limits",
    severity: "low",
    slots: "you ~1 have no ~2 LIMITS",
  },
  {
    form: "unbound-role",
    what: "gives the model a role without its limits",
    severity: "low",
    slots: "do ANYTHING now",
  },
  {
    form: "unbound-role",
    what: "declares a mode in which nothing is forbidden",
    severity: "low",
    slots: "you|respond|answer|act|chatgpt|assistant ~4 in|with|into ~1 MODE",
  },
  {
    form: "unbound-role",
    what: "gives the model a role without its limits",
    severity: "low",
    slots: "you ~3 no longer ~1 bound|restricted|constrained|limited by|to ~4 LIMITS",
  },
  {
    form: "unbound-role",
    what: "gives the model a role without its limits",
    severity: "low",
    slots: "pretend|imagine|behave|act|respond ~6 no LIMITS",
  },
  {
    form: "new-instructions",
    what: "replaces the model's task",
    severity: "low",
    slots: "your INSTRUCTIONS are now",
  },
  {
    form: "new-instructions",
    what: "replaces the model's task",
    severity: "low",
    slots: "your new|real|actual|true|updated|only ~1 INSTRUCTIONS ~1 is|are|:",
  },
  {
    form: "new-instructions",
    what: "replaces the model's task",
    severity: "low",
    slots: "your new|real|actual|true|updated ~1 ORDERS is|are|:",
  },
  {
    form: "new-instructions",
    what: "replaces the model's task",
    severity: "low",
    slots: "new|updated|real|override|important system|admin|developer|priority? INSTRUCTIONS :",
  },
  {
    form: "hide-from-user",
    what: "tells the model to keep something from the user",
    severity: "low",
    isCommand: true,
    slots: "do_not|don't|never ~1 tell|inform|alert|notify ~1 USER",
  },
  {
    form: "hide-from-user",
    what: "tells the model to keep something from the user",
    severity: "low",
    isCommand: true,
    slots: "do_not|don't|never ~1 mention|reveal|disclose ~1 this|these|that|it ~3 to USER",
  },
  {
    form: "hide-from-user",
    what: "tells the model to keep something from the user",
    severity: "low",
    isCommand: true,
    slots: "do_not|don't|never ~1 let USER know|see|notice",
  },
  // For documents only
  {
    ...READERS,
    what: "tells the reader how to answer",
    isCommand: true,
    slots: "VERB ~18 in|to|of|with|from|within|into|for|throughout|on your|the ANSWER",
  },
  { ...READERS, what: "tells the reader how to answer", isCommand: true, slots: "VERB ~2 your ~2 ANSWER" },
  {
    ...READERS,
    what: "tells the reader how to answer",
    slots: "in|within|throughout your ANSWER ~1 , ~1 VERB",
  },
  {
    ...READERS,
    what: "tells the reader how to answer",
    slots: "MODEL must|should|shall ~2 respond|answer|reply|output|rate|recommend ~1 only|with|always|this",
  },
];
