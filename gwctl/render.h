/* render.h - an answer as it is shown: a table, lines, JSON, or what happens while something runs */
#ifndef GWCTL_RENDER_H
#define GWCTL_RENDER_H

#include "gwctl/gwctl.h"
#include "gwctl/output.h"

struct render;

struct render *render_new(const struct gw_ctl_verb *v, const struct options *o);
void render_row(struct render *r, struct gw_slice json);

/* Nobody wants more of it. */
bool render_is_over(const struct render *r);

/* The end: shows what is left; returns the exit code. */
int render_ok(struct render *r, struct gw_slice json);
/* interrupted: we asked for the end. */
int render_err(struct render *r, const struct gw_ctl_answer *a, bool interrupted);
void render_free(struct render *r);

/* The members of an object, one a line (members.c). */
void members_show(struct output *out, struct gw_slice json, bool color);

#endif
