/* check_names.c - rows of mailboxes: names, the tree they make, attributes, keywords, numbers */
#include "store/account/check.h"

#include <stdio.h>

#define NAME_RECOVERED "Recovered"
#define NAMES_TRIED    100000

/* ---- rows ---- */

static int read_boxes(struct checker *c, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(c->db, GW_SQL_MAILBOX_LIST, err);
	size_t cap = 0;
	int rc = st ? 0 : GW_EIO;

	while (rc >= 0 && (rc = check_step(c, st, err)) > 0) {
		struct check_mailbox *box;

		if (c->n_boxes == cap) {
			cap = cap ? cap * 2 : 16;
			c->boxes = gw_xrealloc(c->boxes, cap, sizeof *c->boxes);
		}
		box = &c->boxes[c->n_boxes++];
		memset(box, 0, sizeof *box);
		db_mailbox_columns(st, &box->row);
		box->name = gw_xslicedup(gw_slice(
			(const char *)sqlite3_column_text(st, 13), (size_t)sqlite3_column_bytes(st, 13)));
	}
	if (st)
		sqlite3_reset(st);
	return rc;
}

static struct check_mailbox *box_named(const struct checker *c, const char *name)
{
	for (size_t i = 0; i < c->n_boxes; i++)
		if (strcmp(c->boxes[i].name, name) == 0)
			return &c->boxes[i];
	return NULL;
}

/* name, or name-2 and so on; free() it. */
static char *free_name(const struct checker *c, const char *name)
{
	char *free_one = gw_xstrdup(name);

	for (unsigned i = 2; box_named(c, free_one) && i < NAMES_TRIED; i++) {
		free(free_one);
		free_one = gw_xasprintf("%s-%u", name, i);
	}
	return free_one;
}

static int insert(struct checker *c, const struct check_mailbox *box, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(c->db, GW_SQL_MAILBOX_NEW, err);
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, (int64_t)box->row.id);
	sqlite3_bind_int64(st, 2, (int64_t)box->row.uidvalidity);
	sqlite3_bind_int64(st, 3, box->row.attrs);
	sqlite3_bind_text(st, 4, box->name, -1, SQLITE_STATIC);
	rc = db_run(c->db, st, err);
	sqlite3_clear_bindings(st);
	return rc;
}

static uint64_t fresh_uidvalidity(struct checker *c)
{
	uint64_t now = (uint64_t)gw_wall_s(c->db->acc->env->opt.clock);
	uint64_t v = c->acct.next_uidvalidity > now ? c->acct.next_uidvalidity : now;

	c->acct.next_uidvalidity = v + 1;
	return v;
}

int check_add_mailbox(struct checker *c, uint64_t id, const char *name, unsigned attrs, size_t *ret, struct gw_err *err)
{
	struct check_mailbox box = { .row = { .uidnext = 1, .modseq = 1, .recent = 1, .attrs = attrs } };
	int rc;

	box.row.id = id ? id : c->acct.next_mailbox++;
	box.row.uidvalidity = fresh_uidvalidity(c);
	box.name = free_name(c, name);
	c->acct.structure++;
	rc = insert(c, &box, err);
	if (rc < 0) {
		free(box.name);
		return rc;
	}
	check_fixed(c, "mailbox \"%s\" was made", box.name);
	c->boxes = gw_xrealloc(c->boxes, c->n_boxes + 1, sizeof *c->boxes);
	if (ret)
		*ret = c->n_boxes;
	c->boxes[c->n_boxes++] = box;
	return 0;
}

/* ---- one row ---- */

static int put_text(struct checker *c, enum gw_sql which, uint64_t id, const char *text, struct gw_err *err)
{
	sqlite3_stmt *st = gw_db_stmt(c->db, which, err);
	int rc;

	if (!st)
		return GW_EIO;
	sqlite3_bind_int64(st, 1, (int64_t)id);
	sqlite3_bind_text(st, 2, text, -1, SQLITE_STATIC);
	rc = db_run(c->db, st, err);
	sqlite3_clear_bindings(st);
	return rc;
}

static int check_name(struct checker *c, struct check_mailbox *box, struct gw_err *err)
{
	struct gw_slice name = gw_slice_str(box->name);
	bool inbox = gw_slice_startsi(name, GW_S("INBOX")) && (name.n == 5 || name.p[5] == '/');
	char *better;
	int rc;

	if (gw_mailbox_name_check(name, NULL) == 0 && (!inbox || memcmp(name.p, "INBOX", 5) == 0))
		return 0;
	if (!check_found(c, "mailbox %llu: \"%s\" cannot be the name of a mailbox", (unsigned long long)box->row.id,
		    box->name))
		return 0;
	better = free_name(c, NAME_RECOVERED);
	rc = put_text(c, GW_SQL_MAILBOX_NAME, box->row.id, better, err);
	check_fixed(c, "mailbox %llu is called \"%s\" now", (unsigned long long)box->row.id, better);
	free(box->name);
	box->name = better;
	return rc;
}

static bool word_ok(const char *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)w[i] <= ' ' || (unsigned char)w[i] >= 0x7F || strchr("(){%*\"\\]", w[i]))
			return false;
	return n > 0 && n <= 255;
}

/* The words with bad ones replaced, so that the numbers of the others stay; NULL: all are good. */
static char *better_keywords(const char *words)
{
	struct gw_buf b;
	bool bad = false;
	unsigned k = 0;
	char *text;

	gw_buf_init(&b, 0);
	for (const char *p = words; *p; k++) {
		size_t n = strcspn(p, " ");
		bool ok = word_ok(p, n);

		bad |= !ok || k >= GW_KEYWORDS_MAX;
		if (k < GW_KEYWORDS_MAX)
			gw_buf_printf(&b, "%s", k ? " " : "");
		if (k < GW_KEYWORDS_MAX && ok)
			gw_buf_add(&b, p, n);
		else if (k < GW_KEYWORDS_MAX)
			gw_buf_printf(&b, "keyword-%u", k);
		p += n + (p[n] == ' ');
	}
	text = bad ? gw_xslicedup(gw_buf_slice(&b)) : NULL;
	gw_buf_done(&b);
	return text;
}

static int check_keywords(struct checker *c, struct check_mailbox *box, struct gw_err *err)
{
	char *better = box->row.keywords ? better_keywords(box->row.keywords) : NULL;
	int rc = 0;

	if (!better)
		return 0;
	if (check_found(c, "mailbox \"%s\": the list of keywords is damaged", box->name)) {
		rc = put_text(c, GW_SQL_MAILBOX_KEYWORDS, box->row.id, better, err);
		free(box->row.keywords);
		box->row.keywords = better;
		check_fixed(c, "mailbox \"%s\": the keywords are \"%s\" now", box->name, better);
		return rc;
	}
	free(better);
	return rc;
}

static int check_attrs(struct checker *c, struct check_mailbox *box, unsigned *taken, struct gw_err *err)
{
	bool mirror = c->db->acc->env->opt.mirror; /* the server's rights */
	unsigned may = GW_MBOX_NOSELECT | GW_MBOX_SPECIAL | (mirror ? GW_MBOX_READONLY : 0);
	unsigned attrs = box->row.attrs & may;
	int rc = 0;

	if (box->row.messages && !mirror)
		attrs &= ~(unsigned)GW_MBOX_NOSELECT;
	attrs &= ~*taken;
	*taken |= attrs & GW_MBOX_SPECIAL;
	if (attrs != box->row.attrs && check_found(c, "mailbox \"%s\": its attributes contradict others", box->name)) {
		rc = gw_db_step_i64(c->db, GW_SQL_MAILBOX_ATTRS, NULL, err, 2, (int64_t)box->row.id, (int64_t)attrs);
		box->row.attrs = attrs;
		c->acct.structure++;
		check_fixed(c, "mailbox \"%s\": attributes put right", box->name);
	}
	return rc < 0 ? rc : 0;
}

static bool numbers_ok(const struct mailbox_row *r)
{
	return r->uidvalidity > 0 && r->uidvalidity <= UINT32_MAX && r->uidnext > 0 && r->uidnext <= UINT32_MAX &&
	       r->modseq > 0 && r->modseq <= INT64_MAX && r->recent <= r->uidnext && r->log_from <= r->modseq;
}

static int check_numbers(struct checker *c, struct check_mailbox *box, struct gw_err *err)
{
	struct mailbox_row *r = &box->row;
	int rc = 0;

	if (numbers_ok(r) || !check_found(c, "mailbox \"%s\": its numbers (UIDVALIDITY, UIDNEXT, modification"
					     " sequence) contradict each other", box->name))
		return 0;
	if (r->uidvalidity == 0 || r->uidvalidity > UINT32_MAX) {
		r->uidvalidity = fresh_uidvalidity(c);
		rc = check_run(c, "UPDATE mailbox SET uidvalidity=?2 WHERE id=?1", err, 2, (int64_t)r->id,
			(int64_t)r->uidvalidity);
	}
	if (r->uidnext == 0 || r->uidnext > UINT32_MAX)
		r->uidnext = 1; /* raised above the UIDs that are there: check_list.c */
	if (r->modseq == 0 || r->modseq > INT64_MAX)
		r->modseq = 1;
	if (r->recent > r->uidnext)
		r->recent = r->uidnext;
	if (r->log_from > r->modseq)
		r->log_from = r->modseq;
	box->changed = true;
	check_fixed(c, "mailbox \"%s\": numbers put right", box->name);
	return rc < 0 ? rc : db_mailbox_put(c->db, r, err);
}

static int check_row(struct checker *c, struct check_mailbox *box, unsigned *taken, struct gw_err *err)
{
	int rc = check_name(c, box, err);

	if (rc == 0)
		rc = check_keywords(c, box, err);
	if (rc == 0)
		rc = check_attrs(c, box, taken, err);
	return rc < 0 ? rc : check_numbers(c, box, err);
}

/* ---- all of them ---- */

/* Lists whose mailbox has lost its row get one again: INBOX, which is the first one, its own name. */
static int check_unlisted(struct checker *c, struct gw_err *err)
{
	sqlite3_stmt *st;
	struct gw_buf ids;
	int rc = check_sql(c, "SELECT DISTINCT id>>32 FROM chunk WHERE id>>32 NOT IN (SELECT id FROM mailbox)", &st, err);

	gw_buf_init(&ids, 0);
	while (rc >= 0 && (rc = check_step(c, st, err)) > 0) {
		int64_t id = sqlite3_column_int64(st, 0);

		gw_buf_add(&ids, &id, sizeof id);
	}
	sqlite3_finalize(st);
	for (size_t i = 0; i < ids.n / sizeof(int64_t) && rc == 0; i++) {
		int64_t id = ((const int64_t *)(const void *)ids.p)[i];
		const char *name = id == 1 && !box_named(c, "INBOX") ? "INBOX" : NAME_RECOVERED;

		if (check_found(c, "mailbox %lld: its list of messages is there, its name is lost", (long long)id)) {
			rc = id > 0 ? check_add_mailbox(c, (uint64_t)id, name, 0, NULL, err)
				    : check_run(c, "DELETE FROM chunk WHERE id>>32=?1", err, 1, id);
			if (rc == 0 && id <= 0)
				check_fixed(c, "mailbox %lld: not a number of a mailbox, removed", (long long)id);
			continue;
		}
		c->boxes = gw_xrealloc(c->boxes, c->n_boxes + 1, sizeof *c->boxes);
		c->boxes[c->n_boxes++] = (struct check_mailbox){ .row.id = (uint64_t)id, .unlisted = true,
			.name = gw_xasprintf("(number %lld)", (long long)id) };
	}
	gw_buf_done(&ids);
	return rc;
}

static int check_parent(struct checker *c, const char *parent, struct gw_err *err)
{
	if (box_named(c, parent) || !check_found(c, "mailbox \"%s\" is missing, though others lie below it", parent))
		return 0;
	return check_add_mailbox(c, 0, parent, GW_MBOX_NOSELECT, NULL, err);
}

static int check_tree(struct checker *c, struct gw_err *err)
{
	int rc = 0;

	if (!box_named(c, "INBOX") && check_found(c, "INBOX is missing"))
		rc = check_add_mailbox(c, 0, "INBOX", 0, NULL, err);
	for (size_t i = 0; i < c->n_boxes && rc == 0; i++) {
		char *path = c->boxes[i].unlisted ? gw_xstrdup("") : gw_xstrdup(c->boxes[i].name);

		for (char *p = strchr(path, '/'); p && rc == 0; p = strchr(p + 1, '/')) {
			*p = '\0';
			rc = check_parent(c, path, err);
			*p = '/';
		}
		free(path);
	}
	return rc;
}

/* A row whose number leaves no room for a list holds no message. */
static int check_ids(struct checker *c, struct gw_err *err)
{
	size_t kept = 0;
	int rc = 0;

	for (size_t i = 0; i < c->n_boxes; i++) {
		struct check_mailbox *box = &c->boxes[i];

		if (box->row.id > 0 && box->row.id <= INT32_MAX) {
			c->boxes[kept++] = *box;
			continue;
		}
		if (rc >= 0 && check_found(c, "mailbox \"%s\": %lld is no number of a mailbox", box->name,
				       (long long)box->row.id)) {
			rc = gw_db_step_i64(c->db, GW_SQL_MAILBOX_REMOVE, NULL, err, 1, (int64_t)box->row.id);
			check_fixed(c, "mailbox \"%s\", which could hold no messages, was removed", box->name);
		}
		db_mailbox_done(&box->row);
		free(box->name);
	}
	c->n_boxes = kept;
	return rc < 0 ? rc : 0;
}

/* The highest mailbox that something was imported into, perhaps removed since: its number must not come back. */
static int highest_import(struct checker *c, uint64_t *ret, struct gw_err *err)
{
	sqlite3_stmt *st;
	int rc = check_sql(c, "SELECT max(mailbox) FROM import WHERE mailbox BETWEEN 0 AND 2147483647", &st, err);

	if (rc == 0 && (rc = check_step(c, st, err)) > 0)
		*ret = (uint64_t)sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return rc < 0 ? rc : 0;
}

/* The next numbers lie above all that were given out, and leave room. */
static int check_next(struct checker *c, struct gw_err *err)
{
	uint64_t id = 0, uidvalidity = 0;
	int rc = highest_import(c, &id, err);

	for (size_t i = 0; i < c->n_boxes; i++) {
		const struct mailbox_row *r = &c->boxes[i].row;

		id = r->id > id ? r->id : id;
		if (r->uidvalidity <= UINT32_MAX && r->uidvalidity > uidvalidity)
			uidvalidity = r->uidvalidity;
	}
	check_above(c, "number of a mailbox", &c->acct.next_mailbox, id, INT32_MAX);
	check_above(c, "UIDVALIDITY", &c->acct.next_uidvalidity, uidvalidity, UINT32_MAX);
	return rc;
}

int check_names(struct checker *c, struct gw_err *err)
{
	unsigned taken = 0;
	size_t n;
	int rc = read_boxes(c, err);

	if (rc < 0)
		return rc;
	rc = check_ids(c, err);
	if (rc == 0)
		rc = check_next(c, err);
	n = c->n_boxes;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = check_row(c, &c->boxes[i], &taken, err);
	if (rc == 0)
		rc = check_unlisted(c, err);
	return rc < 0 ? rc : check_tree(c, err);
}
