/** Names that are imitated most, by the part before the suffix; short ones are left out, since ordinary words resemble them. */
const NAMES =
  "google|gmail|youtube|facebook|instagram|whatsapp|twitter|linkedin|microsoft|office365|outlook|windows|apple|icloud" +
  "|amazon|netflix|paypal|github|gitlab|bitbucket|dropbox|spotify|adobe|oracle|salesforce|cloudflare|coinbase|binance" +
  "|metamask|blockchain|wikipedia|openai|chatgpt|anthropic|huggingface|telegram|discord|steamcommunity|alibaba|walmart" +
  "|wellsfargo|bankofamerica|barclays|santander|fedex|docker|pypi|python|npmjs|nodejs|mozilla|ubuntu|debian|stackoverflow" +
  "|protonmail|okta|slack|twitch|tiktok|snapchat|pinterest|reddit|yahoo|samsung|nvidia|intel";

export const KNOWN_NAMES: ReadonlySet<string> = new Set(NAMES.split("|"));

/** Suffixes that show that what stands before an "@" is meant to be read as a host. */
export const COMMON_SUFFIXES: ReadonlySet<string> = new Set(
  "com|org|net|gov|edu|io|co|de|uk|fr|eu|ai|app|dev|info".split("|"),
);
