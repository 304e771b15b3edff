/** The value of a header line that is sent empty; `""` removes the line. A receiver takes the blank off (RFC 9110 section 5.5). */
export const SENT_EMPTY = " ";
