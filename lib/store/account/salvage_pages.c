/* salvage_pages.c - rows on pages that no tree leads to
 *
 * When a page inside a tree is destroyed, the leaves below it are whole but out of reach. Here every page that has the
 * form of a leaf is read by itself (SQLite's file format, "B-tree Pages" and "Record Format"), and what a row's columns
 * look like tells which table it is of. Pages on the list of free pages are left out: what lies there was deleted.
 * Nothing is trusted: every offset and length is checked before it is used. */
#include "store/account/salvage.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/account/acct.h"

#define LEAF	    0x0D	    /* first octet of a leaf of a table */
#define COLUMNS	    14		    /* most columns a table of ours has */
#define PAYLOAD_MAX (64u << 20)	    /* of one row */
#define LOCAL_MAX   (DB_PAGE_SIZE - 35) /* octets of a row on the leaf itself */
#define LOCAL_MIN   ((DB_PAGE_SIZE - 12) * 32 / 255 - 23)

enum { T_NULL, T_INT, T_BLOB, T_TEXT, T_OTHER };

struct value {
	int type;
	int64_t i;
	struct gw_slice s;
};

struct row {
	int64_t id;
	unsigned n;
	struct value v[COLUMNS];
};

struct form {
	const char *table;
	const char *columns; /* n NULL, i integer, b blob, t text, m integer or NULL, o blob or NULL or (at the end: rows from
			      * before there was such a column) not there; the first is the row's number */
	bool (*fits)(const struct row *r); /* NULL: the columns say it all */
	sqlite3_stmt *put;	/* NULL: not wanted */
};

struct scan {
	struct db_maint *m;
	int fd;
	uint32_t pages;
	unsigned char *is_free; /* a bit a page */
	struct gw_buf payload;
	struct form *forms;
	uint64_t found;
};

/* ---- bytes ---- */

static uint32_t u32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* A varint of SQLite at p; the octets it takes, 0: it runs over the end. */
static size_t varint(const unsigned char *p, size_t n, uint64_t *ret)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n && i < 9; i++) {
		if (i == 8) {
			*ret = v << 8 | p[i];
			return 9;
		}
		v = v << 7 | (p[i] & 0x7F);
		if (!(p[i] & 0x80)) {
			*ret = v;
			return i + 1;
		}
	}
	return 0;
}

static bool read_page(const struct scan *s, uint32_t page, unsigned char *buf)
{
	return page > 0 && page <= s->pages &&
	       pread(s->fd, buf, DB_PAGE_SIZE, (off_t)(page - 1) * DB_PAGE_SIZE) == DB_PAGE_SIZE;
}

static bool is_free(const struct scan *s, uint32_t page)
{
	return s->is_free[page / 8] & (1u << (page % 8));
}

static void set_free(const struct scan *s, uint32_t page)
{
	if (page <= s->pages)
		s->is_free[page / 8] = (unsigned char)(s->is_free[page / 8] | 1u << (page % 8));
}

/* The list of free pages: trunks that name the next trunk and their leaves. A trunk seen before ends it. */
static void read_free(const struct scan *s)
{
	unsigned char page[DB_PAGE_SIZE];
	uint32_t trunk = read_page(s, 1, page) ? u32(page + 32) : 0;

	while (trunk && trunk <= s->pages && !is_free(s, trunk) && read_page(s, trunk, page)) {
		uint32_t n = u32(page + 4);

		set_free(s, trunk);
		for (uint32_t i = 0; i < n && i < DB_PAGE_SIZE / 4 - 2; i++)
			set_free(s, u32(page + 8 + 4 * i));
		trunk = u32(page);
	}
}

/* ---- a record ---- */

static size_t size_of(uint64_t serial)
{
	static const unsigned char sizes[] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0 };

	if (serial < sizeof sizes)
		return sizes[serial];
	return serial < 12 || serial > PAYLOAD_MAX * UINT64_C(2) ? SIZE_MAX : (size_t)((serial - 12) / 2);
}

static int64_t integer(const unsigned char *p, size_t n)
{
	uint64_t v = n && p[0] & 0x80 ? UINT64_MAX : 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

static void get_value(uint64_t serial, const unsigned char *p, size_t n, struct value *ret)
{
	*ret = (struct value){ .type = T_OTHER };
	if (serial >= 12) {
		ret->type = serial % 2 ? T_TEXT : T_BLOB;
		ret->s = gw_slice((const char *)p, n);
	} else if (serial == 0) {
		ret->type = T_NULL;
	} else if (serial <= 6) {
		ret->type = T_INT;
		ret->i = integer(p, n);
	} else if (serial == 8 || serial == 9) {
		ret->type = T_INT;
		ret->i = serial == 9;
	}
}

/* Header: its own length and a type for each column; then the values. */
static bool get_record(const unsigned char *p, size_t n, struct row *r)
{
	uint64_t header = 0, serial = 0;
	size_t at = varint(p, n, &header), body = (size_t)header, len;

	r->n = 0;
	if (!at || header > n)
		return false;
	while (at < header) {
		size_t step = varint(p + at, (size_t)header - at, &serial);

		len = step ? size_of(serial) : SIZE_MAX;
		if (len > n - body || r->n == COLUMNS)
			return false;
		get_value(serial, p + body, len, &r->v[r->n++]);
		at += step;
		body += len;
	}
	return body == n;
}

/* ---- a cell ---- */

/* The rest of a row's octets lies in a chain of pages of its own. */
static bool read_chain(struct scan *s, uint32_t page, size_t left)
{
	unsigned char buf[DB_PAGE_SIZE];

	while (left) {
		size_t n = left < DB_PAGE_SIZE - 4 ? left : DB_PAGE_SIZE - 4;

		if (!read_page(s, page, buf))
			return false;
		gw_buf_add(&s->payload, buf + 4, n);
		left -= n;
		page = u32(buf);
	}
	return true;
}

static bool get_cell(struct scan *s, const unsigned char *p, size_t n, struct row *r)
{
	uint64_t total = 0, id = 0;
	size_t a = varint(p, n, &total), b = a ? varint(p + a, n - a, &id) : 0, local, extra;

	if (!b || total > PAYLOAD_MAX)
		return false;
	p += a + b;
	n -= a + b;
	local = (size_t)total;
	if (local > LOCAL_MAX) {
		extra = LOCAL_MIN + ((size_t)total - LOCAL_MIN) % (DB_PAGE_SIZE - 4);
		local = extra <= LOCAL_MAX ? extra : LOCAL_MIN;
	}
	if (local + (local < total ? 4 : 0) > n)
		return false;
	s->payload.n = 0;
	gw_buf_add(&s->payload, p, local);
	if (local < total && !read_chain(s, u32(p + local), (size_t)total - local))
		return false;
	r->id = (int64_t)id;
	return get_record((const unsigned char *)s->payload.p, s->payload.n, r);
}

/* ---- whose row? ---- */

static bool is_chunk(const struct row *r)
{
	return r->id >> 32 > 0;
}

static bool is_pending(const struct row *r)
{
	return r->id >> 32 == 0 && (r->v[2].i == 1 || r->v[2].i == -1);
}

/* Parts of a message and its header fields look alike; the digest knows. */
static bool is_body(const struct row *r)
{
	return (uint64_t)r->v[1].i == body_digest(r->v[2].s) || (r->v[1].i != 0 && r->v[1].i != 1);
}

static bool is_header(const struct row *r)
{
	return !is_body(r);
}

static bool columns_fit(const struct row *r, const char *columns)
{
	static const char letters[] = "nibt";
	size_t n = strlen(columns);

	if (r->n != n && !(r->n == n - 1 && columns[r->n] == 'o'))
		return false;
	for (unsigned i = 0; i < r->n; i++) {
		char is = r->v[i].type < T_OTHER ? letters[r->v[i].type] : '?';

		if (is != columns[i] && !(columns[i] == 'm' && (is == 'i' || is == 'n')) &&
		    !(columns[i] == 'o' && (is == 'b' || is == 'n')))
			return false;
	}
	return true;
}

static void put_row(struct scan *s, sqlite3_stmt *put, const struct row *r)
{
	sqlite3_bind_int64(put, 1, r->id);
	for (unsigned i = 1; i < r->n; i++) {
		const struct value *v = &r->v[i];

		if (v->type == T_INT)
			sqlite3_bind_int64(put, (int)i + 1, v->i);
		else if (v->type == T_BLOB)
			sqlite3_bind_blob64(put, (int)i + 1, v->s.n ? v->s.p : "", v->s.n, SQLITE_STATIC);
		else if (v->type == T_TEXT)
			sqlite3_bind_text64(put, (int)i + 1, v->s.p, v->s.n, SQLITE_STATIC, SQLITE_UTF8);
	}
	if (sqlite3_step(put) == SQLITE_DONE && sqlite3_changes(sqlite3_db_handle(put)) > 0)
		s->found++;
	sqlite3_reset(put);
	sqlite3_clear_bindings(put);
}

static void take_row(struct scan *s, const struct row *r)
{
	for (struct form *f = s->forms; f->table; f++)
		if (columns_fit(r, f->columns) && (!f->fits || f->fits(r))) {
			if (f->put)
				put_row(s, f->put, r);
			return;
		}
}

static void scan_page(struct scan *s, uint32_t number)
{
	unsigned char page[DB_PAGE_SIZE];
	struct row r;
	size_t cells;

	if (is_free(s, number) || !read_page(s, number, page) || page[0] != LEAF)
		return;
	cells = (size_t)page[3] << 8 | page[4];
	for (size_t i = 0; i < cells && 8 + 2 * i + 2 <= DB_PAGE_SIZE; i++) {
		size_t at = (size_t)page[8 + 2 * i] << 8 | page[9 + 2 * i];

		if (at >= 8 && at < DB_PAGE_SIZE && get_cell(s, page + at, DB_PAGE_SIZE - at, &r))
			take_row(s, &r);
	}
}

/* ---- all pages ---- */

static bool wants(const char *const *wanted, const char *table)
{
	for (; *wanted; wanted++)
		if (strcmp(*wanted, table) == 0)
			return true;
	return false;
}

static int prepare(struct form *f, sqlite3 *to, const char *const *wanted, struct gw_err *err)
{
	for (; f->table; f++) {
		struct gw_buf text;
		int rc = SQLITE_OK;

		if (!wants(wanted, f->table))
			continue;
		gw_buf_init(&text, 0);
		gw_buf_printf(&text, "INSERT OR IGNORE INTO %s VALUES(?", f->table);
		for (size_t i = 1; i < strlen(f->columns); i++)
			gw_buf_printf(&text, ",?");
		gw_buf_printf(&text, ")");
		rc = sqlite3_prepare_v2(to, gw_buf_str(&text), -1, &f->put, NULL);
		gw_buf_done(&text);
		if (rc != SQLITE_OK)
			return gw_fail(err, (enum gw_code)gw_db_code(rc), "cannot salvage %s: %s", f->table,
				sqlite3_errmsg(to));
	}
	return 0;
}

static int scan_all(struct scan *s, struct gw_err *err)
{
	struct stat st;

	if (fstat(s->fd, &st) < 0)
		return gw_fail(err, GW_EIO, "cannot read pages: %s", strerror(errno));
	s->pages = (uint32_t)(st.st_size / DB_PAGE_SIZE);
	s->is_free = gw_xalloc(s->pages / 8 + 1);
	read_free(s);
	for (uint32_t page = 2; page <= s->pages; page++) {
		if (page % 64 == 0 && !maint_step(s->m, "looking at single pages", page, s->pages))
			break;
		scan_page(s, page);
	}
	free(s->is_free);
	return maint_go_on(s->m, err);
}

int salvage_pages(struct db_maint *m, sqlite3 *from, sqlite3 *to, const char *scratch, const char *const *wanted,
	struct gw_err *err)
{
	struct form forms[] = {
		{ "account", "nbiiiiii", NULL, NULL }, { "mailbox", "niiiiiiiiiiitt", NULL, NULL },
		{ "chunk", "niib", is_chunk, NULL }, { "pending", "niib", is_pending, NULL },
		{ "content", "niiiibbb", NULL, NULL }, { "body", "nib", is_body, NULL },
		{ "header", "nib", is_header, NULL }, { "search", "nbbbbbmmibbbbo", NULL, NULL },
		{ "msgid", "nii", NULL, NULL }, { "shared", "ni", NULL, NULL }, { NULL, NULL, NULL, NULL },
	};
	struct scan s = { .m = m, .forms = forms };
	int rc = maint_copy_pages(m, from, scratch, err);

	if (rc < 0)
		return rc;
	s.fd = open(scratch, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (s.fd < 0)
		return gw_fail(err, GW_EIO, "%s: %s", scratch, strerror(errno));
	gw_buf_init(&s.payload, PAYLOAD_MAX);
	rc = prepare(forms, to, wanted, err);
	if (rc == 0)
		rc = scan_all(&s, err);
	for (struct form *f = forms; f->table; f++)
		sqlite3_finalize(f->put);
	if (rc == 0)
		maint_repaired(m, "%llu more rows were found on pages of their own", (unsigned long long)s.found);
	gw_buf_done(&s.payload);
	close(s.fd);
	return rc;
}
