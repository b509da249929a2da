/* acct.c - signed-on users of the drivers "local" and "mem": account/'s view plus the maildrop lock */
#include "store/local/acct.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "config/config.h"
#include "store/account/priv.h"
#include "store/admin.h"
#include "util/mem.h"

void local_acct_init(struct local_acct *la, const struct gw_acct_ops *ops, struct local_store *ls, const char *user,
	struct gw_db_account *own, struct gw_db_account *pub)
{
	view_acct_init(&la->view, ops, user, own, pub);
	la->ls = ls;
	la->lock_fd = -1;
	la->locked_memory = false;
}

void local_acct_done(struct local_acct *la)
{
	if (la->lock_fd >= 0)
		close(la->lock_fd);
	if (la->locked_memory)
		atomic_store(&la->view.own->maildrop_locked, false);
	view_acct_done(&la->view);
}

static void acct_close(struct gw_acct *a)
{
	local_acct_done((struct local_acct *)a);
	free(a);
}

static int lock_memory(struct local_acct *la, struct gw_err *err)
{
	if (atomic_exchange(&la->view.own->maildrop_locked, true))
		return gw_fail(err, GW_EBUSY, "another session has locked the maildrop");
	la->locked_memory = true;
	return 0;
}

/* A lock of the open file, not of the process: it also keeps two sessions of one process apart, and goes with
 * the last descriptor whatever way the process ends. */
static int lock_file(struct local_acct *la, struct gw_err *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	const char *dir = gw_db_account_dir(la->view.own);
	char *path;
	int fd, rc = db_make_dir(dir, la->view.own->env->opt.owner, err);

	if (rc < 0)
		return rc;
	path = gw_xasprintf("%s/pop3.lock", dir);
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		rc = gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s", path, strerror(errno));
	else if (fcntl(fd, F_OFD_SETLK, &lock) < 0)
		rc = errno == EAGAIN || errno == EACCES
			     ? gw_fail(err, GW_EBUSY, "another session has locked the maildrop")
			     : gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s", path, strerror(errno));
	if (rc < 0 && fd >= 0)
		close(fd);
	else if (rc == 0)
		la->lock_fd = fd;
	free(path);
	return rc;
}

int local_lock_maildrop(struct gw_acct *a, struct gw_err *err)
{
	struct local_acct *la = (struct local_acct *)a;

	if (la->lock_fd >= 0 || la->locked_memory)
		return 0;
	return la->ls->memory ? lock_memory(la, err) : lock_file(la, err);
}

static int append_commit(struct gw_acct *a, struct gw_mbox_id id, struct gw_append *const *v, size_t n,
	struct gw_appended *ret, struct gw_err *err)
{
	struct local_acct *la = (struct local_acct *)a;
	struct gw_db_account *acc;
	int rc = view_append_commit(a, id, v, n, ret, err);

	if (rc == 0 && la->ls->text && gw_acct_db(a, id.space, &acc, NULL) == 0)
		gw_local_text_notify(la->ls, gw_db_account_id(acc));
	return rc;
}

static int append_replace(struct gw_acct *a, struct gw_mbox_id into, struct gw_append *ap, struct gw_mbox_id from, uint32_t uid,
	struct gw_appended *ret, struct gw_err *err)
{
	struct local_acct *la = (struct local_acct *)a;
	struct gw_db_account *acc;
	int rc = view_append_replace(a, into, ap, from, uid, ret, err);

	if (rc == 0 && la->ls->text && gw_acct_db(a, into.space, &acc, NULL) == 0)
		gw_local_text_notify(la->ls, gw_db_account_id(acc));
	return rc;
}

static int import_commit(struct gw_acct *a, const struct gw_import_into *into, struct gw_import_message *v, size_t n,
	struct gw_err *err)
{
	struct local_acct *la = (struct local_acct *)a;
	int rc = view_import_commit(a, into, v, n, err);

	if (rc == 0 && la->ls->text)
		gw_local_text_notify(la->ls, gw_db_account_id(la->view.own));
	return rc;
}

/* Who else has rights in public folders, the administrator says: not even their account tells all of it (RFC 4314 3.3). */
static int may(struct gw_acct *a, struct gw_mbox_id id, unsigned *ret, struct gw_err *err)
{
	const struct local_store *ls = ((const struct local_acct *)a)->ls;
	int rc = view_mbox_may(a, id, ret, err);

	if (ls->public_account && strcmp(ls->public_account, a->user) == 0)
		*ret &= ~(unsigned)GW_MAY_ADMINISTER;
	return rc;
}

/* ---- limits ---- */

static int quota_of(struct gw_acct *a, struct gw_slice user, struct gw_quota *ret, struct gw_err *err)
{
	struct gw_usage usage;
	int rc = gw_admin_user_usage(&((struct local_acct *)a)->ls->base, user, &usage, err);

	if (rc == 0)
		*ret = usage.quota;
	return rc == GW_EINVAL ? GW_ENOENT : rc; /* no name of a user */
}

static int quota_set(struct gw_acct *a, struct gw_slice user, const struct gw_limits *limits, struct gw_err *err)
{
	int rc = gw_admin_user_quota(&((struct local_acct *)a)->ls->base, user, limits, err);

	return rc == GW_EINVAL ? GW_ENOENT : rc;
}

static const struct gw_acct_ops ops = {
	GW_VIEW_OPS,
	.list_remote = view_list_remote,
	.remote = view_remote,
	.set_special = view_set_special,
	.quota_of = quota_of,
	.quota_set = quota_set,
	.may = may,
	.close = acct_close,
	.lock_maildrop = local_lock_maildrop,
	.append_commit = append_commit,
	.append_replace = append_replace,
	.import_commit = import_commit,
	.match = gw_local_match,
};

int local_db_open(struct local_store *ls, uint64_t id, struct gw_db_account **ret, struct gw_err *err)
{
	char *dir = ls->memory ? NULL : gw_local_account_dir(ls, id);
	int rc = gw_db_account_open(ls->env, id, dir, ret, err);

	free(dir);
	return rc;
}

int local_acct_new(struct local_store *ls, const char *user, uint64_t id, uint64_t public_id, struct gw_acct **ret,
	struct gw_err *err)
{
	struct gw_db_account *own, *pub = NULL;
	struct local_acct *la;
	int rc = local_db_open(ls, id, &own, err);

	if (rc == 0 && public_id && public_id != id) {
		rc = local_db_open(ls, public_id, &pub, err);
		if (rc < 0)
			gw_db_account_unref(own);
	}
	if (rc < 0)
		return rc;
	la = gw_xalloc(sizeof *la);
	local_acct_init(la, &ops, ls, user, own, pub);
	*ret = &la->view.base;
	return 0;
}

/* ---- the store behind ---- */

unsigned local_auth_cache_ttl(const struct gw_config *config)
{
	return config ? (unsigned)config->auth_cache_ttl : 60;
}

/* One row: what an operator or administrator has changed counts from now on. */
static int own_limits(void *ctx, uint64_t account, struct gw_limits *ret)
{
	const struct local_store *ls = ctx;
	struct local_user u;
	int rc = ls->accounts ? local_accounts_by_id(ls->accounts, account, &u, NULL) : GW_ENOENT;

	if (rc == 0)
		*ret = u.limits;
	return rc;
}

int local_init(struct local_store *ls, const struct gw_store_options *opt, bool memory, struct gw_err *err)
{
	struct gw_db_options db = {
		.memory = memory, .mirror = ls->mirror, .replica = ls->replica, .clock = opt->clock, .owner = geteuid(), .log = opt->log, .log_ctx = opt->log_ctx,
		.observe = opt->observe, .observe_ctx = opt->observe_ctx
	};
	const struct gw_config *c = opt->config;

	(void)err;
	if (!ls->mirror) {
		db.limits.own = own_limits;
		db.limits.own_ctx = ls;
	}
	if (c && !ls->mirror) { /* a storage server has limits of its own */
		db.limits.account = (struct gw_limits){
			.storage = c->mail_quota, .messages = c->mail_quota_messages, .mailboxes = c->max_mailboxes
		};
		db.limits.quota_warning = c->mail_quota_warning;
		if (c->public_account && *c->public_account) /* sessions look at imap_public_folders */
			ls->public_account = gw_xstrdup(c->public_account);
	}
	ls->memory = memory;
	ls->clock = opt->clock;
	ls->log = opt->log;
	ls->log_ctx = opt->log_ctx;
	ls->readonly_tools = opt->readonly_tools;
	ls->env = gw_db_env_new(&db);
	return 0;
}

void local_done(struct local_store *ls)
{
	gw_db_env_free(ls->env);
	free(ls->public_account);
	free(ls->root);
}
