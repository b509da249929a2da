/* transfer.h - mail on its way between gwctl and the daemon: the stream of import and export, both ends, no socket
 *
 * One end gives mail and the other takes it: at an import gwctl gives, at an export the daemon does. They speak in frames: an
 * octet for the kind, four for the length of what follows (at most GW_TRANSFER_FRAME_MAX, big endian), and that. The
 * giver leads:
 *
 *	giver  HELLO                       version, and the name of what the mail comes from
 *	giver  FOLDER                      one after the other; those without messages too
 *	giver    OFFER OFFER ... ASK       what there is in it, at most GW_TRANSFER_BATCH at a time
 *	taker    WANT                      which of those it wants
 *	giver    MESSAGE DATA DATA ... END for each that is wanted, in their order; or CANNOT, with the reason, before or within it
 *	giver    COMMIT
 *	taker    ACK                       what it got is on its disk
 *	giver    COMPLETE                  that was all of the folder; left out when the giver stops before
 *	giver  DONE
 *	taker  ACK
 *
 * Nobody has to know sizes before, and nothing is acknowledged that could be lost. Either end may hang up at any moment; the
 * next run offers everything again and the taker wants what it does not have. Strings in frames have their length in two octets
 * before them; numbers are big endian. Which frame may come when is checked here. Thread: owner. */
#ifndef GW_TRANSFER_TRANSFER_H
#define GW_TRANSFER_TRANSFER_H

#include "store/store.h" /* GW_MBOX_*, GW_FLAG_* */
#include "util/buf.h"
#include "util/err.h"

#define GW_TRANSFER_VERSION 1
#define GW_TRANSFER_BATCH 256u         /* messages offered at a time */
#define GW_TRANSFER_FRAME_MAX 65536u   /* octets of a frame without its head */
#define GW_TRANSFER_HEAD 5u            /* octets of its head */
#define GW_TRANSFER_NAME_MAX 4096u     /* octets of a string other than data */
#define GW_TRANSFER_KEYWORDS_MAX 64u   /* of a message */

enum gw_transfer_type {
	GW_TRANSFER_HELLO = 'H',
	GW_TRANSFER_FOLDER = 'F',
	GW_TRANSFER_OFFER = 'O',
	GW_TRANSFER_ASK = 'Q',
	GW_TRANSFER_WANT = 'W',
	GW_TRANSFER_MESSAGE = 'M',
	GW_TRANSFER_DATA = 'D',
	GW_TRANSFER_END = 'E',
	GW_TRANSFER_CANNOT = 'X',
	GW_TRANSFER_COMMIT = 'C',
	GW_TRANSFER_COMPLETE = 'K',
	GW_TRANSFER_DONE = 'Z',
	GW_TRANSFER_ACK = 'A',
};

struct gw_transfer_folder {
	struct gw_slice name;  /* UTF-8, '/' between levels */
	uint32_t uidvalidity;  /* 0: its messages have no UIDs to be kept */
	uint32_t uidnext;      /* 0: unknown */
	uint32_t messages;     /* about so many will be offered */
	unsigned special;      /* GW_MBOX_* of the special-use half */
	bool subscribed, selectable;
};

struct gw_transfer_offer {
	struct gw_slice key;   /* names the message within its folder, the same at every run; not empty */
	struct gw_slice uidl;  /* what POP3 clients know it by; empty: nothing of its own */
	uint32_t uid;          /* 0: none */
	uint64_t flags;        /* GW_FLAG_* of the low byte */
	int64_t date;          /* INTERNALDATE, seconds since 1970 UTC; INT64_MIN: unknown */
	uint64_t size;         /* octets, about; 0: unknown */
	unsigned n_keywords;
	struct gw_slice keywords[GW_TRANSFER_KEYWORDS_MAX];
};

struct gw_transfer_frame {
	enum gw_transfer_type type;
	union {
		struct {
			uint32_t version;
			struct gw_slice source; /* names what the mail comes from, the same at every run */
		} hello;
		struct gw_transfer_folder folder;
		struct gw_transfer_offer offer;
		struct gw_slice bytes; /* WANT: an octet for each offer, 1 wanted or 0; DATA: octets of the message */
		struct {
			uint32_t number;      /* which of the offers, from 0 */
			struct gw_slice text; /* CANNOT: the reason, a sentence */
		} message;
	};
};

enum gw_transfer_state {
	GW_TRANSFER_AT_HELLO,
	GW_TRANSFER_AT_FOLDERS,   /* a folder, or the end */
	GW_TRANSFER_AT_OFFERS,    /* inside a folder: an offer, its end, the next one, or the end of all */
	GW_TRANSFER_AT_WANT,      /* the taker is asked */
	GW_TRANSFER_AT_MESSAGES,
	GW_TRANSFER_AT_DATA,      /* inside a message */
	GW_TRANSFER_AT_ACK,
	GW_TRANSFER_AT_LAST_ACK,
	GW_TRANSFER_AT_END,
};

struct gw_transfer {
	bool giver;
	enum gw_transfer_state state;
	unsigned offered;  /* in the batch */
	unsigned next;     /* number of the next message that may be given */
	unsigned number;   /* of the message being given */
	bool wanted[GW_TRANSFER_BATCH];
	struct gw_buf in, out;
	size_t used;       /* octets of in that were handed out */
};

/* giver: this end has the mail. */
void gw_transfer_init(struct gw_transfer *t, bool giver);
void gw_transfer_done(struct gw_transfer *t);

/* ---- what comes ---- */

/* Room for *ret_n octets (more than none) of what is read from the other end; tell with gw_transfer_got() how many came. */
char *gw_transfer_room(struct gw_transfer *t, size_t *ret_n);
void gw_transfer_got(struct gw_transfer *t, size_t n);

/* The next frame of the other end: 1; 0: more octets are needed; GW_EINVAL: it is not one, or not the time for it; GW_ENOTSUP:
 * the other end speaks another version. Slices in *ret are good until the next call. */
int gw_transfer_next(struct gw_transfer *t, struct gw_transfer_frame *ret, struct gw_err *err);

/* ---- what goes ---- */

/* Put a frame behind t->out, whose octets the caller sends and drops. It must be this end's turn for it (else gw_bug). Strings
 * are cut to GW_TRANSFER_NAME_MAX, DATA is at most GW_TRANSFER_FRAME_MAX, keywords beyond GW_TRANSFER_KEYWORDS_MAX must not be. */
void gw_transfer_put(struct gw_transfer *t, const struct gw_transfer_frame *f);

/* Is it this end's turn? (Else a frame of the other end is to be waited for.) */
bool gw_transfer_my_turn(const struct gw_transfer *t);

#endif
