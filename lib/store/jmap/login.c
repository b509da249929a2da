/* login.c - signing on to the storage server (see driver.h)
 *
 * A user is signed on when the server gives him its session resource (RFC 8620 section 2): his own password (Basic) or token
 * (Bearer) is passed on, or a service account speaks for him. Whoever was let in is remembered for a while by a salted
 * hash, so that clients that come every minute do not cost the server a request each. */
#include "store/jmap/driver.h"
#include "store/jmap/reach.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "util/mem.h"

#define SESSION_MAX ((uint64_t)8 << 20) /* octets of a session resource */

/* ---- credentials ---- */

static void bearer(struct gw_secret *ret, struct gw_slice token)
{
	struct gw_buf out;

	gw_buf_init(&out, 0);
	out.wipe = true;
	gw_buf_add_slice(&out, GW_S("Bearer "));
	gw_buf_add_slice(&out, token);
	gw_secret_set(ret, gw_buf_slice(&out));
	gw_buf_done(&out);
}

static void prove(const unsigned char salt[16], struct gw_slice secret, unsigned char ret[32])
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	unsigned n = 32;

	if (!md || !EVP_DigestInit_ex(md, EVP_sha256(), NULL) || !EVP_DigestUpdate(md, salt, 16) ||
		!EVP_DigestUpdate(md, secret.p, secret.n) || !EVP_DigestFinal_ex(md, ret, &n))
		gw_bug("no SHA-256");
	EVP_MD_CTX_free(md);
}

/* ---- objects ---- */

static struct jmap_login *login_new(struct jmap_store *js, struct gw_slice user)
{
	struct jmap_login *l = gw_xalloc(sizeof *l);

	list_init(&l->list);
	l->refs = 1;
	l->js = js;
	l->user = gw_xslicedup(user);
	gw_arena_init(&l->arena, 4096, 0);
	return l;
}

static void login_free(struct jmap_login *l)
{
	gw_secret_free(&l->authorization);
	gw_arena_done(&l->arena);
	gw_wipe(l->proof, sizeof l->proof);
	free(l->authorize_as);
	free(l->user);
	free(l);
}

struct jmap_login *jmap_login_ref(struct jmap_login *l)
{
	pthread_mutex_lock(&l->js->lock);
	l->refs++;
	pthread_mutex_unlock(&l->js->lock);
	return l;
}

void jmap_login_unref(struct jmap_login *l)
{
	struct jmap_store *js = l ? l->js : NULL;
	bool last;

	if (!l)
		return;
	pthread_mutex_lock(&js->lock);
	last = --l->refs == 0;
	pthread_mutex_unlock(&js->lock);
	if (last)
		login_free(l);
}

void jmap_login_sign(const struct jmap_login *l, struct http_call *call, struct http_header *headers)
{
	call->authorization = gw_secret_slice(&l->authorization);
	if (l->authorize_as)
		headers[call->n_headers++] = (struct http_header){ "Authorize-As", l->authorize_as };
}

/* ---- those who were let in ---- */

/* The login of user that secret proves, while it is believed. A reference, or NULL. */
static struct jmap_login *recall(struct jmap_store *js, struct gw_slice user, struct gw_slice secret)
{
	uint64_t now = gw_mono_ms(js->clock);
	struct jmap_login *found = NULL;
	unsigned char proof[32];

	pthread_mutex_lock(&js->lock);
	for (struct list *at = js->logins.next; at != &js->logins && !found; at = at->next) {
		struct jmap_login *l = list_item(at, struct jmap_login, list);

		if (!gw_slice_eq(user, gw_slice_str(l->user)) || now - l->verified_ms >= js->set.auth_ttl_s * 1000u)
			continue;
		prove(l->salt, secret, proof);
		if (gw_equal_ct(proof, l->proof, sizeof proof)) {
			found = l;
			l->refs++;
		}
	}
	pthread_mutex_unlock(&js->lock);
	gw_wipe(proof, sizeof proof);
	return found;
}

/* With the lock: take what is believed no longer, and user's, out of the list; chained for release(). */
static struct jmap_login *expire(struct jmap_store *js, uint64_t now, const char *user)
{
	struct jmap_login *chain = NULL;


	for (struct list *at = js->logins.next, *next; at != &js->logins; at = next) {
		struct jmap_login *l = list_item(at, struct jmap_login, list);

		next = at->next;
		if (now - l->verified_ms < js->set.auth_ttl_s * 1000u && !(user && strcmp(user, l->user) == 0))
			continue;
		list_del(at);
		list_init(at);
		l->expired = chain;
		chain = l;
	}
	return chain;
}

static void release(struct jmap_login *chain)
{
	for (struct jmap_login *next; chain; chain = next) {
		next = chain->expired;
		jmap_login_unref(chain);
	}
}

/* Remember l, whose secret the server has just accepted, instead of what was known of the user. */
static void remember(struct jmap_store *js, struct jmap_login *l, struct gw_slice secret)
{
	struct jmap_login *old;

	l->verified_ms = gw_mono_ms(js->clock);
	if (!js->set.auth_ttl_s || RAND_bytes(l->salt, sizeof l->salt) != 1)
		return;
	prove(l->salt, secret, l->proof);
	pthread_mutex_lock(&js->lock);
	old = expire(js, l->verified_ms, l->user);
	list_add(&js->logins, &l->list);
	l->refs++;
	pthread_mutex_unlock(&js->lock);
	release(old);
}

void jmap_logins_tidy(struct jmap_store *js, bool all)
{
	struct jmap_login *old;

	pthread_mutex_lock(&js->lock);
	old = expire(js, all ? UINT64_MAX : gw_mono_ms(js->clock), NULL);
	pthread_mutex_unlock(&js->lock);
	release(old);
}

void jmap_login_forget(struct jmap_login *l)
{
	struct jmap_store *js = l->js;
	bool known;

	pthread_mutex_lock(&js->lock);
	known = !list_empty(&l->list);
	list_del(&l->list);
	pthread_mutex_unlock(&js->lock);
	if (known)
		jmap_login_unref(l);
}

/* ---- asking the server ---- */

static char *session_url(struct jmap_store *js, bool *ret_known)
{
	char *url;

	pthread_mutex_lock(&js->lock);
	*ret_known = js->session_url != NULL;
	url = gw_xstrdup(js->session_url ? js->session_url : js->url);
	pthread_mutex_unlock(&js->lock);
	return url;
}

/* Where the session resource was found, for the next one; NULL: not there any more. */
static void note_url(struct jmap_store *js, const char *url)
{
	char *old;

	pthread_mutex_lock(&js->lock);
	old = js->session_url;
	js->session_url = gw_xstrdup(url);
	pthread_mutex_unlock(&js->lock);
	free(old);
}

static int judge(struct jmap_login *l, const struct http_call *call, struct gw_err *err)
{
	switch (call->status) {
	case 200:
		return jmap_session_read(gw_buf_slice(&call->response), call->final_url ? call->final_url : call->url, false,
			&l->arena, &l->session, err);
	case 401:
		return gw_fail(err, GW_EAUTH, "the storage server knows no such user and password");
	case 403:
		return gw_fail(err, GW_EDISABLED, "the storage server refuses this user");
	default:
		return jmap_http_error(call->status, gw_buf_slice(&call->response), NULL, err);
	}
}

static int ask_at(struct jmap_login *l, const char *url, int *ret_status, struct gw_err *err)
{
	struct http_header headers[1];
	struct http_call call;
	int rc;

	http_call_init(&call);
	call.kind = JMAP_CALL_SESSION;
	call.method = "GET";
	call.url = url;
	call.headers = headers;
	jmap_login_sign(l, &call, headers);
	call.safe = call.follow = true;
	call.max_response = SESSION_MAX;
	rc = jmap_http(l->js, &call, err);
	if (rc == 0)
		rc = judge(l, &call, err);
	*ret_status = call.status;
	if (rc == 0)
		note_url(l->js, call.final_url ? call.final_url : url);
	http_call_done(&call);
	return rc;
}

/* Get the session object for the credentials of l. */
static int ask(struct jmap_login *l, struct gw_err *err)
{
	bool known;
	char *url = session_url(l->js, &known);
	int status, rc = ask_at(l, url, &status, err);

	if (known && (status == 404 || status == 410 || status / 100 == 3)) { /* it has moved */
		note_url(l->js, NULL);
		rc = ask_at(l, l->js->url, &status, err);
	}
	free(url);
	return rc;
}

static int sign_on(struct jmap_store *js, struct jmap_login *l, struct gw_slice secret, struct jmap_login **ret, struct gw_err *err)
{
	int rc = ask(l, err);

	if (rc < 0) {
		jmap_login_unref(l);
		return rc;
	}
	if (secret.n)
		remember(js, l, secret);
	*ret = l;
	return 0;
}

/* Names and secrets that cannot be sent in a header field are nobody's. */
static bool sendable(struct gw_slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
			return false;
	return s.n > 0 && s.n <= 8192;
}

static int nobody(struct gw_err *err)
{
	return gw_fail(err, GW_EAUTH, "no user can have this name and password");
}

int jmap_login_password(struct jmap_store *js, struct gw_slice user, struct gw_slice password, struct jmap_login **ret,
	struct gw_err *err)
{
	struct jmap_login *l;

	if (!sendable(user) || !sendable(password) || memchr(user.p, ':', user.n) || user.n > GW_USER_NAME_MAX)
		return nobody(err);
	*ret = recall(js, user, password);
	if (*ret)
		return 0;
	l = login_new(js, user);
	jmap_basic(&l->authorization, user, password);
	l->own = true;
	return sign_on(js, l, password, ret, err);
}

static bool is_token(struct gw_slice s) /* RFC 6750 2.1: b68token */
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] == 0x7F || (unsigned char)s.p[i] >= 0x80 || s.p[i] == '"' || s.p[i] == ',')
			return false;
	return s.n > 0 && s.n <= 8192;
}

int jmap_login_token(struct jmap_store *js, struct gw_slice user, struct gw_slice token, struct jmap_login **ret,
	struct gw_err *err)
{
	struct jmap_login *l;
	int rc;

	if (!is_token(token) || (user.n && !sendable(user)) || user.n > GW_USER_NAME_MAX)
		return nobody(err);
	*ret = user.n ? recall(js, user, token) : NULL;
	if (*ret)
		return 0;
	l = login_new(js, user);
	bearer(&l->authorization, token);
	l->own = true;
	rc = ask(l, err);
	if (rc == 0 && !user.n && l->session.username.n && l->session.username.n <= GW_USER_NAME_MAX) {
		free(l->user); /* the token says who it is */
		l->user = gw_xslicedup(l->session.username);
	} else if (rc == 0 && !gw_slice_eqi(l->session.username, user)) { /* nor of nobody: it must say whose it is */
		rc = gw_fail(err, GW_EACCES, "the token is of another user");
	}
	if (rc < 0 || !*l->user) {
		jmap_login_unref(l);
		return rc < 0 ? rc : nobody(err);
	}
	remember(js, l, token);
	*ret = l;
	return 0;
}

/* The name with which the service signs on for user: %u and %m of the pattern. */
static char *login_as(const struct jmap_store *js, struct gw_slice user)
{
	struct gw_buf b;
	char *name;

	gw_buf_init(&b, 0);
	for (const char *p = js->set.login_as; *p; p++) {
		if (p[0] == '%' && p[1] == 'u')
			gw_buf_add_slice(&b, user);
		else if (p[0] == '%' && p[1] == 'm')
			gw_buf_add_slice(&b, gw_slice_str(js->set.service_user));
		else
			gw_buf_add_char(&b, *p);
		p += p[0] == '%' && (p[1] == 'u' || p[1] == 'm' || p[1] == '%');
	}
	name = gw_xslicedup(gw_buf_slice(&b));
	gw_buf_done(&b);
	return name;
}

/* A server that does not know how a service speaks for users would show each of them the service's own mail. */
static int speaks_for(const struct jmap_login *l, struct gw_err *err)
{
	struct gw_slice service = gw_slice_str(l->js->set.service_user), user = gw_slice_str(l->user);

	if (gw_slice_eqi(l->session.username, service) && !gw_slice_eqi(user, service))
		return gw_fail(err, GW_ECORRUPT, "the storage server signs %s on, asked for %s (backend_impersonate)",
			l->js->set.service_user, l->user);
	return 0;
}

int jmap_login_trusted(struct jmap_store *js, struct gw_slice user, struct jmap_login **ret, struct gw_err *err)
{
	struct jmap_login *l;
	char *name;
	int rc;

	if (!js->set.service_user || js->set.impersonate == JMAP_AS_NOBODY)
		return gw_fail(err, GW_ENOTSUP, "no service account is set that may speak for users (backend_user, backend_impersonate)");
	if (!sendable(user) || user.n > GW_USER_NAME_MAX)
		return nobody(err);
	l = login_new(js, user);
	name = js->set.impersonate == JMAP_LOGIN_AS ? login_as(js, user) : gw_xstrdup(js->set.service_user);
	jmap_basic(&l->authorization, gw_slice_str(name), gw_secret_slice(&js->set.service_password));
	if (js->set.impersonate == JMAP_AUTHORIZE_AS)
		l->authorize_as = gw_xslicedup(user);
	free(name);
	rc = sign_on(js, l, GW_S(""), &l, err);
	if (rc < 0)
		return rc;
	rc = speaks_for(l, err);
	if (rc < 0)
		jmap_login_unref(l);
	else
		*ret = l;
	return rc;
}

struct jmap_login *jmap_login_service(struct jmap_store *js)
{
	struct jmap_login *l = login_new(js, gw_slice_str(js->set.service_user));

	jmap_basic(&l->authorization, gw_slice_str(js->set.service_user), gw_secret_slice(&js->set.service_password));
	return l;
}

/* What is believed of old is believed of l. */
static void supersede(struct jmap_login *old, struct jmap_login *l)
{
	struct jmap_store *js = old->js;
	bool listed;

	pthread_mutex_lock(&js->lock);
	listed = !list_empty(&old->list);
	if (listed) {
		list_del(&old->list);
		list_init(&old->list);
		memcpy(l->salt, old->salt, sizeof l->salt);
		memcpy(l->proof, old->proof, sizeof l->proof);
		l->verified_ms = old->verified_ms;
		list_add(&js->logins, &l->list);
		l->refs++;
	}
	pthread_mutex_unlock(&js->lock);
	if (listed)
		jmap_login_unref(old);
}

int jmap_login_again(struct jmap_login *old, struct jmap_login **ret, struct gw_err *err)
{
	struct jmap_login *l = login_new(old->js, gw_slice_str(old->user));
	int rc;

	gw_secret_set(&l->authorization, gw_secret_slice(&old->authorization));
	l->authorize_as = gw_xstrdup(old->authorize_as);
	l->own = old->own;
	rc = sign_on(old->js, l, GW_S(""), &l, err);
	if (rc < 0)
		return rc;
	if (!gw_slice_eq(l->session.username, old->session.username)) {
		jmap_login_unref(l);
		return gw_fail(err, GW_ECORRUPT, "the storage server signs another user on, asked for %s again", old->user);
	}
	supersede(old, l);
	*ret = l;
	return 0;
}
