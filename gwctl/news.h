/* news.h - a row that tells what happened, as one line */
#ifndef GWCTL_NEWS_H
#define GWCTL_NEWS_H

#include "gwctl/value.h"

struct news {
	char *event, *text;    /* NULL: the row has none */
	char *account, *option;
	char *done, *total;
	bool bytes;            /* done and total are bytes */
};

/* Read what is known of a row; strings live in arena. */
void news_read(struct gw_slice json, struct gw_arena *arena, struct news *ret);

/* Is it news (not a row of a table)? Is it about how far something has come? */
bool news_is(const struct news *n);
bool news_is_progress(const struct news *n);

/* "event: account: text"; without a text all members as name=value. */
void news_put(struct gw_slice json, struct gw_arena *arena, bool color, struct gw_buf *out);

#endif
