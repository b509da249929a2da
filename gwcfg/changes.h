/* changes.h - a plan for people and for programs (gwcfg diff, gwcfg plan)
 *
 * Passwords never come out of here: of a value that differs in nothing else it is said that they differ. */
#ifndef GWCFG_CHANGES_H
#define GWCFG_CHANGES_H

#include "config/plan.h"
#include "gwcfg/running.h"
#include "util/json.h"

/* gw_plan_make(). A daemon that does not show its passwords to this user (r, may be NULL) has the ones that are in the
 * files: nothing else can be known. */
void make_plan(struct gw_plan *p, const struct gw_config *was, const struct gw_config *now, const struct running *r);

/* The two values with their places, two lines. */
void put_change(const struct gw_plan_option *c, struct gw_buf *out);

/* "- imap 127.0.0.1:143", a line without its end. */
void put_listener(const struct gw_plan_listener *l, struct gw_buf *out);

/* "+ /etc/cert.pem (key /etc/key.pem)", a line without its end. */
void put_cert(const struct gw_plan_cert *c, struct gw_buf *out);

/* The members "changes", "listeners", "certificates", "live", "next" and "restart" of an object that is open. With r
 * (may be NULL) also what follows for its sessions. */
void json_plan(const struct gw_plan *p, const struct running *r, struct gw_json *j);

/* Is the listener open now? Without a certificate those of TLS are not. */
bool listener_open(const struct gw_plan_listener *l, const struct running *r);

/* Did the files of a pair change since the daemon read them? */
bool cert_changed(const struct gw_plan_cert *c, const struct running *r);

/* What the daemon knows of a certificate; NULL. */
const struct running_cert *cert_of(const struct gw_plan_cert *c, const struct running *r);

#endif
