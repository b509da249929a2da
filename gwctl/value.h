/* value.h - a member of an answer as text, for people and for programs
 *
 * What a number means is known by the name of its member: those that end in _s are seconds, in _us microseconds, and so
 * on. Nothing that comes from a daemon can steer a terminal. */
#ifndef GWCTL_VALUE_H
#define GWCTL_VALUE_H

#include "ctl/ctl.h"

/* For people: sizes, spans and dates are short, lists have commas; "-" when there is nothing. Nested strings live in
 * arena. */
void value_put(struct gw_buf *out, struct gw_arena *arena, const struct gw_ctl_member *m);

/* As it is, on one line. */
void value_put_plain(struct gw_buf *out, const struct gw_ctl_member *m);

/* The name of a member as the head of a column: "BYTES IN". Its unit goes unless it is wanted: value_put() shows it. */
void value_put_title(struct gw_buf *out, struct gw_slice key, bool unit);

/* Is it the name of this member, perhaps without its unit? */
bool value_named(struct gw_slice key, struct gw_slice asked);

void value_put_size(struct gw_buf *out, uint64_t bytes);
void value_put_span(struct gw_buf *out, uint64_t seconds);
void value_put_us(struct gw_buf *out, uint64_t us);

/* How good it is, for colours. */
enum shade { SHADE_NONE, SHADE_GOOD, SHADE_WARN, SHADE_BAD, SHADE_DIM, SHADE_TITLE };
enum shade value_shade(struct gw_slice key, const char *text);

/* "\033[32m" ...; SHADE_NONE ends the others. */
const char *shade_code(enum shade s);

#endif
