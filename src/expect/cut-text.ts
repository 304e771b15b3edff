/** Of a user's text in a message. unit: chars */
const LONGEST = 60;

export function cutText(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
