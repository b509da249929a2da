/* complete.h - what the writers of bash, zsh and fish completions share
 *
 * A script has three parts: which flags and operands a verb has, what an argument can be, and a fixed part that finds the
 * verb and the argument at the cursor. Each list of words is written once, under the name of the place that has it
 * first. */
#ifndef GW_CLI_COMPLETE_H
#define GW_CLI_COMPLETE_H

#include "cli/cli.h"

/* Where an argument can stand: the value of a flag, or an operand. */
struct place {
	const struct gw_cli *cli;
	const struct gw_cli_verb *verb; /* NULL: a flag before the verb */
	const struct gw_cli_flag *flag; /* NULL: the operand */
	const struct gw_cli_value *value;
};

/* The k-th place that takes an argument; false behind the last. */
bool place_at(const struct gw_cli *cli, size_t k, struct place *ret);
struct place place_of_flag(const struct gw_cli *cli, const struct gw_cli_verb *verb, const struct gw_cli_flag *flag);
struct place place_of_operand(const struct gw_cli *cli, const struct gw_cli_verb *verb); /* value NULL: none */

/* Does the place have words, and is it the k-th place that is the first with them? Then its list is written there. */
bool place_has_words(const struct place *p);
bool place_is_first(const struct place *p, size_t k);

/* The i-th word; false behind the last. */
bool place_word(const struct place *p, size_t i, struct gw_cli_word *ret);

/* Are the words of the operand settings that look like flags ("--imap-port=143")? */
bool place_is_long(const struct place *p);

/* The next distinct thing that can stand behind "word=": *i begins at 0. NULL at the end. */
const char *place_next_values(const struct place *p, size_t *i);

/* Append the settings that have these values, each with behind, and between them between: "a=* | b=*". */
void place_put_settings(const struct place *p, const char *values, const char *behind, const char *between,
	struct gw_buf *out);

/* The name of the list: "of_format", "in_explain". */
void put_list_name(const struct place *p, struct gw_buf *out);

/* Flag i of a verb: its own, those of the program, --help. verb NULL: those before the verb. NULL behind the last. */
const struct gw_cli_flag *flag_at(const struct gw_cli *cli, const struct gw_cli_verb *verb, size_t i);

/* Verb i is the first with its first word; second is NULL when that word is the whole name. */
bool verb_begins(const struct gw_cli *cli, size_t i);
struct gw_slice verb_first(const struct gw_cli_verb *verb);
const char *verb_second(const struct gw_cli_verb *verb);
bool verb_is_in(const struct gw_cli_verb *verb, const struct gw_cli_verb *first); /* have both the same first word? */

/* Has the program verbs, and does it need a "help" that is no row? */
bool has_verbs(const struct gw_cli *cli);
bool needs_help(const struct gw_cli *cli);

/* s without quotes around it, for a place between single quotes; more: characters that get a backslash. */
void put_quoted(struct gw_buf *out, const char *s, const char *more);
/* The same for fish, which knows \' in quotes. */
void put_fish_quoted(struct gw_buf *out, const char *s);

/* Fixed text; each ~ is the name of the program. */
void put_fixed(const struct gw_cli *cli, const char *text, struct gw_buf *out);

void put_bash(const struct gw_cli *cli, struct gw_buf *out);
void put_zsh(const struct gw_cli *cli, struct gw_buf *out);
void put_fish(const struct gw_cli *cli, struct gw_buf *out);

/* The beginning of bash's function: words[] before the cursor, whole, and cur, the one there. */
extern const char bash_assemble[];

#endif
