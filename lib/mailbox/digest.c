/* digest.c - what a message that has no name of its own is known by (see digest.h) */
#include "mailbox/digest.h"

#include "util/err.h"
#include "util/mem.h"
#include "util/num.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct gw_digest {
	EVP_MD_CTX *ctx;
};

struct gw_digest *gw_digest_new(void)
{
	struct gw_digest *d = gw_xalloc(sizeof *d);

	d->ctx = EVP_MD_CTX_new();
	gw_digest_begin(d);
	return d;
}

void gw_digest_free(struct gw_digest *d)
{
	if (!d)
		return;
	EVP_MD_CTX_free(d->ctx);
	free(d);
}

void gw_digest_begin(struct gw_digest *d)
{
	if (EVP_DigestInit_ex(d->ctx, EVP_sha256(), NULL) != 1)
		gw_bug("no SHA-256");
}

void gw_digest_add(struct gw_digest *d, struct gw_slice octets)
{
	EVP_DigestUpdate(d->ctx, octets.p, octets.n);
}

void gw_digest_end(struct gw_digest *d, char ret[static GW_DIGEST_TEXT])
{
	unsigned char sum[EVP_MAX_MD_SIZE];

	EVP_DigestFinal_ex(d->ctx, sum, NULL);
	gw_put_hex(ret, sum, (GW_DIGEST_TEXT - 1) / 2);
}
