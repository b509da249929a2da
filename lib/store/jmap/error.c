/* error.c - what went wrong on the storage server, in the store's words: errors of methods (RFC 8620 3.6.2), of single
 * objects (RFC 8620 5.3, RFC 8621), of whole requests (RFC 8620 3.6.1, RFC 7807) and of HTTP */
#include "store/jmap/answer.h"

#include "util/utf8.h"

#define TYPE_MAX	64
#define DESCRIPTION_MAX 200

static const struct {
	const char *type;
	enum jmap_error kind;
	int code;
} errors[] = {
	/* methods: RFC 8620 3.6.2, 5.1 to 5.6 */
	{ "serverUnavailable", JMAP_ERR_UNAVAILABLE, GW_EUNAVAIL },
	{ "serverFail", JMAP_ERR_OTHER, GW_EIO },
	{ "serverPartialFail", JMAP_ERR_OTHER, GW_EIO },
	{ "unknownMethod", JMAP_ERR_UNKNOWN_METHOD, GW_ENOTSUP },
	{ "invalidArguments", JMAP_ERR_INVALID, GW_EINVAL },
	{ "forbidden", JMAP_ERR_FORBIDDEN, GW_EACCES },
	{ "accountNotFound", JMAP_ERR_ACCOUNT, GW_EACCES },
	{ "accountNotSupportedByMethod", JMAP_ERR_ACCOUNT, GW_EACCES },
	{ "fromAccountNotFound", JMAP_ERR_ACCOUNT, GW_EACCES },
	{ "fromAccountNotSupportedByMethod", JMAP_ERR_ACCOUNT, GW_EACCES },
	{ "accountReadOnly", JMAP_ERR_FORBIDDEN, GW_EACCES },
	{ "requestTooLarge", JMAP_ERR_TOO_LARGE, GW_ELIMIT },
	{ "stateMismatch", JMAP_ERR_STATE, GW_EBUSY },
	{ "cannotCalculateChanges", JMAP_ERR_CHANGES, GW_ENOTSUP },
	{ "tooManyChanges", JMAP_ERR_TOO_MANY_CHANGES, GW_ELIMIT },
	{ "anchorNotFound", JMAP_ERR_ANCHOR, GW_EBUSY },
	{ "unsupportedSort", JMAP_ERR_INVALID, GW_ENOTSUP },
	{ "unsupportedFilter", JMAP_ERR_INVALID, GW_ENOTSUP },
	/* objects: RFC 8620 5.3, 5.4 */
	{ "overQuota", JMAP_ERR_QUOTA, GW_EQUOTA },
	{ "maxQuotaReached", JMAP_ERR_QUOTA, GW_EQUOTA }, /* of drafts before RFC 8621 */
	{ "tooLarge", JMAP_ERR_TOO_LARGE, GW_ELIMIT },
	{ "rateLimit", JMAP_ERR_OTHER, GW_ELIMIT },
	{ "notFound", JMAP_ERR_NOT_FOUND, GW_ENOENT },
	{ "invalidPatch", JMAP_ERR_INVALID, GW_EINVAL },
	{ "willDestroy", JMAP_ERR_INVALID, GW_EINVAL },
	{ "invalidProperties", JMAP_ERR_INVALID, GW_EINVAL },
	{ "singleton", JMAP_ERR_INVALID, GW_EINVAL },
	{ "alreadyExists", JMAP_ERR_EXISTS, GW_EEXIST },
	/* objects: RFC 8621 2.5, 4.6 to 4.8 */
	{ "mailboxHasChild", JMAP_ERR_HAS_CHILD, GW_EINVAL },
	{ "mailboxHasEmail", JMAP_ERR_HAS_EMAIL, GW_EINVAL },
	{ "blobNotFound", JMAP_ERR_BLOB, GW_EINVAL },
	{ "tooManyKeywords", JMAP_ERR_OTHER, GW_ELIMIT },
	{ "tooManyMailboxes", JMAP_ERR_OTHER, GW_ELIMIT },
	{ "invalidEmail", JMAP_ERR_INVALID, GW_EINVAL },
};

/* The beginning of s up to what cannot be shown. */
static struct gw_slice printable(struct gw_slice s, size_t max)
{
	struct gw_slice rest = s;
	size_t n = 0;
	uint32_t cp;

	while (rest.n && gw_utf8_next(&rest, &cp) && cp >= 0x20 && (cp < 0x7F || cp >= 0xA0) && cp != 0x2028 &&
		cp != 0x2029 && s.n - rest.n <= max)
		n = s.n - rest.n;
	return gw_slice(s.p, n);
}

void jmap_failure_read(struct json_value v, struct jmap_failure *ret)
{
	struct gw_slice type = json_text(json_member(v, GW_S("type"))),
			existing = json_text(json_member(v, GW_S("existingId")));

	*ret = (struct jmap_failure){ .kind = JMAP_ERR_OTHER,
		.code = GW_EIO,
		.type = type.n ? printable(type, TYPE_MAX) : GW_S("an error without a type"),
		.description = printable(json_text(json_member(v, GW_S("description"))), DESCRIPTION_MAX) };
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (gw_slice_eq(type, gw_slice_str(errors[i].type))) {
			ret->kind = errors[i].kind;
			ret->code = errors[i].code;
		}
	if (ret->kind == JMAP_ERR_EXISTS && jmap_id_ok(existing))
		ret->existing = existing;
}

void jmap_failure_corrupt(struct gw_slice type, struct jmap_failure *ret)
{
	*ret = (struct jmap_failure){ .kind = JMAP_ERR_OTHER, .code = GW_ECORRUPT, .type = type };
}

int jmap_fail(const struct jmap_failure *f, const char *what, struct gw_err *err)
{
	return gw_fail(err, (enum gw_code)f->code, "%s: the storage server says %.*s%s%.*s", what, GW_FMT(f->type),
		f->description.n ? ": " : "", GW_FMT(f->description));
}

/* ---- whole requests ---- */

/* RFC 8620 3.6.1: "the name of the limit being applied". wait: others are using it up, later it will do. */
static const struct {
	const char *name;
	bool wait;
} limits[] = {
	{ "maxSizeRequest", false },
	{ "maxCallsInRequest", false },
	{ "maxObjectsInGet", false },
	{ "maxObjectsInSet", false },
	{ "maxSizeUpload", false },
	{ "maxConcurrentRequests", true },
	{ "maxConcurrentUpload", true },
};

static int problem_limit(struct json_value problem, const char **ret_limit, struct gw_err *err)
{
	struct gw_slice name = json_text(json_member(problem, GW_S("limit")));

	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		if (gw_slice_eq(name, gw_slice_str(limits[i].name))) {
			*ret_limit = limits[i].name;
			return gw_fail(err, limits[i].wait ? GW_EUNAVAIL : GW_ELIMIT,
				"the storage server's limit %s was exceeded", limits[i].name);
		}
	return gw_fail(
		err, GW_ELIMIT, "a limit of the storage server was exceeded: %.*s", GW_FMT(printable(name, TYPE_MAX)));
}

static int problem_error(int status, struct json_value problem, const char **ret_limit, struct gw_err *err)
{
	struct gw_slice type = json_text(json_member(problem, GW_S("type")));
	struct gw_slice detail = printable(json_text(json_member(problem, GW_S("detail"))), DESCRIPTION_MAX);

	if (gw_slice_eq(type, GW_S("urn:ietf:params:jmap:error:limit")))
		return problem_limit(problem, ret_limit, err);
	return gw_fail(err, GW_EIO, "the storage server refuses the request (status %d): %.*s %.*s", status,
		GW_FMT(printable(type, TYPE_MAX)), GW_FMT(detail));
}

static int status_error(int status, struct gw_err *err)
{
	switch (status) {
	case 401:
		return gw_fail(err, GW_EAUTH, "the storage server does not accept the credentials (status 401)");
	case 403:
		return gw_fail(err, GW_EACCES, "the storage server does not allow that (status 403)");
	case 404:
	case 410:
		return gw_fail(err, GW_ENOENT, "the storage server does not have that (status %d)", status);
	case 413:
		return gw_fail(err, GW_ELIMIT, "that is too large for the storage server (status 413)");
	case 507:
		return gw_fail(err, GW_EQUOTA, "the storage server has no room for that (status 507)");
	case 408:
	case 429:
		return gw_fail(err, GW_EUNAVAIL, "the storage server asks to try again later (status %d)", status);
	default:
		if (status >= 500)
			return gw_fail(err, GW_EUNAVAIL, "the storage server has trouble (status %d)", status);
		return gw_fail(err, GW_EIO, "the storage server answers with status %d", status);
	}
}

int jmap_http_error(int status, struct gw_slice body, const char **ret_limit, struct gw_err *err)
{
	const char *limit = "";
	struct json *json = NULL;
	int rc;

	/* What the status says plainly needs no problem object, and most such answers are HTML. */
	if (status >= 400 && status < 500 && json_read(body, &json, NULL) == 0 &&
		json_type(json_root(json)) == JSON_OBJECT &&
		(status == 400 || json_type(json_member(json_root(json), GW_S("limit"))) == JSON_STRING))
		rc = problem_error(status, json_root(json), &limit, err);
	else
		rc = status_error(status, err);
	json_free(json);
	if (ret_limit)
		*ret_limit = limit;
	return rc;
}
