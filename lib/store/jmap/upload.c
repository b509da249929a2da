/* upload.c - octets to a JMAP server (RFC 8620 6.1), before something refers to them */
#include "store/jmap/driver.h"

#include "store/account/append.h"
#include "util/mem.h"

#define AT_ONCE 4

struct upload {
	struct http_call call;
	struct http_header header[2];
	struct jmap_login *login;
};

static void begin(struct upload *u, struct jmap_remote *r, struct view_append *ap, struct gw_arena *arena, const atomic_bool *stop)
{
	static const struct http_header type = { "Content-Type", "message/rfc822" };

	http_call_init(&u->call);
	u->login = jmap_remote_login(r);
	u->header[0] = type;
	u->call.kind = JMAP_CALL_UPLOAD;
	u->call.method = "POST";
	u->call.url = jmap_upload_url(&u->login->session, jmap_account_id(r), arena);
	u->call.headers = u->header;
	u->call.n_headers = 1;
	jmap_login_sign(u->login, &u->call, u->header);
	u->call.read = append_read;
	u->call.read_ctx = ap;
	u->call.read_size = ap->size;
	u->call.safe = true; /* a blob more, that nothing refers to */
	u->call.interrupted = stop;
	http_start(r->js->http, &u->call);
}

static int finish(struct upload *u, struct jmap_remote *r, uint64_t sent, struct gw_arena *arena, struct gw_slice *ret, struct gw_err *err)
{
	struct jmap_store *js = r->js;
	uint64_t size = 0;
	int rc;

	if (js->waiting)
		js->waiting(js->waiting_ctx, true);
	rc = http_wait(js->http, &u->call, err);
	if (js->waiting)
		js->waiting(js->waiting_ctx, false);
	if (rc == 0 && u->call.status == 401)
		jmap_remote_deny(r, u->login);
	if (rc == 0 && u->call.status / 100 != 2)
		rc = jmap_http_error(u->call.status, gw_buf_slice(&u->call.response), NULL, err);
	else if (rc == 0)
		rc = jmap_upload_read(gw_buf_slice(&u->call.response), jmap_account_id(r), arena, ret, &size, err);
	if (rc == 0 && size != sent)
		rc = gw_fail(err, GW_EIO, "the storage server took %llu octets of %llu", (unsigned long long)size, (unsigned long long)sent);
	http_call_done(&u->call);
	jmap_login_unref(u->login);
	return rc;
}

/* The rest of an upload that has begun. Cyrus makes a user's place for uploads with the first one, and answers another one that comes
 * at that moment with 404: it is sent once more. That the place is not there is no news of a mailbox. */
static int complete(struct upload *u, struct jmap_remote *r, struct view_append *ap, struct gw_arena *arena, const atomic_bool *stop,
	struct gw_slice *ret, struct gw_err *err)
{
	int rc = finish(u, r, ap->size, arena, ret, err);

	if (rc != GW_ENOENT)
		return rc;
	begin(u, r, ap, arena, stop);
	rc = finish(u, r, ap->size, arena, ret, err);
	return rc == GW_ENOENT ? gw_fail(err, GW_EUNAVAIL, "the storage server has no place for uploads") : rc;
}

int jmap_upload(struct jmap_remote *r, struct view_append *const *v, size_t n, struct gw_arena *arena, const atomic_bool *stop,
	struct gw_slice *ret, struct gw_err *err)
{
	struct jmap_login *login = jmap_remote_login(r);
	size_t most = login->session.limit.max_concurrent_upload;
	struct upload *u;
	int rc = 0;

	jmap_login_unref(login);
	most = most < 1 ? 1 : most > AT_ONCE ? AT_ONCE : most;
	u = gw_xcalloc(most, sizeof *u);
	for (size_t from = 0; from < n && rc == 0; from += most) {
		size_t some = n - from < most ? n - from : most;

		for (size_t i = 0; i < some; i++)
			begin(&u[i], r, v[from + i], arena, stop);
		for (size_t i = 0; i < some; i++) {
			int one = complete(&u[i], r, v[from + i], arena, stop, &ret[from + i], rc == 0 ? err : NULL);

			rc = rc < 0 ? rc : one;
		}
	}
	free(u);
	return rc;
}
