/* object.c - conversations with the session object itself, over a store in memory (see conv.h) */
#include "tests/conv/conv.h"
#include "tests/conv/host.h"
#include "util/mem.h"

#include <stdlib.h>

struct object {
	struct host host;
	struct gw_peer peer;
	struct conv_link *link[HOST_LINKS];
};

static void *object_start(const struct conv_setup *setup)
{
	struct object *o = gw_xalloc(sizeof *o);

	if (!host_init(&o->host, gw_buf_slice(&setup->config))) {
		free(o);
		return NULL;
	}
	o->peer = (struct gw_peer){ .address = "192.0.2.7:4000", .local = !setup->remote, .tls = setup->tls,
				    .tls_possible = setup->tls_possible };
	return o;
}

static void object_stop(void *b)
{
	struct object *o = b;

	host_done(&o->host);
	free(o);
}

static bool object_open(void *b, unsigned n, struct conv_link *link)
{
	struct object *o = b;

	o->link[n] = link;
	host_open(&o->host, n, strcmp(link->proto, "pop3") == 0 ? &gw_pop3_proto : &gw_imap_proto, &o->peer);
	return true;
}

static void collect(struct object *o, unsigned n)
{
	host_take(&o->host, n, &o->link[n]->in);
	o->link[n]->closed = o->host.link[n].closed;
}

static void object_send(void *b, unsigned n, struct gw_slice bytes)
{
	host_send(&((struct object *)b)->host, n, bytes);
}

static void object_hangup(void *b, unsigned n)
{
	host_close(&((struct object *)b)->host, n);
}

static bool object_receive(void *b, unsigned n, bool patient)
{
	struct object *o = b;
	size_t before;

	(void)patient; /* time does not pass by itself */
	do {
		before = o->link[n]->in.n;
		for (unsigned i = 0; i < HOST_LINKS; i++)
			if (o->link[i] && o->host.link[i].session && !o->host.link[i].keep_output)
				collect(o, i);
		host_settle(&o->host);
		collect(o, n);
	} while (o->link[n]->in.n == before && o->host.link[n].out.n);
	return o->link[n]->in.n != before;
}

static void object_pass_time(void *b, unsigned seconds)
{
	host_pass_time(&((struct object *)b)->host, seconds);
}

static void object_special(void *b, unsigned n, const char *what)
{
	struct object *o = b;

	if (strcmp(what, "shutdown") == 0)
		host_wake(&o->host, n, GW_WAKE_SHUTDOWN);
	else if (strcmp(what, "drain") == 0)
		host_wake(&o->host, n, GW_WAKE_DRAIN);
	else if (strcmp(what, "kick") == 0)
		host_wake(&o->host, n, GW_WAKE_KICK);
}

const struct conv_back conv_object = {
	.can_setup = true,
	.start = object_start,
	.stop = object_stop,
	.open = object_open,
	.send = object_send,
	.hangup = object_hangup,
	.receive = object_receive,
	.pass_time = object_pass_time,
	.special = object_special,
};
