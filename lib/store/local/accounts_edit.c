/* accounts_edit.c - changing and listing user accounts, for the operator
 *
 * Every change is one SQL statement, gives the row a new change number, and so invalidates what any process
 * remembers of it. */
#include <stdlib.h>

#include "store/local/accounts_priv.h"
#include "util/buf.h"
#include "util/num.h"

#define LIST_ALL INT64_MAX

static const struct {
	const char *word;
	unsigned bit;
} features[] = { { "imap", LOCAL_FEATURE_IMAP }, { "pop3", LOCAL_FEATURE_POP3 } };

/* The values of a statement, bound by number from ?1 on. */
struct bind {
	enum { B_INT, B_TEXT, B_BLOB, B_NULL } type;
	int64_t i;
	struct gw_slice s;
};

#define INT(v) { .type = B_INT, .i = (int64_t)(v) }
#define TEXT(v) { .type = B_TEXT, .s = (v) }
#define BLOB(v) { .type = B_BLOB, .s = { (const char *)(v), sizeof(v) } }

static void bind_all(sqlite3_stmt *st, const struct bind *v, size_t n)
{
	for (int i = 0; i < (int)n; i++) {
		const struct bind *b = &v[i];

		if (b->type == B_INT)
			sqlite3_bind_int64(st, i + 1, b->i);
		else if (b->type == B_TEXT)
			sqlite3_bind_text(st, i + 1, b->s.n ? b->s.p : "", (int)b->s.n, SQLITE_STATIC);
		else if (b->type == B_BLOB)
			sqlite3_bind_blob(st, i + 1, b->s.p, (int)b->s.n, SQLITE_STATIC);
	}
}

/* Run one statement that changes rows; *ret_changes how many. */
static int run(struct local_accounts *a, const char *sql, const struct bind *v, size_t n, int *ret_changes,
	       int64_t *ret_id, struct gw_err *err)
{
	struct accounts_handle *h;
	sqlite3_stmt *st = NULL;
	int rc = accounts_take(a, &h, err);

	if (rc < 0)
		return rc;
	rc = accounts_prepare(a, h->db, sql, &st, err);
	if (rc == 0) {
		bind_all(st, v, n);
		while ((rc = sqlite3_step(st)) == SQLITE_ROW)
			*ret_id = sqlite3_column_int64(st, 0);
		rc = rc == SQLITE_DONE ? 0 : accounts_db_fail(a, h->db, "change a user", err);
		*ret_changes = sqlite3_changes(h->db);
	}
	sqlite3_finalize(st);
	accounts_give(a, h);
	return rc;
}

static int no_user(const char *name, struct gw_err *err)
{
	return gw_fail(err, GW_ENOENT, "no user \"%s\"", name);
}

/* UPDATE user SET <set> for one name; set's values are ?3 and up in v[2...]: the first two are filled in here. */
static int update(struct local_accounts *a, struct gw_slice user, const char *set, struct bind *v, size_t n,
		  struct gw_err *err)
{
	char name[GW_USER_NAME_MAX + 1];
	int changes = 0, rc = local_user_name(user, name, err);
	int64_t id;
	char *sql;

	if (rc < 0)
		return rc;
	sql = gw_xasprintf("UPDATE user SET %s, changed=?2, change=random() WHERE name=?1", set);
	v[0] = (struct bind)TEXT(gw_slice_str(name));
	v[1] = (struct bind)INT(gw_wall_s(a->clock));
	rc = run(a, sql, v, n, &changes, &id, err);
	free(sql);
	if (rc == 0 && changes == 0)
		rc = no_user(name, err);
	return rc;
}

/* ---- passwords ---- */

struct credentials {
	char hash[ACCOUNTS_HASH_MAX];
	bool has_scram;
	struct gw_scram_keys scram;
};

static int credentials_plain(const struct local_accounts *a, struct gw_slice plain, struct credentials *ret,
			     struct gw_err *err)
{
	int rc = accounts_hash_new(plain, a->hash_cost, ret->hash, err);

	if (rc == 0)
		rc = accounts_random(ret->scram.salt, sizeof ret->scram.salt, err);
	if (rc < 0)
		return rc;
	ret->scram.iterations = ACCOUNTS_SCRAM_ITERATIONS;
	ret->has_scram = true;
	return accounts_scram_derive(plain, &ret->scram, err);
}

static int credentials_make(const struct local_accounts *a, const struct gw_user_password *pw, struct credentials *ret,
			    struct gw_err *err)
{
	memset(ret, 0, sizeof *ret);
	if (pw->plain.n && pw->hash.n)
		return gw_fail(err, GW_EINVAL, "a password and a hash are given: which of the two?");
	if (pw->plain.n)
		return credentials_plain(a, pw->plain, ret, err);
	return pw->hash.n ? accounts_hash_check(pw->hash, ret->hash, err) : 0;
}

/* The five password columns as values v[0..4]. */
static void credentials_bind(const struct credentials *c, struct bind *v)
{
	const struct bind none = { .type = B_NULL };

	v[0] = (struct bind)TEXT(gw_slice_str(c->hash));
	v[1] = c->has_scram ? (struct bind)INT(c->scram.iterations) : none;
	v[2] = c->has_scram ? (struct bind)BLOB(c->scram.salt) : none;
	v[3] = c->has_scram ? (struct bind)BLOB(c->scram.stored_key) : none;
	v[4] = c->has_scram ? (struct bind)BLOB(c->scram.server_key) : none;
}

int local_accounts_passwd(struct local_accounts *a, struct gw_slice name, const struct gw_user_password *pw,
			  struct gw_err *err)
{
	struct credentials c;
	struct bind v[7];
	int rc = credentials_make(a, pw, &c, err);

	if (rc < 0)
		return rc;
	credentials_bind(&c, v + 2);
	rc = update(a, name, "hash=?3, scram_iterations=?4, scram_salt=?5, scram_stored=?6, scram_server=?7", v, 7, err);
	gw_wipe(&c, sizeof c);
	return rc;
}

/* The lowest number above all that were ever given out and that no folder has. */
#define NEXT_ID \
	"WITH RECURSIVE n(i) AS (SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name='user'), 0)," \
	" coalesce((SELECT max(id) FROM user), 0)) + 1 UNION ALL SELECT i + 1 FROM n WHERE taken(i)) SELECT max(i) FROM n"

int accounts_next_id(struct local_accounts *a, uint64_t *ret, struct gw_err *err)
{
	int changes;
	int64_t id = 0;
	int rc = run(a, NEXT_ID, NULL, 0, &changes, &id, err);

	if (rc == 0)
		*ret = (uint64_t)id;
	return rc;
}

int accounts_insert(struct local_accounts *a, uint64_t id, const char *name, const struct accounts_row *row,
		    struct gw_err *err)
{
	static const char sql[] =
		"INSERT INTO user(id, name, created, changed, change, hash, scram_iterations, scram_salt, scram_stored,"
		" scram_server, enabled, disabled, storage_limit, messages_limit, mailboxes_limit, annotations_limit,"
		" moved_server, moved_user) VALUES(?1, ?2, ?3, ?4, random(), ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
		" ?16, ?17) ON CONFLICT DO NOTHING RETURNING id";
	struct credentials c = { .has_scram = row->has_scram, .scram = row->scram };
	const struct gw_limits *l = &row->user.limits;
	struct bind v[17] = { INT(id), TEXT(gw_slice_str(name)), INT(row->user.created), INT(gw_wall_s(a->clock)),
			      [9] = INT(row->user.enabled), INT(row->user.disabled), INT(l->storage), INT(l->messages),
			      INT(l->mailboxes), INT(l->annotations), TEXT(gw_slice_str(row->user.moved.server)),
			      TEXT(gw_slice_str(row->user.moved.user)) };
	int changes = 0, rc;
	int64_t made = 0;

	memcpy(c.hash, row->hash, sizeof c.hash);
	credentials_bind(&c, v + 4);
	rc = run(a, sql, v, 17, &changes, &made, err);
	gw_wipe(&c, sizeof c);
	if (rc == 0 && made == 0)
		rc = gw_fail(err, GW_EEXIST, "user \"%s\" exists already", name);
	return rc;
}

int local_accounts_add(struct local_accounts *a, struct gw_slice user, const struct gw_user_password *pw,
		       struct local_user *ret, struct gw_err *err)
{
	static const char sql[] =
		"INSERT INTO user(id, name, created, changed, change, hash, scram_iterations, scram_salt,"
		" scram_stored, scram_server) VALUES("
		"(" NEXT_ID "), ?1, ?2, ?2, random(), ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING RETURNING id";
	char name[GW_USER_NAME_MAX + 1];
	struct credentials c;
	struct bind v[7];
	int changes = 0, rc = local_user_name(user, name, err);
	int64_t id = 0;

	if (rc < 0)
		return rc;
	rc = credentials_make(a, pw, &c, err);
	if (rc < 0)
		return rc;
	v[0] = (struct bind)TEXT(gw_slice_str(name));
	v[1] = (struct bind)INT(gw_wall_s(a->clock));
	credentials_bind(&c, v + 2);
	rc = run(a, sql, v, 7, &changes, &id, err);
	gw_wipe(&c, sizeof c);
	if (rc == 0 && id == 0)
		rc = gw_fail(err, GW_EEXIST, "user \"%s\" exists already", name);
	return rc < 0 ? rc : local_accounts_by_id(a, (uint64_t)id, ret, err);
}

/* ---- other columns ---- */

int local_accounts_enable(struct local_accounts *a, struct gw_slice name, bool on, struct gw_err *err)
{
	struct bind v[3] = { [2] = INT(on) };

	return update(a, name, "enabled=?3", v, 3, err);
}

/* Cut the next word off; empty at the end. */
static struct gw_slice next_word(struct gw_slice *s)
{
	while (s->n && (*s->p == ' ' || *s->p == ','))
		gw_slice_take(s, 1);
	size_t n = 0;
	while (n < s->n && s->p[n] != ' ' && s->p[n] != ',')
		n++;
	return gw_slice_take(s, n);
}

int local_accounts_features(struct local_accounts *a, struct gw_slice name, struct gw_slice disabled, struct gw_err *err)
{
	struct bind v[3];
	unsigned bits = 0;

	for (struct gw_slice w = next_word(&disabled); w.n; w = next_word(&disabled)) {
		unsigned bit = 0;

		for (size_t i = 0; i < sizeof features / sizeof *features; i++)
			if (gw_slice_eqi(w, gw_slice_str(features[i].word)))
				bit = features[i].bit;
		if (!bit)
			return gw_fail(err, GW_EINVAL, "\"%.*s\" is no service (imap and pop3 are)",
				       (int)(w.n < 40 ? w.n : 40), w.p);
		bits |= bit;
	}
	v[2] = (struct bind)INT(bits);
	return update(a, name, "disabled=?3", v, 3, err);
}

int local_accounts_quota(struct local_accounts *a, struct gw_slice name, const struct gw_limits *l, struct gw_err *err)
{
	struct bind v[6] = { [2] = INT(l->storage), [3] = INT(l->messages), [4] = INT(l->mailboxes), [5] = INT(l->annotations) };

	if ((l->storage | l->messages | l->mailboxes | l->annotations) > INT64_MAX)
		return gw_fail(err, GW_EINVAL, "the limit is too large");
	return update(a, name, "storage_limit=?3, messages_limit=?4, mailboxes_limit=?5, annotations_limit=?6", v, 6, err);
}

static bool is_host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* host [":" port]; an address of version 6 has brackets, which a response code cannot hold. */
static bool server_ok(struct gw_slice server)
{
	struct gw_slice host = gw_slice_take(&server, gw_slice_find(server, ':'));
	uint64_t port = 1;

	if (!host.n || host.n > 255 || host.p[0] == '-' || host.p[0] == '.')
		return false;
	for (size_t i = 0; i < host.n; i++)
		if (!is_host_char(host.p[i]))
			return false;
	if (server.n) {
		gw_slice_take(&server, 1);
		return gw_parse_u64(server, &port) && port > 0 && port < 65536;
	}
	return true;
}

bool accounts_moved_ok(const struct gw_moved *m)
{
	for (const char *p = m->server; *p; p++)
		if (!is_host_char(*p) && *p != ':')
			return false;
	return true;
}

int local_accounts_move(struct local_accounts *a, struct gw_slice name, struct gw_slice server, struct gw_slice as, struct gw_err *err)
{
	char user[GW_USER_NAME_MAX + 1] = "";
	struct bind v[4];
	int rc = 0;

	if (!server.n && as.n)
		return gw_fail(err, GW_EINVAL, "a name there needs a server");
	if (server.n && !server_ok(server))
		return gw_fail(err, GW_EINVAL, "\"%.*s\" is no name of a host, or one with a colon and a port",
			       (int)(server.n < 80 ? server.n : 80), server.p);
	if (server.n)
		rc = local_user_name(as.n ? as : name, user, err);
	if (rc < 0)
		return rc;
	v[2] = (struct bind)TEXT(server);
	v[3] = (struct bind)TEXT(gw_slice_str(user));
	return update(a, name, "moved_server=?3, moved_user=?4", v, 4, err);
}

int local_accounts_rename(struct local_accounts *a, struct gw_slice from, struct gw_slice to, struct gw_err *err)
{
	char name[GW_USER_NAME_MAX + 1];
	struct bind v[3];
	int rc = local_user_name(to, name, err);

	if (rc < 0)
		return rc;
	v[2] = (struct bind)TEXT(gw_slice_str(name));
	rc = update(a, from, "name=?3", v, 3, err);
	if (rc == GW_EEXIST)
		return gw_fail(err, GW_EEXIST, "user \"%s\" exists already", name);
	return rc;
}

int local_accounts_remove(struct local_accounts *a, struct gw_slice user, uint64_t *ret_id, struct gw_err *err)
{
	char name[GW_USER_NAME_MAX + 1];
	int changes = 0, rc = local_user_name(user, name, err);
	const struct bind v[1] = { TEXT(gw_slice_str(name)) };
	int64_t id = 0;

	if (rc == 0)
		rc = run(a, "DELETE FROM user WHERE name=?1 RETURNING id", v, 1, &changes, &id, err);
	if (rc == 0 && id == 0)
		rc = no_user(name, err);
	if (rc == 0)
		*ret_id = (uint64_t)id;
	return rc;
}

/* ---- listing ---- */

static const char *features_text(struct gw_arena *arena, unsigned bits)
{
	const char *text = "";

	for (size_t i = 0; i < sizeof features / sizeof *features; i++)
		if (bits & features[i].bit)
			text = gw_arena_printf(arena, "%s%s%s", text, *text ? " " : "", features[i].word);
	return text;
}

static void to_user(struct gw_arena *arena, const struct accounts_row *row, struct gw_user *ret)
{
	*ret = (struct gw_user){
		.id = row->user.id,
		.name = gw_arena_str(arena, gw_slice_str(row->user.name)),
		.enabled = row->user.enabled,
		.disabled_features = features_text(arena, row->user.disabled),
		.scheme = accounts_hash_scheme(row->hash),
		.has_scram = row->has_scram,
		.limits = row->user.limits,
		.moved = row->user.moved,
		.created = row->user.created,
		.changed = row->user.changed,
	};
}

int local_accounts_show(struct local_accounts *a, struct gw_arena *arena, struct gw_slice user, struct gw_user *ret,
			struct gw_err *err)
{
	char name[GW_USER_NAME_MAX + 1];
	struct accounts_row row;
	int rc = local_user_name(user, name, err);

	if (rc == 0)
		rc = accounts_row_by_name(a, name, &row, err);
	if (rc == GW_ENOENT)
		return no_user(name, err);
	if (rc == 0)
		to_user(arena, &row, ret);
	return rc;
}

/* Call each() for every row of a SELECT. */
static int for_rows(struct local_accounts *a, const char *sql, const struct bind *v, size_t n,
		    int (*each)(void *ctx, sqlite3_stmt *st, struct gw_err *err), void *ctx, struct gw_err *err)
{
	struct accounts_handle *h;
	sqlite3_stmt *st = NULL;
	int step = SQLITE_ROW, rc = accounts_take(a, &h, err);

	if (rc < 0)
		return rc;
	rc = accounts_prepare(a, h->db, sql, &st, err);
	if (rc == 0) {
		bind_all(st, v, n);
		while (rc == 0 && (step = sqlite3_step(st)) == SQLITE_ROW)
			rc = each(ctx, st, err);
		if (rc == 0 && step != SQLITE_DONE)
			rc = accounts_db_fail(a, h->db, "list users", err);
	}
	sqlite3_finalize(st);
	accounts_give(a, h);
	return rc;
}

struct collect {
	struct gw_arena *arena;
	struct gw_buf items; /* of struct gw_user, or of uint64_t */
};

static int collect_user(void *ctx, sqlite3_stmt *st, struct gw_err *err)
{
	struct collect *c = ctx;
	struct accounts_row row;
	struct gw_user user;
	int rc = accounts_row_read(st, &row, err);

	if (rc < 0)
		return rc;
	to_user(c->arena, &row, &user);
	gw_buf_add(&c->items, &user, sizeof user);
	return 0;
}

static int collect_id(void *ctx, sqlite3_stmt *st, struct gw_err *err)
{
	struct collect *c = ctx;
	uint64_t id = (uint64_t)sqlite3_column_int64(st, 0);

	(void)err;
	gw_buf_add(&c->items, &id, sizeof id);
	return 0;
}

/* Move what was collected into the arena. */
static void *collect_end(struct collect *c)
{
	void *v = gw_arena_alloc(c->arena, c->items.n ? c->items.n : 1);

	if (c->items.n)
		memcpy(v, c->items.p, c->items.n);
	gw_buf_done(&c->items);
	return v;
}

int local_accounts_list(struct local_accounts *a, struct gw_arena *arena, struct gw_slice after, size_t max,
			struct gw_user **ret, size_t *ret_n, struct gw_err *err)
{
	struct collect c = { .arena = arena };
	const struct bind v[] = { TEXT(after), INT(max ? max : LIST_ALL) };
	int rc = for_rows(a, "SELECT " ACCOUNTS_COLUMNS " FROM user WHERE name>?1 ORDER BY name LIMIT ?2", v, 2,
			  collect_user, &c, err);

	if (rc == 0) {
		*ret_n = c.items.n / sizeof **ret;
		*ret = collect_end(&c);
	}
	gw_buf_done(&c.items);
	return rc;
}

int local_accounts_ids(struct local_accounts *a, struct gw_arena *arena, uint64_t **ret, size_t *ret_n, struct gw_err *err)
{
	struct collect c = { .arena = arena };
	int rc = for_rows(a, "SELECT id FROM user ORDER BY id", NULL, 0, collect_id, &c, err);

	if (rc == 0) {
		*ret_n = c.items.n / sizeof **ret;
		*ret = collect_end(&c);
	}
	gw_buf_done(&c.items);
	return rc;
}
