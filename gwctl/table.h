/* table.h - rows of an answer as the lines of a table
 *
 * Rows are put in; then lines are made of them. Columns are as wide as what was put in before the first line was made; rows
 * that come later are cut where they do not fit a terminal, else they push what is behind them. Nothing here prints. */
#ifndef GWCTL_TABLE_H
#define GWCTL_TABLE_H

#include "gwctl/value.h"

#define TABLE_COLUMNS 40

struct table_row {
	struct table_row *next;
	char *cell[TABLE_COLUMNS];  /* as shown; NULL: the row has no such member */
	char *plain[TABLE_COLUMNS]; /* as the daemon said */
	bool number[TABLE_COLUMNS];
	char *source;               /* of table_add_source() */
};

struct table {
	struct gw_arena arena; /* columns and rows that are kept */
	struct gw_arena line;  /* the row that is read */
	char *key[TABLE_COLUMNS];
	int width[TABLE_COLUMNS];   /* on the screen */
	bool text[TABLE_COLUMNS];   /* it has other things than numbers: to the left */
	size_t n_columns;
	size_t shown[TABLE_COLUMNS], n_shown; /* those that are asked for, in this order; all when n_shown is 0 */
	struct table_row *first, **last;
	size_t n_rows;
	int gap;      /* blanks between columns */
	int screen;   /* columns of the terminal; 0: no limit */
	bool fixed;   /* the widths are */
};

/* screen: columns of the terminal, 0 for no limit. */
void table_init(struct table *t, int screen);
void table_done(struct table *t);

/* Take in a row and keep it. Once the widths are fixed no columns are added. */
void table_add(struct table *t, struct gw_slice json);

/* The same, and keep the text of the row too. */
void table_add_source(struct table *t, struct gw_slice json);

/* Read a row without keeping it: valid until the next. */
const struct table_row *table_read(struct table *t, struct gw_slice json);

/* Forget the rows that are kept. */
void table_forget(struct table *t);

/* The column that is asked for by its name; -1: there is none. */
int table_column(const struct table *t, struct gw_slice name);

/* Show these columns only, names with commas between. Those that no row has are passed over; *ret_unknown (may be NULL) is
 * then the first of them, else empty. False: none of them is there. */
bool table_choose(struct table *t, struct gw_slice names, struct gw_slice *ret_unknown);

/* Sort the rows that are kept: numbers as numbers, what is missing last, equal ones as they came. */
void table_sort(struct table *t, size_t column, bool descending);

/* Fix the widths, so that a line fits the terminal when that can be. */
void table_fix(struct table *t);

/* One line without its end. color: with codes for a terminal. */
void table_put_head(struct table *t, struct gw_buf *out);
void table_put_row(const struct table *t, const struct table_row *row, bool color, struct gw_buf *out);
void table_put_csv(const struct table *t, const struct table_row *row, struct gw_buf *out); /* row NULL: the head */

/* Columns of the screen that text takes. */
int text_width(const char *text);

/* How many bytes of text take at most so many columns. */
size_t text_cut(const char *text, int columns);

#endif
