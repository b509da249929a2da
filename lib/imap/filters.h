/* filters.h - named searches (RFC 5466): annotations of the server that hold keys of SEARCH
 *
 * The key FILTER is parsed as a leaf with the filter's name. Before a search is planned, each is replaced by the keys that the
 * account's annotation has: /private/filters/values/NAME, else /shared/filters/values/NAME. They stand there as if they were in
 * parentheses. Thread: the session's. */
#ifndef GW_IMAP_FILTERS_H
#define GW_IMAP_FILTERS_H

#include "imap/session.h"

/* Replace the keys FILTER of the command's search, and those that come with what they stand for, and so on. 0; a negative enum
 * gw_code; 1: the reply is set (no such filter, one that is no search, too many keys, another charset than UTF-8). */
int imap_filters_replace(struct imap_session *s, struct imap_task *t, struct gw_err *err);

/* May an annotation of the server have this value? NULL, or what is wrong. All but filters may have any. key: the entry's name, in
 * small letters. */
const char *imap_filter_problem(struct gw_arena *arena, struct gw_slice key, struct gw_slice value);

#endif
