/* remote.c - an account of the server as this process knows it (see driver.h) */
#include "store/jmap/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "util/mem.h"

#define FIRST_PAUSE_US 1000  /* between two tries for a lock that another process has */
#define LAST_PAUSE_US  20000
#define LOOK_UP_MS     50    /* who waits for a lock of this process */

/* ---- the table ---- */

/* Number of the account's database: what names it, hashed, since names come from outside. */
static uint64_t number_of(struct gw_slice user, struct gw_slice account)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	struct gw_buf b;
	uint64_t id = 0;

	gw_buf_init(&b, 0);
	gw_buf_add_slice(&b, user);
	gw_buf_add(&b, "", 1);
	gw_buf_add_slice(&b, account);
	if (!EVP_Digest(b.p, b.n, hash, NULL, EVP_sha256(), NULL))
		gw_bug("no SHA-256");
	for (int i = 0; i < 8; i++)
		id = id << 8 | hash[i];
	gw_buf_done(&b);
	return id & INT64_MAX;
}

static struct jmap_remote *find(struct jmap_store *js, const char *user, struct gw_slice account)
{
	for (struct list *l = js->remotes.next; l != &js->remotes; l = l->next) {
		struct jmap_remote *r = list_item(l, struct jmap_remote, list);

		if (strcmp(r->user, user) == 0 && gw_slice_eq(account, gw_slice_str(r->account)))
			return r;
	}
	return NULL;
}

static void remote_free(struct jmap_remote *r)
{
	jmap_remote_put(r->primary);
	jmap_login_unref(r->login);
	gw_db_account_unref(r->acc);
	if (r->lock_fd >= 0)
		close(r->lock_fd);
	pthread_cond_destroy(&r->unlocked);
	pthread_mutex_destroy(&r->lock);
	pthread_mutex_destroy(&r->login_lock);
	free(r->user);
	free(r);
}

/* All gateways know the mirror by this. */
static void name_for_all(struct jmap_store *js, struct gw_db_account *acc, const char *user, struct gw_slice account)
{
	char *name = gw_xasprintf("%s %s %.*s", js->url, user, GW_FMT(account));

	gw_db_account_set_replica(acc, name);
	free(name);
}

static void init_locks(struct jmap_remote *r)
{
	pthread_condattr_t attr;

	if (pthread_mutex_init(&r->lock, NULL) || pthread_mutex_init(&r->login_lock, NULL) || pthread_condattr_init(&attr) ||
		pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) || pthread_cond_init(&r->unlocked, &attr))
		gw_bug("cannot make a mutex");
	pthread_condattr_destroy(&attr);
}

static int remote_new(struct jmap_store *js, struct jmap_login *l, struct gw_slice account, struct jmap_remote **ret,
	struct gw_err *err)
{
	uint64_t id = number_of(gw_slice_str(l->user), account);
	struct gw_db_account *acc;
	struct jmap_remote *r;
	int rc = local_db_open(&js->local, id, &acc, err);

	if (rc < 0)
		return rc;
	if (js->shared)
		name_for_all(js, acc, l->user, account);
	r = gw_xalloc(sizeof *r);
	r->js = js;
	r->acc = acc;
	r->user = gw_xstrdup(l->user);
	memcpy(r->account, account.p, account.n);
	r->lock_fd = -1;
	init_locks(r);
	r->login = jmap_login_ref(l);
	r->changes.n = JMAP_PACE_MOST;
	*ret = r;
	return 0;
}

int jmap_remote_get(struct jmap_store *js, struct jmap_login *l, const struct jmap_account *account, struct jmap_remote *primary,
	struct jmap_remote **ret, struct gw_err *err)
{
	struct jmap_remote *r, *mine = NULL;
	int rc = 0;

	pthread_mutex_lock(&js->lock);
	r = find(js, l->user, account->id);
	if (r)
		r->refs++;
	pthread_mutex_unlock(&js->lock);
	if (!r) {
		rc = remote_new(js, l, account->id, &mine, err);
		if (rc < 0)
			return rc;
		pthread_mutex_lock(&js->lock);
		r = find(js, l->user, account->id);
		if (!r) {
			list_add(&js->remotes, &mine->list);
			r = mine;
			r->primary = primary;
			if (primary)
				primary->refs++;
		}
		r->refs++;
		if (r == mine)
			gw_db_account_set_bring(r->acc, jmap_bring, r);
		pthread_mutex_unlock(&js->lock);
		if (r != mine)
			remote_free(mine);
	}
	jmap_remote_set_login(r, l);
	*ret = r;
	return 0;
}

void jmap_remote_put(struct jmap_remote *r)
{
	bool last;

	if (!r)
		return;
	pthread_mutex_lock(&r->js->lock);
	last = --r->refs == 0;
	if (last)
		list_del(&r->list);
	pthread_mutex_unlock(&r->js->lock);
	if (last)
		remote_free(r);
}

struct jmap_login *jmap_remote_login(struct jmap_remote *r)
{
	struct jmap_login *l;

	pthread_mutex_lock(&r->login_lock);
	l = jmap_login_ref(r->login);
	pthread_mutex_unlock(&r->login_lock);
	return l;
}

void jmap_remote_set_login(struct jmap_remote *r, struct jmap_login *l)
{
	struct jmap_login *old;

	pthread_mutex_lock(&r->login_lock);
	old = r->login;
	r->login = jmap_login_ref(l);
	if (old != l)
		atomic_store(&r->denied, false);
	pthread_mutex_unlock(&r->login_lock);
	jmap_login_unref(old);
}

void jmap_remote_deny(struct jmap_remote *r, struct jmap_login *l)
{
	bool latest;

	jmap_login_forget(l);
	pthread_mutex_lock(&r->login_lock);
	latest = r->login == l;
	if (latest)
		atomic_store(&r->denied, true);
	pthread_mutex_unlock(&r->login_lock);
	if (latest)
		gw_db_ring(r->acc);
}

int jmap_remote_admitted(struct jmap_remote *r, struct gw_err *err)
{
	return atomic_load(&r->denied) ? gw_fail(err, GW_EAUTH, "the storage server accepts the credentials no more") : 0;
}

struct gw_slice jmap_account_id(const struct jmap_remote *r)
{
	return gw_slice_str(r->account);
}

/* ---- the lock ---- */

/* The first octet of the file is the account's lock, octet n that of filling the list of mailbox n. */
static int open_lock(struct jmap_remote *r, int *ret, struct gw_err *err)
{
	const char *dir = gw_db_account_dir(r->acc);
	char *path;
	int rc = db_make_dir(dir, r->js->local.env->opt.owner, err);

	if (rc < 0)
		return rc;
	path = gw_xasprintf("%s/remote.lock", dir);
	*ret = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (*ret < 0)
		rc = gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s", path, strerror(errno));
	free(path);
	return rc;
}

static void unlock_file(struct jmap_remote *r)
{
	struct flock lock = { .l_type = F_UNLCK, .l_whence = SEEK_SET, .l_len = 1 };

	fcntl(r->lock_fd, F_OFD_SETLK, &lock);
}

/* *ret: it is ours. */
static int try_file(struct jmap_remote *r, int fd, off_t octet, bool *ret, struct gw_err *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = octet, .l_len = 1 };
	int rc = fcntl(fd, F_OFD_SETLK, &lock);

	*ret = rc == 0;
	return rc == 0 || errno == EAGAIN || errno == EACCES || errno == EINTR
		       ? 0
		       : gw_fail(err, GW_EIO, "%s/remote.lock: %s", gw_db_account_dir(r->acc), strerror(errno));
}

static bool stopped(const atomic_bool *stop)
{
	return stop && atomic_load(stop);
}

/* Another process has it for as long as a request takes: it is tried again. */
static int lock_file(struct jmap_remote *r, int fd, off_t octet, const atomic_bool *stop, struct gw_err *err)
{
	long pause_us = FIRST_PAUSE_US;
	bool ours = false;

	for (;;) {
		struct timespec ts = { 0, pause_us * 1000 };
		int rc = try_file(r, fd, octet, &ours, err);

		if (rc < 0 || ours)
			return rc;
		if (stopped(stop))
			return gw_fail(err, GW_EINTR, "interrupted");
		nanosleep(&ts, NULL);
		pause_us = pause_us * 2 > LAST_PAUSE_US ? LAST_PAUSE_US : pause_us * 2;
	}
}

/* Whoever has the lock may be waiting for the server: who waits for him looks up now and then whether he still has to. */
static int lock_process(struct jmap_remote *r, const atomic_bool *stop, struct gw_err *err)
{
	bool ours;

	pthread_mutex_lock(&r->lock);
	while (r->locked && !stopped(stop)) {
		struct timespec until;

		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += LOOK_UP_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
		pthread_cond_timedwait(&r->unlocked, &r->lock, &until);
	}
	ours = !r->locked;
	r->locked = true;
	pthread_mutex_unlock(&r->lock);
	return ours ? 0 : gw_fail(err, GW_EINTR, "interrupted");
}

static void unlock_process(struct jmap_remote *r)
{
	pthread_mutex_lock(&r->lock);
	r->locked = false;
	pthread_cond_signal(&r->unlocked);
	pthread_mutex_unlock(&r->lock);
}

static int lock_all(struct jmap_remote *r, const atomic_bool *stop, struct gw_err *err)
{
	int rc = lock_process(r, stop, err);

	if (rc < 0)
		return rc;
	rc = r->lock_fd < 0 ? open_lock(r, &r->lock_fd, err) : 0;
	if (rc == 0)
		rc = lock_file(r, r->lock_fd, 0, stop, err);
	if (rc == 0 && r->js->shared) { /* and between gateways */
		rc = shared_lock(r->js->shared, r->acc, stop, err);
		if (rc < 0)
			unlock_file(r);
	}
	if (rc < 0)
		unlock_process(r);
	return rc;
}

int jmap_lock(struct jmap_remote *r, const atomic_bool *stop, struct gw_err *err)
{
	struct jmap_store *js = r->js;
	int rc;

	if (js->waiting)
		js->waiting(js->waiting_ctx, true);
	rc = lock_all(r, stop, err);
	if (js->waiting)
		js->waiting(js->waiting_ctx, false);
	return rc;
}

void jmap_unlock(struct jmap_remote *r)
{
	if (r->js->shared)
		shared_unlock(r->js->shared, r->acc);
	unlock_file(r);
	unlock_process(r);
}

/* Locks of one open file do not exclude each other's threads, so each has a file of its own. */
int jmap_fill_lock(struct jmap_remote *r, uint64_t mailbox, int *ret, const atomic_bool *stop, struct gw_err *err)
{
	struct jmap_store *js = r->js;
	int fd = -1, rc = open_lock(r, &fd, err);

	if (rc < 0)
		return rc;
	if (js->waiting)
		js->waiting(js->waiting_ctx, true);
	rc = lock_file(r, fd, (off_t)mailbox, stop, err);
	if (js->waiting)
		js->waiting(js->waiting_ctx, false);
	if (rc < 0)
		close(fd);
	else
		*ret = fd;
	return rc;
}

/* A process that was forked meanwhile has the open file, too: closing it is not enough. */
void jmap_fill_unlock(int fd)
{
	struct flock lock = { .l_type = F_UNLCK, .l_whence = SEEK_SET };

	fcntl(fd, F_OFD_SETLK, &lock);
	close(fd);
}

/* ---- requests ---- */

void jmap_exchange_begin(struct jmap_exchange *x, struct jmap_remote *r)
{
	*x = (struct jmap_exchange){ .remote = r, .login = jmap_remote_login(r) };
	jmap_request_init(&x->request, &x->login->session, jmap_account_id(r));
	http_call_init(&x->http);
	gw_arena_init(&x->arena, 16384, 0);
}

void jmap_exchange_done(struct jmap_exchange *x)
{
	jmap_answer_free(x->answer);
	http_call_done(&x->http);
	jmap_request_done(&x->request);
	gw_arena_done(&x->arena);
	jmap_login_unref(x->login);
}

void jmap_exchange_start(struct jmap_exchange *x, bool safe, const atomic_bool *stop)
{
	static const struct http_header json = { "Content-Type", "application/json" };
	struct jmap_store *js = x->remote->js;

	x->denied = jmap_remote_admitted(x->remote, NULL) < 0;
	if (x->denied)
		return;
	x->header[0] = json;
	x->http.kind = JMAP_CALL_API;
	x->http.method = "POST";
	x->http.url = gw_arena_str(&x->arena, x->login->session.api);
	x->http.headers = x->header;
	x->http.n_headers = 1;
	jmap_login_sign(x->login, &x->http, x->header);
	x->http.body = jmap_request_bytes(&x->request);
	x->http.safe = safe;
	x->http.interrupted = stop;
	http_start(js->http, &x->http);
	x->started = true;
}

/* The session object is not what it was (RFC 8620 3.4): have the new one for the next request. */
static void look_at_session(struct jmap_exchange *x)
{
	struct gw_slice state = jmap_session_state(x->answer);
	struct jmap_login *l;

	if (!state.n || gw_slice_eq(state, x->login->session.state))
		return;
	if (jmap_login_again(x->login, &l, NULL) < 0)
		return;
	jmap_remote_set_login(x->remote, l);
	jmap_login_unref(l);
}

int jmap_exchange_wait(struct jmap_exchange *x, struct gw_err *err)
{
	struct jmap_store *js = x->remote->js;
	const char *limit = "";
	int rc;

	if (x->denied)
		return jmap_remote_admitted(x->remote, err) < 0 ? GW_EAUTH : gw_fail(err, GW_EUNAVAIL, "somebody has just signed on");
	if (js->waiting)
		js->waiting(js->waiting_ctx, true);
	rc = http_wait(js->http, &x->http, err);
	if (js->waiting)
		js->waiting(js->waiting_ctx, false);
	x->started = false;
	if (rc < 0)
		return rc;
	if (x->http.status == 401)
		jmap_remote_deny(x->remote, x->login);
	if (x->http.status / 100 != 2)
		return jmap_http_error(x->http.status, gw_buf_slice(&x->http.response), &limit, err);
	rc = jmap_answer_read(gw_buf_slice(&x->http.response), x->request.calls, &x->answer, err);
	if (rc == 0)
		look_at_session(x);
	return rc;
}

int jmap_exchange_do(struct jmap_exchange *x, bool safe, const atomic_bool *stop, struct gw_err *err)
{
	jmap_exchange_start(x, safe, stop);
	return jmap_exchange_wait(x, err);
}

int jmap_exchange_ok(const struct jmap_exchange *x, unsigned call, const char *what, struct gw_err *err)
{
	struct jmap_failure f;

	jmap_call_failure(x->answer, call, &f);
	return f.kind == JMAP_OK ? 0 : jmap_fail(&f, what, err);
}

const struct jmap_limits *jmap_limits(const struct jmap_exchange *x)
{
	return &x->login->session.limit;
}
