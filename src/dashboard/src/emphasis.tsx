/** The parts of a sentence of the service, whose only markup is `**emphasis**`: every second one is emphasised. */
export const parts = (sentence: string): string[] => sentence.split("**");

/** The sentence without its markup: for names and announcements. */
export const plain = (sentence: string): string => parts(sentence).join("");

export function Emphasis({ text }: { text: string }) {
  return <>{parts(text).map((part, index) => (index % 2 === 1 ? <strong key={index}>{part}</strong> : part))}</>;
}
