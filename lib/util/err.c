/* err.c - error codes and their sentences (see err.h) */
#include "util/err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int gw_err_set(struct gw_err *err, const char *file, int line, enum gw_code code, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return code;
	err->code = code;
	err->file = file;
	err->line = line;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof err->text, fmt, ap);
	va_end(ap);
	return code;
}

void gw_err_ctx(struct gw_err *err, const char *fmt, ...)
{
	char head[GW_ERR_TEXT];
	char whole[2 * GW_ERR_TEXT + 2];
	va_list ap;

	if (!err)
		return;
	va_start(ap, fmt);
	vsnprintf(head, sizeof head, fmt, ap);
	va_end(ap);
	snprintf(whole, sizeof whole, "%s: %s", head, err->text);
	memcpy(err->text, whole, sizeof err->text - 1);
	err->text[sizeof err->text - 1] = '\0';
}

const char *gw_code_name(int code)
{
	static const char *const names[] = {
		"ok", "invalid", "not-found", "exists", "denied", "io", "no-space", "read-only", "corrupt",
		"busy", "limit", "quota", "unavailable", "auth", "disabled", "interrupted", "unsupported",
		"gone", "bug",
	};
	size_t i = (size_t)-(long)code;

	return code <= 0 && i < sizeof names / sizeof *names ? names[i] : "unknown";
}

int gw_code_errno(int os_errno)
{
	switch (os_errno) {
	case ENOENT:
	case ENOTDIR:
		return GW_ENOENT;
	case EEXIST:
		return GW_EEXIST;
	case EACCES:
	case EPERM:
		return GW_EACCES;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return GW_ENOSPC;
	case EROFS:
		return GW_EROFS;
	case EINVAL:
	case ELOOP:
	case ENAMETOOLONG:
		return GW_EINVAL;
	case EBUSY:
	case EAGAIN:
		return GW_EBUSY;
	default:
		return GW_EIO;
	}
}

void gw_bug_at(const char *file, int line, const char *what)
{
	fprintf(stderr, "gateway: bug at %s:%d: %s\n", file, line, what);
	abort();
}
