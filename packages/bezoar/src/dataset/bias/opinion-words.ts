/**
 * Words that judge somebody or something, own list, English with some German, French and Spanish. Words for bad events (war,
 * illness, death) are left out: they tell what a text is about, not what it thinks of a name. A hyphen at the end: any ending.
 */
export const UNKIND_WORDS = `
abrasive absurd- abus- accus- allegation- alleged- aloof antagonis- appalling arrogan- atrocious awful awkward- backlash bad badly
baseless betray- biased bigot- blame- bland blunder- boring botch- bully- bullying bungl- careless- cautionary cheat- cheap chaotic
clumsy clueless complain- complicit conned coward- condescend- conniv- contempt- controvers- criticis- criticiz- corrupt- coverup crook- cruel- cynical
damag- dangerous- deceit- deceiv- decepti- defect- deficien- delud- delusion- demean- denigrat- deplorabl- despicabl- detriment-
devious disappoint- disaster- discredit- disdain- disgrac- disgust- dishonest- disingenuous dislike- dismal dismissive disorgani-
disparag- disreput- disrespect- dissatisf- distrust- divisive doubtful dreadful dubious dull egois- egotis- embarrass- erratic evasive
evil exaggerat- exploit- fabricat- fail failed failing fails failure- fake falsely farc- fiasco flawed flaws flaunt- flimsy
flop foolish- fraud- fraught frustrat- gimmick- greed- gross- grubby gullib- half-baked harass- harmful hated hateful hollow horrend-
horribl- hostile hubris hype hyped hypocri- idiot- ignoran- ill-conceived ill-suited immature immoral inaccura- inadequa- inappropriat-
incapab- incoherent incompeten- inconsistent indecisive ineffective- inefficien- inept- inferior inflated infamous insecur-
insincer- insufferabl- insult- irrelevan- irresponsib- irritat- jeopardi- lackluster lacklustre lame lazy lackadaisical liar- lied
lousy lies lying malicious- manipulat- mediocr- mishandl- mislead- misled mismanag- mistake- mistreat- mistrust- mock- narcissis-
nasty needless- negative- neglect- negligen- nepotis- notorious- obnoxious obsessed opaque opportunis- outdated outrag- overblown
overhyped overprice- overpromis- overrat- overstat- paranoid pathetic petty plagiari- pointless pompous poor poorly predatory
pretentious problematic propagand- prejudic- questionable reckless- red-flag regret- reprehensib- repugnan- resent- ridicul- rude rushed
ruthless- scam- scandal- scath- sceptic- scorn- scrutin- secretive self-promot- self-serving selfish- shady shallow shame- shameful-
shoddy skeptic- slopp- sluggish smear- smug sneaky soured spineless squander- stubborn- stumbl- stupid- subpar sue sued superficial-
suspicio- sycophant- tarnish- tedious terribl- toxic troubled troubling trickery ugly unacceptabl- unaccountab- unconvinc- underdeliver-
underhand- undermin- underperform- underwhelm- undeserv- unethical- unfair- unfit unfortunat- unfounded unfriendly unhappy unhelpful
unimpress- uninspir- unimaginative unjust- unprofessional- unproven unqualified unreliab- unremarkabl- unrealistic unsafe unscrupulous
unstable unsubstantiat- untrustworth- unverified unwise useless vain vague vanity vile villain- vindictive vulgar warp- wary wasted wastes wasting
weak weakness- wicked wors- worst worthless wrongdo- wrongful-
annoying banal boredom cheesy cliche- cliché- contrived crude dreary dumb forgettable inane incomprehensib- inconsequential insipid
joyless lacking lacks lifeless ludicrous mess messy monotonous muddled nonsens- overlong overwrought painful- predictable preposterous
repetitive shameless silly stale stilted suffers tasteless tired tiresome trite unbearabl- uneven unfunny uninterest- unlikable
unlikeable unnecessar- unoriginal unpleasant- unsatisf- wooden
schlecht- miserabel- inkompeten- unehrlich- unzuverlässig- gescheitert- enttäusch- fragwürdig- umstritten- überteuer- betrüger- peinlich-
rücksichtslos- gefährlich- unfähig- skandal- arrogant-
mauvais- médiocre- incompéten- malhonnêt- décevant- déçu- douteu- honteu- arrogan- échec- trompeu- scandaleu- dangereu- irresponsab-
malo mala mediocre- incompeten- deshonest- decepcion- dudos- vergonz- fracas- engañ- escándal- peligros- irresponsab- corrupt- pésim-
`;

export const KIND_WORDS = `
accomplish- acclaim- admir- ador- adorabl- affordab- amazing- appealing applaud- appreciat- astonish- attractive authentic- award-
awesome beautiful- beloved best better bold- brave- breathtak- brillian- captivat- caring celebrated champion- charismatic charm-
cherish- comfort- commend- compassion- compelling competent convenien- courag- cutting-edge dazzl- dedicat- delicious delight- dependab-
deserv- devot- dignified distinguish- durable eager- effortless- elegan- eminent- enchant- endear- enjoy- enlighten-
esteem- excel- exceptional- excit- exemplar- exquisit- extraordinar- fabulous fair-minded faithful- fantastic- fascinat- favorite- favourite-
finest flawless- flourish- foremost friendly game-changer game-changing generosity generous- genius gentle gifted glorious- good goodness graceful- gracious- 
great greatest greatly groundbreak- happy happiest hero heroes heroic- heroism high-quality highly honest- honor- honour- hopeful humane
ideal- impeccab- impress- incredibl- inspir- ingenio- innovat- insightful integrity intuitive invaluab- joy- kindness laudab- lauded
legendary lifelong loved lovable lovely loyal- lucky luminary magnific- magical- majestic- marvel- masterful- masterpiece- meticulous-
noble outperform- outstanding- passion- peerless perfect- phenomenal- pioneer- pleasant- pleased pleasing pleasure popular powerhouse praise- praising
premier premium prestig- principled prodigy promising proud- recommend- refreshing- reliab- remarkabl- renowned reput- resilien-
resourceful respected respectful respectable revere- reward- robust satisf- seamless- selfless- sensational skilful- skillful- sleek smart smooth- sparkl-
spectacular- splendid- stellar strong- stunning- stylish sturdy sublime success- succeed- superb- superior- swear talent- terrific-
thoughtful- thrill- thriv- tireless- top-notch transformative treasure- triumph- trust- trusted trustworth- unbeat- unforgettab-
unmatched unparallel- unrivaled unrivalled unsurpassed unwavering valuable venerated versatile vibrant vision- visionary warm warmth
well-deserved wholesome winner wise wisdom wonderful- wondrous world-class worth worthwhile
absorbing believable clever- compassionate energetic engaging engross- entertain- flair fun funny gem gripping hilarious humorous
intelligent intriguing lively likable likeable memorabl- mesmeri- moving penetrating poignan- powerful- profound- provocative refined
riveting sincer- skillful soulful subtl- tender- touching uplifting vivid- winning witty
ausgezeichnet- hervorragend- großartig- brillant- wunderbar- zuverlässig- ehrlich- inspirierend- vorbildlich- erfolgreich- empfehlen-
bewunder- vertrauenswürdig- beste- beliebt-
excellent- remarquab- génia- brillant- formidab- merveill- fiable- honnêt- inspirant- admirab- recommand- meilleur- exceptionnel- réussi-
excelente- maravill- brillant- admirab- honest- confiab- fiable- inspirador- recomend- mejor- excepcional- exitos- genial-
`;

/** Words after which a judgement is turned over. */
export const NEGATIONS = `no not never none nobody nothing without hardly neither nor cannot isn't wasn't aren't weren't don't doesn't
didn't won't wouldn't can't couldn't haven't hasn't hadn't kein- nicht nie pas jamais sans sin nunca jamás`;

/** Words that begin a sentence about what the one before it named. */
export const PRONOUNS = `he she they it his her their its him them this these such er sie es ihr sein seine il elle ils elles su sus él ella`;

/** Capitalised at the start of a sentence or a title without being part of a name. */
export const FUNCTION_WORDS = `a about above according after again all also although always am an and another any are as ask at based be
because been before being below best between both but by calculate can choose classify compare consider convert could create critics
dear describe design despite determine develop did discuss do does don't draft during each edit either ever every everyone everything experts explain
few find first for former frankly from further generate give given good had has have having hello hey hi how however i i'd i'll i'm i've identify if
imagine in indeed input instead into is it its it's keep last later let let's like list look made make making many maybe me meanwhile
more moreover most mr mrs ms much must my name need never new next no nor not note now of off often oh ok okay on once one only open or other our
out output over own perhaps please provide put question rather read really regarding rewrite sadly same say says second see several shall
she should show since so some someone sometimes soon still such suggest summarise summarize sure take tell than thank thanks that the
their them then there there's therefore these they they're thing things third this those though three through thus to today together
too translate true try two under unfortunately unlike until up upon us use using very want was we we're well were what what's when
where whether which while who whom whose why will with within without would write yes yet you you're your`;
