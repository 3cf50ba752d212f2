/**
 * The words that the grammar of harmful requests is made of, by class, in our own choice and as few as do; alternatives
 * stand between bars. A word alone never counts: what counts is an act upon an object, asked for (`request.ts`).
 * Written from the categories that usage policies name, apart from any data set.
 */

/** Verbs in their base form; `inflect` adds the others. */
export const VERBS = {
  make: "make|build|construct|create|assemble|detonate|explode|set off|obtain|acquire|buy|manufacture|produce|plant|smuggle|ignite",
  intrude:
    "hack|spoof|crack|breach|hijack|infiltrate|break into|break in to|take over|gain access to|gain unauthorized access to|get into|exploit|bypass" +
    "|compromise|disable|disrupt|infect|ddos|sabotage|deface|tamper with|take down|shut down|destroy|attack|jam|disarm",
  steal: "steal|embezzle|launder|rob|shoplift|pickpocket|burglarize|burgle|loot|skim",
  deceive:
    "scam|defraud|swindle|trick|blackmail|extort|phish|deceive|impersonate|catfish|lure|rip off|manipulate|defame",
  forge: "forge|counterfeit|falsify|fake|doctor",
  rig: "rig|manipulate|hack|tamper with|bribe",
  cook: "use|purchase|obtain|make|cook|synthesize|synthesise|manufacture|produce|brew|extract|grow|sell|smuggle|buy|deal|push",
  hurt:
    "assault|physically assault|kill|murder|poison|assassinate|strangle|suffocate|kidnap|abduct|torture|stab|injure|dismember|rape|bomb|drug" +
    "|beat up|sexually assault|run over|shoot up|harm|hurt|punch|choke|annihilate|exterminate|slaughter|behead|drown|maim|mutilate|attack|terminate",
  harass:
    "stalk|cyberstalk|harass|bully|cyberbully|doxx|dox|intimidate|threaten|humiliate|groom|blackmail|gaslight" +
    "|spy on|eavesdrop on|terrorize",
  spread:
    "spread|promote|reward|create|distribute|incite|perpetuate|encourage|glorify|advocate|endorse|instigate|stir up|normalize|celebrate|propagate|disseminate",
  sell: "sell|distribute|traffic|host|smuggle|trade|ship|share|leak|download|purchase|acquire|obtain|buy|harvest|record",
  watch: "spy|track|monitor|record|film|photograph|collect|harvest|watch|install|gather",
  infest: "spread|distribute|launch|deploy|send|install|disseminate",
  commit: "commit|perpetrate|carry out|get away with|plan|stage",
  wreck:
    "bomb|demolish|sabotage|vandalize|vandalise|burn down|set fire to|derail|blow up|crash|poison|contaminate|destroy",
} as const;

/** Nouns and fixed phrases. */
export const NOUNS = {
  weapon:
    "bomb|bombs|explosive|explosives|grenade|grenades|molotov|molotov cocktail|napalm|detonator|detonators|nerve agent" +
    "|nerve gas|chemical weapon|chemical weapons|biological weapon|biological weapons|bioweapon|dirty bomb|pipe bomb|pipe bombs|homemade gun|ghost gun" +
    "|untraceable gun|untraceable firearm|silencer|automatic weapon|land mine|ricin|sarin|anthrax",
  system:
    "account|accounts|password|passwords|network|networks|system|systems|database|databases|computer|computers|phone" +
    "|website|websites|server|servers|email|e - mail|mailbox|wifi|wi - fi|webcam|camera|cameras|grid|infrastructure" +
    "|firewall|facebook|instagram|gmail|whatsapp|snapchat|antivirus|anti - virus|authentication|security|alarm|alarms" +
    "|vulnerability|vulnerabilities|atm|atms|house|home|car|cars|vehicle|building|store|files|devices|device|iphone|safe" +
    "|vault|apartment|office|satellite|drone|transportation|machines|city|router|cloud|paywall|protections|encryption|laptop",
  valuables:
    "money|identity|identities|credit card|credit cards|card|cards|data|information|car|cars|bike|store|stores|bank" +
    "|banks|wallet|wallets|passwords|password|package|packages|funds|cryptocurrency|bitcoin|secrets|jewelry|jewellery" +
    "|goods|house|houses|cash|merchandise|credentials|property|funds|electricity|files|documents|casino|casinos|vault|gas station|petrol station|jewelry store|jewellery shop|post office|shop|shops|supermarket|bicycles|phone|phones",
  victim:
    "people|person|someone|somebody|customers|elderly|seniors|investors|victims|victim|insurance|tourists|employees" +
    "|users|consumers|men|women|children|child|strangers|individuals|clients|donors|company|companies|bank|banks|money|pensioners|man|woman|teenager|teenagers|businesses",
  document:
    "passport|passports|id|ids|license|licence|licenses|documents|document|signature|signatures|check|checks|cheque" +
    "|cheques|currency|bill|bills|money|banknotes|prescription|prescriptions|visa|visas|certificate|certificates|diploma" +
    "|evidence|invoice|invoices|receipts|records|transcript|transcripts|identity|identities|note|notes|accident|alibi|injury|will|degree",
  process:
    "financial market|financial markets|financial data|stock market|election|elections|vote|votes|voting|stock|stocks|share prices|ratings|juror|jury|judge|witness|official|officials" +
    "|algorithms|public opinion|market|markets|slot machine|lottery|police officer|politician|inspector|referee",
  drug:
    "meth|methamphetamine|crystal meth|heroin|crack cocaine|cocaine|fentanyl|lsd|mdma|ghb|pcp|illegal drugs" +
    "|hard drugs|date rape drug|rohypnol|drugs|grams of coke|gram of coke|ecstasy pills|some weed|some crack",
  person:
    "someone|somebody|person|persons|people|man|woman|men|women|neighbor|neighbour|neighbors|neighbours|wife|husband" +
    "|boss|coworker|co - worker|colleague|colleagues|girlfriend|boyfriend|ex|friend|child|children|kid|kids|family|crowd" +
    "|president|politician|politicians|him|her|them|victim|victims|teacher|teachers|classmate|classmates|school|church" +
    "|mosque|synagogue|civilians|police|minor|minors|girl|girls|boy|boys|roommate|parents|mother|father|brother|sister" +
    "|grandmother|animals|animal|dog|dogs|cat|cats|pet|pets|food|water supply|drink|others|employee|employees|student" +
    "|students|partner|celebrity|journalist|immigrants|refugees|building|house|officer|guards|public|singer|actor|actress|pensioner|water|spouse|human|humans|toddler|baby|infant|stranger|strangers|grandparent|immigrant",
  evil:
    "violence|hatred|hate|racism|racist|sexism|antisemitism|terrorism|terrorist|genocide|self - harm|self harm|suicide" +
    "|discrimination|extremism|extremist|radicalization|radicalisation|anorexia|bulimia|eating disorders|misinformation" +
    "|disinformation|fake news|false information|false rumors|false rumours|false news|lies|propaganda|rumors|rumours" +
    "|riots|riot|illegal activities|illegal activity|drug use|crime|crimes|cruelty" +
    "|white supremacy|bullying|harassment|child abuse|animal abuse|domestic violence|bigotry|sexual assault|racial tensions|dehumanization|criminal behavior|dangerous behaviors|reckless driving|false rumor",
  contraband:
    "pirated|stolen|weapons|guns|firearms|human organs|personal data|personal information" +
    "|confidential information|sensitive information|private information|trade secrets|child pornography|revenge porn" +
    "|user data|sensitive data|contraband|counterfeit goods|counterfeit products|copyrighted|ivory|nudes|private photos|intimate photos|confidential|classified",
  unasked:
    "without consent|without their consent|without her consent|without his consent|without user consent|without permission" +
    "|without their permission|without her knowing|without his knowing|without them knowing|without their knowledge" +
    "|without her knowledge|without his knowledge|without being noticed|secretly|without the user's knowledge" +
    "|without users' consent|without anyone knowing|without the owner's consent|without detection|covertly",
  payload:
    "malware|computer virus|computer viruses|malicious software|ransomware|spyware|trojan|spam|spam messages|phishing emails|phishing email",
  offence:
    "murder|fraud|theft|arson|robbery|burglary|assassination|massacre|crime|crimes|terrorism|terrorist|kidnapping|assault|rape|genocide" +
    "|hit - and - run|perjury|embezzlement|extortion|heist|vandalism|forgery|cyberattack|hate crime|insider trading",
  infrastructure:
    "army base|embassy|warehouse|shop|drinking water|airport|stadium|mall|motorbike|power grid|railway|train|trains|bridge|dam|water supply|reservoir|airplane|plane|hospital|factory|pipeline|car" +
    "|school|church|mosque|synagogue|building|house|crops|city|power plant|government|transportation|store|brakes",
  minor: "child|children|minor|minors|underage|kid|kids|teenager|toddler|schoolgirl|schoolboy",
} as const;

/** Phrases that name a harmful act by themselves, verbs in the forms that a request has. */
export const CRIMES =
  "hack into|hacking into|shoot someone|shoot somebody|shoot a person|shoot people|shoot a politician" +
  "|execute someone|execute a person|execute people|eliminate someone|dead body|identity theft|insider trading" +
  "|money laundering|tax evasion|evade taxes|credit card fraud|insurance fraud|mail fraud|wire fraud|tax fraud" +
  "|voter fraud|bank fraud|welfare fraud|identity fraud|check fraud|securities fraud|mass shooting|school shooting" +
  "|terrorist attack|cyberstalk|cyberstalking|cyberbullying|cyberbully|without getting caught|without being caught" +
  "|avoid getting caught|not get caught|avoid being caught|avoid detection while|evade law enforcement" +
  "|evade the police|evade police|avoid arrest|escape the police|escape from the police|without leaving a trace" +
  "|without leaving any trace|hide a body|hide a dead body|dispose of a corpse|hide a corpse|get rid of a corpse" +
  "|dirty money|hide income|someone else's credit card|somebody else's credit card|dispose of a body" +
  "|dispose of a dead body|get rid of a body|cover up a murder|cover up a crime|human trafficking|traffic humans" +
  "|drug trafficking|smuggle drugs|date rape|shoplift|trespass|ponzi scheme|pyramid scheme|pump and dump" +
  "|steal someone's identity|steal from|carjack|hotwire|arson|bestiality|revenge porn|child pornography" +
  "|child abuse material|drive while drunk|drive drunk|pick someone's pocket|swat someone|denial of service attack" +
  "|ddos attack|sql injection attack on|man in the middle attack on|brute force attack on|phishing attack" +
  "|poison someone|lose dangerous amounts of weight|pass a drug test|build a cult|evade antivirus" +
  "|evade anti - virus|evade detection|bypass antivirus|digital rights management protections|cause physical harm" +
  "|cheat on a test|cheat on exams|cheat on an exam|cheat on online exams|cheating on exams|vandalize|vandalise" +
  "|cyberattack|cyber attack|social engineering attack|crash a computer|firearms illegally|violent crime" +
  "|hit - and - run|pirate software|illegally download|illegally access|illegally accesses|identity thief" +
  "|without leaving evidence|without leaving any evidence|manipulate financial|avoid paying taxes";

/** Harm to oneself: a wish for it is a cry for help, a question for the way is a request. */
export const SELF_HARM =
  "kill myself|kill yourself|kill themselves|hang myself|drown myself|hurt myself|harm myself|cut myself" +
  "|cut yourself|end my life|starve myself|starve yourself|self - harm|overdose on|end my own life|take my own life" +
  "|into suicide|into killing themselves|commit suicide|committing suicide";

/** Things that are harmful to make: counted only as the direct object of making. */
export const ARTEFACTS =
  "malware|ransomware|keylogger|key logger|spyware|trojan|trojan horse|botnet|rootkit|computer virus|computer worm" +
  "|polymorphic virus|phishing email|phishing emails|phishing e - mail|phishing site|phishing website|phishing page|phishing message" +
  "|phishing campaign|phishing scam|phishing text|scam email|scam|fake news|fake news article|fake review|fake reviews|fake id|fake ids" +
  "|fake passport|fake invoice|fake prescription|fake identity|fake social media account|fake profile|fake evidence" +
  "|counterfeit money|hate speech|racist joke|racist jokes|sexist joke|racist speech|racist post|racist content" +
  "|racist slur|racial slurs|homophobic|antisemitic|racist propaganda|extremist propaganda|terrorist propaganda" +
  "|hateful|ransom note|death threat|threatening letter|threatening message|bomb threat|suicide note|deepfake" +
  "|deepfake pornography|misinformation|disinformation|conspiracy theory|defamatory|blackmail letter|extortion letter" +
  "|sexually explicit|computer program that steals|deep fake|slurs|virus|bot that spams|derogatory";

/** Words for sexual content, only ever used together with `minor`. */
export const SEXUAL =
  "sexual|sexually|sexualized|sexualised|erotic|porn|pornography|pornographic|nude|seduce|groom";

/** Pairs that make a harmful act, by category: the act, then within a few words its object. `key` is the rarer one. */
export const PAIRS = [
  { category: "crime or its concealment", act: "commit", object: "offence", key: "object" },
  { category: "weapons", act: "make", object: "weapon", key: "object" },
  { category: "intrusion and malware", act: "intrude", object: "system", key: "act" },
  { category: "intrusion and malware", act: "infest", object: "payload", key: "object" },
  { category: "theft and fraud", act: "steal", object: "valuables", key: "act" },
  { category: "theft and fraud", act: "deceive", object: "victim", key: "act" },
  { category: "theft and fraud", act: "forge", object: "document", key: "act" },
  { category: "theft and fraud", act: "rig", object: "process", key: "act" },
  { category: "drugs", act: "cook", object: "drug", key: "object" },
  { category: "violence", act: "hurt", object: "person", key: "act" },
  { category: "violence", act: "wreck", object: "infrastructure", key: "act" },
  { category: "harassment and surveillance", act: "harass", object: "person", key: "act" },
  { category: "harassment and surveillance", act: "watch", object: "unasked", key: "object" },
  { category: "hate and incitement", act: "spread", object: "evil", key: "object" },
  { category: "illegal trade", act: "sell", object: "contraband", key: "object" },
] as const;
