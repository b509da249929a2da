/* audit.c - each order leaves an event (see ctl.h) */
#include "daemon/ctl/ctl.h"

#include "util/clock.h"

void ctl_audit(struct gwd *g, const struct ctl_caller *who, const struct gw_ctl_request *r, const char *result, bool refused)
{
	enum gw_event_id id = refused			       ? GW_EV_ORDER_REFUSED :
			      r->verb->level == GW_CTL_VIEWER ? GW_EV_ORDER_VIEW :
								GW_EV_ORDER;
	struct gw_buf text;

	if (!log_event_matters(&g->log, id, GW_MOD_CONTROL))
		return;
	gw_buf_init(&text, 0);
	if (refused)
		gw_buf_printf(&text, "%s", r->verb->name); /* its arguments were not read */
	else
		gw_ctl_redacted(r, &text);
	log_event(&g->log, id, GW_NUM("uid", who->uid), GW_NUM("pid", who->pid), GW_STR("role", gw_ctl_level_name(who->level)),
		  GW_STR("verb", r->verb->name), GW_TEXT("order", gw_buf_slice(&text)), GW_STR("result", result),
		  GW_NUM("ms", gw_mono_ms(gw_clock_system()) - who->began_ms));
	gw_buf_done(&text);
}
