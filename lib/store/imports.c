/* imports.c - the calls of import.h, an operator's work, not timed (see store.c) */
#include "store/driver.h"
#include "store/names.h"

static bool key_ok(struct gw_slice key)
{
	return key.n && key.n <= GW_IMPORT_KEY_MAX;
}

static int key_failed(struct gw_err *err)
{
	return gw_fail(err, GW_EINVAL, "what names a message at its source has 1 to %d octets", GW_IMPORT_KEY_MAX);
}

static int no_imports(const struct gw_acct *a, struct gw_err *err)
{
	return gw_fail(err, GW_ENOTSUP, "mail lives on the storage server %s: imports work only with an embedded store",
		a->store ? a->store->url : "");
}

int gw_import_folder(
	struct gw_acct *a, const struct gw_import_folder *f, struct gw_import_into *ret, struct gw_err *err)
{
	struct gw_import_folder named = *f;
	char buf[GW_MAILBOX_NAME_MAX];
	int rc;

	if (!a->ops->import_folder)
		return no_imports(a, err);
	rc = key_ok(f->source) ? mailbox_name_new(&named.name, buf, err) : key_failed(err);
	named.special &= GW_MBOX_SPECIAL;
	return rc < 0 ? rc : a->ops->import_folder(a, &named, ret, err);
}

int gw_import_known(struct gw_acct *a, const struct gw_import_into *into, const struct gw_slice *keys, size_t n,
	bool *ret, struct gw_err *err)
{
	return a->ops->import_known(a, into, keys, n, ret, err);
}

int gw_import_commit(struct gw_acct *a, const struct gw_import_into *into, struct gw_import_message *v, size_t n,
	struct gw_err *err)
{
	for (size_t i = 0; i < n; i++)
		if (!key_ok(v[i].key))
			return key_failed(err);
	return a->ops->import_commit(a, into, v, n, err);
}

int gw_import_flags(struct gw_acct *a, const struct gw_import_into *into, const struct gw_import_flags *v, size_t n,
	uint64_t *ret, struct gw_err *err)
{
	return a->ops->import_flags(a, into, v, n, ret, err);
}

int gw_import_finish(struct gw_acct *a, const struct gw_import_into *into, uint32_t uidnext, struct gw_err *err)
{
	return a->ops->import_finish(a, into, uidnext, err);
}

bool gw_import_uidl_ok(struct gw_slice uidl)
{
	for (size_t i = 0; i < uidl.n; i++)
		if (uidl.p[i] < 0x21 || uidl.p[i] > 0x7E)
			return false;
	return uidl.n > 0 && uidl.n <= GW_IMPORT_UIDL_MAX;
}

int gw_import_uidls(struct gw_acct *a, struct gw_mbox_id id, const struct gw_import_uidl *v, size_t n, uint64_t *ret, struct gw_err *err)
{
	if (!a->ops->import_uidls)
		return no_imports(a, err);
	for (size_t i = 0; i < n; i++)
		if (!gw_import_uidl_ok(v[i].uidl) || (i && v[i].uid <= v[i - 1].uid))
			return gw_fail(err, GW_EINVAL, "no message can be known to POP3 clients by \"%.*s\"", GW_FMT(v[i].uidl));
	return a->ops->import_uidls(a, id, v, n, ret, err);
}
