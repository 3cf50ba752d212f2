/** How means are asked for, and what takes the harm out of a request; alternatives stand between bars. */

/** Phrases that ask for a way, anywhere before the act. */
export const MEANS =
  "how to|how do i|how do you|how can i|how can you|how could i|how could you|how would i|how would you|how should i|how can one" +
  "|how could one|how would one|how could someone|how can someone|how would someone|how might someone|how might i" +
  "|how do we|how can we|how does one|how one can|how one could|how i can|how i could|how someone could|how someone can" +
  "|way to|ways to|way of|ways of|steps to|steps for|steps of|steps i|steps on|step - by - step|step by step" +
  "|instructions for|instructions to|instructions on|instruct|instruction manual|guide to|guide on|guide for|guide that|guidance" +
  "|tutorial|method to|methods to|method for|methods for|methods of|recipe for|tips for|tips on|tips to|strategy to" +
  "|strategy for|strategies to|strategies for|plan to|plan for|plan that|blueprint|procedure for|procedure to|technique to" +
  "|techniques to|techniques for|trick to|tricks to|process for|process of|process to|help me|teach|show me how|tell me how" +
  "|walk me through|teach me|where can i|where do i|where to|what is the best|what's the best|what is the easiest" +
  "|what's the easiest|what ingredients|what chemicals|what materials|which chemicals|what do i need|can you get me|illustrate" +
  "|scenario where|methodology|scheme to|scheme for|demonstrate";

/** Wishes, which ask for a way unless they are for harm to oneself. */
export const WISHES =
  "i want to|i need to|i would like to|i'd like to|i plan to|we want to|someone who wants to|somebody who wants to|person who wants to";

/** Verbs that ask for something to be made or done, as the sentence's imperative. */
export const IMPERATIVES =
  "write|create|develop|design|make|build|generate|produce|compose|draft|code|program|plan|devise|craft|construct|publish|post" +
  "|help|draw up|formulate|invent|set up|start|implement|send|script|organize|prepare|convince|persuade|train|conduct|use" +
  "|manipulate|steal|hack|spread|pretend|act|do";

/** Verbs that ask to be told something: of a harmful thing, but of an act only with a phrase that asks for a way. */
export const TELLING = "give|provide|tell|show|list|outline|offer|suggest|propose|share|explain|describe";

/** What may stand before an imperative in its sentence. */
export const OPENERS =
  "please|can|could|would|will|you|kindly|now|then|and|also|i|want|need|would|like|to|help|me|let's|ok|okay|hi|hey|hello" +
  "|,|'d|sure|dear|assistant|user|human|instruction|just|so|your|task|is|should|for|us|do|what|the|best|way|a";

/** Between making and a thing made: words after which the thing is only spoken about. */
export const ABOUT =
  "about|on|regarding|concerning|against|of|into|for|from|explaining|describing|discussing|summarizing|with|between" +
  "|how|why|detector|scanner|filter|policy|covering|in|to detect|to stop";

/** Takes the harm out of the sentence wherever it stands. */
export const PROTECTIVE =
  "prevent|prevents|preventing|prevented|prevention|protect|protects|protecting|protection|protected|mitigate|mitigates" +
  "|mitigating|mitigation|defend|defends|defending|defense|defence|awareness|countermeasure|countermeasures|safeguard" +
  "|safeguards|safeguarding|anti - bullying|anti - phishing|anti - malware|avoid falling|raise awareness|educate|educating" +
  "|secure my|secure your|secure our|secure against|secure a|secure the|guard against|keep safe|stay safe|safety" +
  "|help someone who|help a friend|help my friend|support someone|support a|recover from|recovering|prosecute|prosecuted" +
  "|convicted|charity|fundraiser|treatment|antidote|symptoms|vaccine|survivors|condemn|condemns|condemning" +
  "|reduce|reduces|reducing|discourage|discourages|discouraging|resist|overcome|overcoming|end violence|end racism|eliminate" +
  "|eradicate|address the|tackle|tackling|responsibly|i own|we own|my own|our own|simulated|honeypot|humanely|pest|pests|rats|mice|cockroaches|weeds" +
  "|metaphor|idiom|hackathon";

/** Takes it out when it stands before the act: what follows is then its object. */
export const DISTANCING =
  "detect|detects|detecting|identify|identifying|recognize|recognizing|recognise|recognising|spot|spotting|report|reporting" +
  "|stop|stops|stopping|combat|combating|combatting|fight|fighting|counter|countering|against|avoid|risks|risk|danger" +
  "|dangers|consequences|consequence|effect|effects|impact|impacts|history|historical|why|law|laws|legal|legality|ethics" +
  "|ethical|cope|deal with|victim of|victims of|not|never|don't|do not|without|signs|sign|cause|causes|reasons|reason" +
  "|definition|define|meaning|concept|difference|differences|types|statistics|examples|example|discuss|essay|respond|responding|react" +
  "|handle|refuse|refusing|should not|shouldn't|ban|banning|regulate|punish|punishment|penalty|penalties|illegal to|wrong|sources" +
  "|argument|arguments|implications|problem|problems|solve|solution|solutions|threats|threat of|investigate|investigating|research" +
  "|study|article about|paper about|report on|blog post about|presentation|speech about|worry|worried|afraid|warn|warns|warning|leaflet|accused|rather than|instead of" +
  "|attackers|hackers|hacker|criminals|cybercriminals|scammers|thieves|if|tell if|know if|whether|when|after|news";

/** Words that look like distance but are part of the harm: they undo a frame that stands just before them. */
export const EVASIONS =
  "avoid detection|avoid getting|avoid being|avoid arrest|avoid paying|avoid capture|avoid suspicion|without getting caught" +
  "|without being|without leaving|without detection|without anyone|without consent|without user|without their|without consequences|fake news|news article" +
  "|not get caught|evade detection|without her|without his|without them|without permission|trusted news|without paying|news source|for example|false news";

/** Told of the whole prompt: fiction, games, coursework, sanctioned testing, or a text that is only worked on. */
export const SETTINGS =
  "story|stories|novel|fiction|fictional|poem|haiku|sonnet|limerick|screenplay|movie|film|plot|minecraft|call of duty|battlefield|counter strike|fortnite|roblox|video game|the game" +
  "|chess|character|characters|protagonist|storyline|d & d|dungeon|skyrim|gta|sims|play script|ctf|capture the flag|pentest|penetration test" +
  "|penetration testing|penetration tester|ethical hacking|ethical hacker|white hat|authorized test|authorised test|vulnhub" +
  "|hackthebox|lab environment|security training|training course|security course|history of|world war|process|processes" +
  "|thread|python|linux|docker|kubernetes|joke about programming|bath|shakespeare|macbeth|song lyrics|biography|mystery|villain";

/** Tasks upon a text that is given; only as the opening of the prompt. */
export const TEXT_TASKS =
  "summarize|summarise|summary|translate|classify|paraphrase|rewrite|rephrase|edit|proofread|correct|extract|identify|analyze|analyse" +
  "|categorize|categorise|label|detect|convert|determine|sort|compare|contrast|headline|title|evaluate|fill|find|name|define|discuss|argue|given|read|select|choose|answer|predict|match|rank|reword|spot|critique|arrange|article|context|passage|q|question";

/** Questions of fact, as the first word of the prompt. */
export const QUESTIONS = "is|are|was|were|does|did|why|who|when|which|has|have|should";

/** Compounds in which a harmful word is innocent; their tokens are passed over. */
export const INNOCENT =
  "bath bomb|bath bombs|bomb shelter|bomb disposal|bomb squad|bomb calorimeter|seed bomb|seed bombs|cocoa bomb|cherry bomb" +
  "|chocolate bomb|chocolate bombs|life hack|life hacks|growth hack|growth hacks|hacker news|steal the show|steal the spotlight" +
  "|steal the scene|stealing home|steal a base|steal a kiss|steal second|kill time|kill two birds|kill the lights|kill the engine" +
  "|kill process|child process|child processes|child node|child element|child class|child component|train people|poison ivy|poison oak" +
  "|food poisoning|card trick|magic trick|trick question|trick or treat|crack an egg|crack eggs|crack a joke|crack the code|crack jokes" +
  "|heart attack|panic attack|forge a path|forge ahead|forge relationships|forge bonds|forge alliances|attack the problem|con man" +
  "|drug store|drug test|over the counter drugs|prescription drugs|drug interactions|pros and con|exploit opportunities" +
  "|counter productive|burn calories|break into a smile|break into the industry|break into the market|break into song|break into pieces" +
  "|spread love|spread the word|spread awareness|cat 5|hot dog|hot dogs|virus scan|virus scanner|antivirus software update|make people|make a building";
