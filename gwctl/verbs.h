/* verbs.h - all that can be asked: the orders of the daemon and those of gwctl itself, found by words
 *
 * Nothing here prints, or knows the daemon. */
#ifndef GWCTL_VERBS_H
#define GWCTL_VERBS_H

#include "ctl/verbs.h"
#include "util/buf.h"
#include "util/err.h"

struct options;
struct request;

/* What gwctl does by itself. */
struct local {
	struct gw_ctl_verb verb; /* as those of the daemon, also for the check of values */
	int (*run)(const struct request *r, const struct options *o); /* returns an exit code */
	enum { REST_NONE, REST_MAY, REST_MUST } rest; /* may or must a command of its own stand behind the first arguments? */
};

/* The rows, in local.c; NULL behind the last. */
extern const struct local *const locals[];

/* The local order with this row; NULL: it is one of the daemon. */
const struct local *verb_local(const struct gw_ctl_verb *v);

/* All orders, those of the daemon first; NULL behind the last. */
const struct gw_ctl_verb *verb_at(size_t i);

/* The order that the first words mean. Each word is one of its name, or the beginning of only one that can stand there.
 * *ret_used: how many they are. NULL with a sentence in err: unknown, ambiguous (with the candidates), or not complete;
 * err may be NULL. */
const struct gw_ctl_verb *verb_find(char *const *words, size_t n, size_t *ret_used, struct gw_err *err);

/* The words that can stand behind n words of a name: each calls put() once, with its order when it ends there (else
 * NULL). */
void verb_next(char *const *words, size_t n, void (*put)(void *ctx, struct gw_slice word, const struct gw_ctl_verb *v),
	void *ctx);

/* The k-th word of the name; empty behind the last. */
struct gw_slice verb_word(const struct gw_ctl_verb *v, size_t k);

#endif
