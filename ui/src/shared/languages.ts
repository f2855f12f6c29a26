const names = new Intl.DisplayNames("en", { type: "language" });

/** "de-CH" → "Swiss High German"; what is no language stays as it is. */
export function nameLanguage(tag: string | null | undefined): string {
  if (!tag) return "";
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

const TAGS =
  "ar bg ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nb nl pl pt ro ru sk sl sr sv th tr uk vi zh";

export const LANGUAGES = TAGS.split(" ")
  .map((id) => ({ id, name: nameLanguage(id) }))
  .sort((one, other) => one.name.localeCompare(other.name));
