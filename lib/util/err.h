/* err.h - error codes and the sentence that goes with them
 *
 * A function that can fail returns 0 or a negative enum gw_code; the sentence for the operator
 * travels in a struct gw_err, which the caller owns and may leave out (NULL). */
#ifndef GW_UTIL_ERR_H
#define GW_UTIL_ERR_H

#include <stdarg.h>

enum gw_code {
	GW_OK = 0,
	GW_EINVAL = -1,        /* the input is wrong; trying again will not help */
	GW_ENOENT = -2,        /* the named thing does not exist */
	GW_EEXIST = -3,        /* the named thing exists already */
	GW_EACCES = -4,        /* not allowed */
	GW_EIO = -5,           /* disk or OS trouble */
	GW_ENOSPC = -6,        /* disk full */
	GW_EROFS = -7,         /* the store cannot be written */
	GW_ECORRUPT = -8,      /* stored data is damaged */
	GW_EBUSY = -9,         /* somebody else holds it; try again later */
	GW_ELIMIT = -10,       /* over one of our limits */
	GW_EQUOTA = -11,       /* over the account's quota */
	GW_EUNAVAIL = -12,     /* storage server cannot be reached; try again later */
	GW_EAUTH = -13,        /* wrong user name or password */
	GW_EDISABLED = -14,    /* right password, but the account may not use this service */
	GW_EINTR = -15,        /* interrupted (client went away, shutdown) */
	GW_ENOTSUP = -16,      /* this store cannot do that */
	GW_EGONE = -17,        /* the message was expunged */
	GW_EBUG = -18,         /* should never happen */
};

#define GW_ERR_TEXT 512

struct gw_err {
	enum gw_code code;
	const char *file; /* place in our own source, for debug logs */
	int line;
	char text[GW_ERR_TEXT];
};

/* Fill err (may be NULL) and return code. Not to be called but through gw_fail(). */
int gw_err_set(struct gw_err *err, const char *file, int line, enum gw_code code, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* What is no failure cannot fail: compilers and readers see that gw_fail() is below zero. */
static inline int gw_err_failed(int rc)
{
	return rc < 0 ? rc : GW_EBUG;
}

/* Fill err (may be NULL) and return code, which is always negative. */
#define gw_fail(err, code, ...) gw_err_failed(gw_err_set(err, __FILE__, __LINE__, code, __VA_ARGS__))

/* Put context in front of the sentence: "context: sentence". err may be NULL. */
void gw_err_ctx(struct gw_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* "corrupt", "no-space" ...: a stable word for logs and JSON. Never NULL. */
const char *gw_code_name(int code);

/* A negative gw_code for an errno of the OS. */
int gw_code_errno(int os_errno);

/* A broken invariant: print the place and abort. Never for bad input. */
void gw_bug_at(const char *file, int line, const char *what) __attribute__((noreturn));

#define gw_bug(what) gw_bug_at(__FILE__, __LINE__, what)

#endif
