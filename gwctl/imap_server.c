/* imap_server.c - which IMAP server is meant, and as whom to sign on (see imap_link.h) */
#include "store/http/curl.h"
#include "gwctl/files.h"
#include "gwctl/imap_link.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define PASSWORD_MAX 16384 /* octets; tokens are long */

static int fetch_password(struct imap_server *s, const struct source_options *o, struct gw_err *err)
{
	struct gw_buf file;
	struct gw_slice line;

	if (!o->password_file) {
		if (!o->password || o->password->n == 0)
			return gw_fail(err, GW_EAUTH, "there is no password for %s at %s; say --password-file", s->user, s->host);
		gw_secret_set(&s->password, gw_secret_slice(o->password));
		return 0;
	}
	/* the operator's own file: it may be a link, and in any folder */
	if (files_slurp_named(o->password_file, PASSWORD_MAX, &file) < 0)
		return files_fail(err, "read the password file", o->password_file);
	line = gw_buf_slice(&file);
	line.n = gw_slice_find(line, '\n');
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	gw_secret_set(&s->password, line);
	if (file.p)
		gw_wipe(file.p, file.cap);
	gw_buf_done(&file);
	return s->password.n ? 0 : gw_fail(err, GW_EINVAL, "the first line of \"%s\" is empty; it is to be the password",
					   o->password_file);
}

/* A part of the URL, NULL when it is not there. free() it. */
static char *part(const struct curl *c, CURLU *url, CURLUPart which)
{
	char *text = NULL, *copy;

	if (c->curl_url_get(url, which, &text, which == CURLUPART_PORT ? 0 : CURLU_URLDECODE) != CURLUE_OK)
		return NULL;
	copy = gw_xstrdup(text);
	c->curl_free(text);
	return copy;
}

static bool is_local(const char *host)
{
	return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 || strcmp(host, "[::1]") == 0;
}

static int take_apart(struct imap_server *s, const struct curl *c, CURLU *url, const char *scheme, const char *where,
		      const struct source_options *o, struct gw_err *err)
{
	char *password = part(c, url, CURLUPART_PASSWORD), *port = part(c, url, CURLUPART_PORT);
	char *path = part(c, url, CURLUPART_PATH);
	bool has_password = password != NULL, has_path = path && strcmp(path, "/") != 0;

	s->host = part(c, url, CURLUPART_HOST);
	s->user = o->user ? gw_xstrdup(o->user) : part(c, url, CURLUPART_USER);
	s->login = part(c, url, CURLUPART_OPTIONS);
	if (s->host)
		s->url = gw_xasprintf("%s://%s%s%s/", scheme, s->host, port ? ":" : "", port ? port : "");
	if (password)
		gw_wipe(password, strlen(password));
	free(password);
	free(port);
	free(path);
	if (has_password)
		return gw_fail(err, GW_EINVAL, "a password in a URL is seen by everybody on this machine; say --password-file");
	if (!s->host || has_path)
		return gw_fail(err, GW_EINVAL, "\"%s:%s\" is not of the form %s://user@host:port", scheme, where, scheme);
	if (!s->user)
		return gw_fail(err, GW_EINVAL, "say as whom to sign on at %s: %s://user@%s", s->host, scheme, s->host);
	s->local = is_local(s->host);
	return 0;
}

int imap_server_read(struct imap_server *s, const char *scheme, const char *where, const struct source_options *o,
		     struct gw_err *err)
{
	const struct curl *c = curl_load();
	char *text = gw_xasprintf("%s:%s", scheme, where);
	CURLU *url = c ? c->curl_url() : NULL;
	int rc;

	*s = (struct imap_server){ .insecure = o->insecure, .ca_file = gw_xstrdup(o->ca_file) };
	if (!c)
		rc = gw_fail(err, GW_ENOTSUP, "mail servers are reached through libcurl, which is not on this machine; install libcurl4");
	else if (c->curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK)
		rc = gw_fail(err, GW_EINVAL, "\"%s\" is not of the form %s://user@host:port", text, scheme);
	else
		rc = take_apart(s, c, url, scheme, where, o, err);
	if (rc == 0)
		rc = fetch_password(s, o, err);
	if (c)
		c->curl_url_cleanup(url);
	free(text);
	return rc;
}

void imap_server_done(struct imap_server *s)
{
	free(s->url);
	free(s->host);
	free(s->user);
	free(s->login);
	free(s->ca_file);
	gw_secret_free(&s->password);
	*s = (struct imap_server){ 0 };
}
