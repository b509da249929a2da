/* pattern.h - regular expressions for the values of options, for schemas and editors
 *
 * In the common part of ECMA 262 (JSON Schema) and PCRE: groups, sets, counts, ^ and $. They say what config_parse()
 * takes, number ranges and units included, but not whether a path or an interface is there. Private to lib/config. */
#ifndef GW_CONFIG_PATTERN_H
#define GW_CONFIG_PATTERN_H

#include "config/option.h"
#include "util/buf.h"

/* The decimal numbers from lo to hi, without leading zeros: "[1-9]|1[0-9]|20". */
void config_put_range(struct gw_buf *out, uint64_t lo, uint64_t hi);

/* A value as text, between ^ and $. Also those that are warned about. */
void config_put_pattern(struct gw_buf *out, const struct gw_option *opt);

/* One item of a list (GW_OPT_WORDS, GW_OPT_LISTEN), between ^ and $. */
void config_put_item_pattern(struct gw_buf *out, const struct gw_option *opt);

#endif
