/* propose.h - words that could stand at the cursor, also from live data, and help for it
 *
 * Nothing here prints. The daemon is asked with a short patience (live.h). */
#ifndef GWCTL_PROPOSE_H
#define GWCTL_PROPOSE_H

#include "gwctl/spot.h"

enum propose { PROPOSE_WORDS, PROPOSE_FILES, PROPOSE_DIRECTORIES };

/* One word, whole, and what it is (NULL: nothing to say). More may follow it at once when it ends with "=". */
typedef void propose_put(void *ctx, const char *word, const char *brief);

/* All words that begin with begin, behind n others. The shell's own completion of files does the rest when that is asked
 * for by what is returned; it then goes behind *ret_lead bytes of the word. */
enum propose propose(const struct options *o, char *const *words, size_t n, const char *begin, propose_put *put, void *ctx,
	size_t *ret_lead);

/* What stands there, in a sentence or some lines: "user: only sessions of this user (a user)". */
void propose_explain(char *const *words, size_t n, const char *begin, struct gw_buf *out);

/* Filters, behind a "|". */
void propose_filters(const struct options *o, char *const *words, size_t n, const char *begin, propose_put *put, void *ctx);

#endif
