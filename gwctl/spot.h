/* spot.h - what may stand at the cursor
 *
 * From the words before it and the beginning of the one there: a word of a name, a value of a parameter or a flag, the name
 * of one, or a filter. Nothing here asks the daemon. */
#ifndef GWCTL_SPOT_H
#define GWCTL_SPOT_H

#include "gwctl/gwctl.h"

enum spot_kind {
	SPOT_NOTHING, /* nothing that is known */
	SPOT_NAME,    /* a word of an order's name */
	SPOT_ARGUMENT, /* a value for the next position, or the name of a parameter or a flag */
	SPOT_VALUE,   /* a value of param */
	SPOT_FLAG_VALUE,
};

struct spot {
	enum spot_kind kind;
	char *const *name; /* of SPOT_NAME: the words of the name so far */
	size_t n_name;
	const struct gw_ctl_verb *verb;
	int param;         /* of SPOT_VALUE; of SPOT_ARGUMENT the next position, -1: there is none */
	bool given[GW_CTL_PARAMS_MAX];
	const char *value[GW_CTL_PARAMS_MAX]; /* of those that are given */
	const struct gw_cli_flag *flag; /* of SPOT_FLAG_VALUE */
	size_t lead;       /* of the word: so much is before the value, as "name=" */
	char *words[GW_CTL_WORDS_MAX];
};

/* words: n of them before the cursor; begin: what stands of the word there, perhaps "". */
void spot_find(char *const *words, size_t n, const char *begin, struct spot *ret);

#endif
