/* mem.c - the store in memory (mem.h) */
#include "store/mem/mem.h"

#include <pthread.h>
#include <stdlib.h>

#include "store/local/accounts_priv.h"
#include "store/local/acct.h"
#include "util/mem.h"

struct mem_user {
	struct mem_user *next;
	char *name;
	char *disabled;
	struct gw_secret password;
	uint64_t id;
};

struct mem_store {
	struct local_store local; /* first: is a struct gw_store */
	pthread_mutex_t lock;     /* of users */
	struct mem_user *users;
	uint64_t next_id;
	unsigned char secret[ACCOUNTS_MAC]; /* for SCRAM keys of unknown users */
};

static struct mem_user *lookup(struct mem_store *m, const char *name)
{
	struct mem_user *u = m->users;

	while (u && strcmp(u->name, name))
		u = u->next;
	return u;
}

int gw_mem_user_add(struct gw_store *s, struct gw_slice name, struct gw_slice password, const char *disabled,
		    struct gw_err *err)
{
	struct mem_store *m = (struct mem_store *)s;
	char norm[GW_USER_NAME_MAX + 1];
	struct mem_user *u;
	int rc = s->ops == &gw_mem_ops ? local_user_name(name, norm, err) : gw_fail(err, GW_EINVAL, "not a store in memory");

	if (rc < 0)
		return rc;
	pthread_mutex_lock(&m->lock);
	u = lookup(m, norm);
	if (!u) {
		u = gw_xalloc(sizeof *u);
		u->name = gw_xstrdup(norm);
		u->id = ++m->next_id;
		u->next = m->users;
		m->users = u;
	}
	free(u->disabled);
	u->disabled = gw_xstrdup(disabled ? disabled : "");
	gw_secret_set(&u->password, password);
	pthread_mutex_unlock(&m->lock);
	return 0;
}

/* "anna=secret,bert=secret2" */
static int add_users(struct gw_store *s, struct gw_slice list, struct gw_err *err)
{
	int rc = 0;

	while (list.n && rc == 0) {
		size_t end = gw_slice_find(list, ',');
		struct gw_slice one = gw_slice(list.p, end);
		size_t eq = gw_slice_find(one, '=');

		if (eq == one.n)
			return gw_fail(err, GW_EINVAL, "mem:%.*s: expected user=password", GW_FMT(list));
		rc = gw_mem_user_add(s, gw_slice(one.p, eq), gw_slice(one.p + eq + 1, one.n - eq - 1), NULL, err);
		gw_slice_take(&list, end < list.n ? end + 1 : end);
	}
	return rc;
}

static void mem_close(struct gw_store *s)
{
	struct mem_store *m = (struct mem_store *)s;
	struct mem_user *u;

	while ((u = m->users)) {
		m->users = u->next;
		gw_secret_free(&u->password);
		free(u->name);
		free(u->disabled);
		free(u);
	}
	local_done(&m->local);
	pthread_mutex_destroy(&m->lock);
	free(m);
}

static int mem_open(const struct gw_store_options *opt, struct gw_slice target, struct gw_store **ret, struct gw_err *err)
{
	struct mem_store *m = gw_xalloc(sizeof *m);
	int rc;

	m->local.base.ops = &gw_mem_ops;
	pthread_mutex_init(&m->lock, NULL);
	rc = local_init(&m->local, opt, true, err);
	if (rc == 0)
		rc = accounts_random(m->secret, sizeof m->secret, err);
	if (rc == 0)
		rc = add_users(&m->local.base, target, err);
	if (rc < 0) {
		mem_close(&m->local.base);
		return rc;
	}
	*ret = &m->local.base;
	return 0;
}

static void mem_tidy(struct gw_store *s, unsigned idle_ms)
{
	gw_db_tidy(((struct mem_store *)s)->local.env, idle_ms);
}

static bool has_word(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = words; (p = strstr(p, word)); p += n)
		if ((p == words || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

/* Look a user up and check the password (p NULL: it was verified elsewhere). */
static int check(struct mem_store *m, struct gw_slice name, struct gw_slice password, const char *service,
		 char norm[GW_USER_NAME_MAX + 1], uint64_t *ret_id, struct gw_err *err)
{
	struct mem_user *u;
	int rc = local_user_name(name, norm, NULL);

	if (rc < 0)
		return gw_fail(err, GW_EAUTH, "wrong user name or password");
	pthread_mutex_lock(&m->lock);
	u = lookup(m, norm);
	if (!u || (password.p && (u->password.n != password.n || !gw_equal_ct(u->password.p, password.p, password.n))))
		rc = gw_fail(err, GW_EAUTH, "wrong user name or password");
	else if (service && has_word(u->disabled, service))
		rc = gw_fail(err, GW_EDISABLED, "%s is disabled for this user", service);
	else
		*ret_id = u->id;
	pthread_mutex_unlock(&m->lock);
	return rc;
}

static uint64_t public_id(struct mem_store *m)
{
	char norm[GW_USER_NAME_MAX + 1];
	uint64_t id;

	if (!m->local.public_account ||
	    check(m, gw_slice_str(m->local.public_account), gw_slice(NULL, 0), NULL, norm, &id, NULL) < 0)
		return 0;
	return id;
}

static int mem_login(struct gw_store *s, struct gw_slice user, struct gw_slice password, const char *service,
		     struct gw_acct **ret, struct gw_err *err)
{
	struct mem_store *m = (struct mem_store *)s;
	char norm[GW_USER_NAME_MAX + 1];
	uint64_t id;
	int rc = check(m, user, password.p ? password : GW_S(""), service, norm, &id, err);

	return rc < 0 ? rc : local_acct_new(&m->local, norm, id, public_id(m), ret, err);
}

static int mem_open_account(struct gw_store *s, struct gw_slice user, const char *service, struct gw_acct **ret,
			    struct gw_err *err)
{
	struct mem_store *m = (struct mem_store *)s;
	char norm[GW_USER_NAME_MAX + 1];
	uint64_t id;
	int rc = check(m, user, gw_slice(NULL, 0), service, norm, &id, err);

	return rc < 0 ? rc : local_acct_new(&m->local, norm, id, public_id(m), ret, err);
}

/* Made from the password at each call: a test store has no business with speed here. The salt is stable. */
static int mem_scram_keys(struct gw_store *s, struct gw_slice user, struct gw_scram_keys *ret, struct gw_err *err)
{
	struct mem_store *m = (struct mem_store *)s;
	char norm[GW_USER_NAME_MAX + 1];
	struct gw_secret password = { 0 };
	struct mem_user *u;
	bool known;
	int rc = 0;

	if (local_user_name(user, norm, NULL) < 0)
		norm[0] = '\0';
	accounts_scram_invent(m->secret, gw_slice_str(norm), ret);
	pthread_mutex_lock(&m->lock);
	u = lookup(m, norm);
	known = u != NULL;
	if (known)
		gw_secret_set(&password, gw_secret_slice(&u->password));
	pthread_mutex_unlock(&m->lock);
	if (known)
		rc = accounts_scram_derive(gw_secret_slice(&password), ret, err);
	gw_secret_free(&password);
	return rc;
}

const struct gw_store_ops gw_mem_ops = {
	.scheme = "mem",
	.open = mem_open,
	.close = mem_close,
	.tidy = mem_tidy,
	.login = mem_login,
	.scram_keys = mem_scram_keys,
	.open_account = mem_open_account,
};
