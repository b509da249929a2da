/* words.h - header text to UTF-8: encoded words (RFC 2047), raw 8-bit guessed
 *
 * Never fails; what cannot be decoded stays as it is, with bytes that are no UTF-8 taken for Windows-1252. Thread: any. */
#ifndef GW_MIME_WORDS_H
#define GW_MIME_WORDS_H

#include "util/buf.h"
#include "util/slice.h"

/* An unstructured field body (or a display name, or a comment): unfolded, encoded words decoded (blanks between two of them
 * dropped), appended to out as valid UTF-8. Bounded by out's maximum: text that does not fit is cut off. */
void gw_words_decode(struct gw_slice body, struct gw_buf *out);

#endif
