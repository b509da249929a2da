/* admin_journal.c - what a long piece of work has finished (see admin.h)
 *
 * A text file: a title, then a line for each account, appended when it is done. Nothing is synced: a line that a
 * crash of the machine takes away costs doing that account again, and a torn line is no line. */
#include "store/local/admin.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/buf.h"
#include "util/mem.h"

#define FILE_MAX (256u << 20) /* of a journal that is read: 15 million accounts */
#define LINE 17               /* 16 digits and LF */

struct admin_journal {
	int fd;
	char *path;
	struct gw_buf ids; /* of uint64_t, ascending */
};

static int order(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The numbers behind the title, from whole lines. */
static void read_ids(struct admin_journal *j, struct gw_slice text)
{
	for (; text.n >= LINE && text.p[LINE - 1] == '\n'; gw_slice_take(&text, LINE)) {
		char digits[LINE];
		uint64_t id;

		memcpy(digits, text.p, LINE - 1);
		digits[LINE - 1] = '\0';
		if (sscanf(digits, "%16" SCNx64, &id) == 1)
			gw_buf_add(&j->ids, &id, sizeof id);
	}
	if (j->ids.n)
		qsort(j->ids.p, j->ids.n / sizeof(uint64_t), sizeof(uint64_t), order);
}

/* True: the file is of this work, and what it has was read. */
static bool read_file(struct admin_journal *j, struct gw_slice title)
{
	struct gw_slice all, first;
	struct stat st;
	ssize_t n = -1;
	char *text;
	bool ours;

	if (fstat(j->fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0 || st.st_size > FILE_MAX)
		return false;
	text = gw_xalloc((size_t)st.st_size);
	n = pread(j->fd, text, (size_t)st.st_size, 0);
	all = gw_slice(text, n > 0 ? (size_t)n : 0);
	first = gw_slice_take(&all, gw_slice_find(all, '\n'));
	ours = all.n > 0 && gw_slice_eq(first, title);
	if (ours) {
		gw_slice_take(&all, 1);
		read_ids(j, all);
	}
	free(text);
	/* a torn line at the end is written over */
	if (ours && ftruncate(j->fd, (off_t)(title.n + 1 + j->ids.n / sizeof(uint64_t) * LINE)) < 0)
		return false;
	return ours;
}

static void put(struct admin_journal *j, const char *p, size_t n)
{
	if (write(j->fd, p, n) != (ssize_t)n) {
		/* It is a help, no more: without the line the account is done again. */
	}
}

static int begin(struct admin_journal *j, struct gw_slice title, struct gw_err *err)
{
	if (ftruncate(j->fd, 0) < 0)
		return gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s", j->path, strerror(errno));
	put(j, title.p, title.n);
	put(j, "\n", 1);
	return 0;
}

static void journal_free(struct admin_journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	gw_buf_done(&j->ids);
	free(j->path);
	free(j);
}

int admin_journal_open(const struct local_store *ls, const char *work, struct gw_slice title, bool resume,
	struct admin_journal **ret, struct gw_err *err)
{
	struct admin_journal *j;
	int rc = 0;

	*ret = NULL;
	if (ls->memory)
		return 0;
	j = gw_xalloc(sizeof *j);
	gw_buf_init(&j->ids, 0);
	j->path = gw_xasprintf("%s/.%s", ls->root, work);
	j->fd = open(j->path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (j->fd < 0)
		rc = resume ? gw_fail(err, (enum gw_code)gw_code_errno(errno), "%s: %s", j->path, strerror(errno)) : 1;
	else if (flock(j->fd, LOCK_EX | LOCK_NB) < 0)
		rc = resume ? gw_fail(err, GW_EBUSY, "the work to go on with is being done at this moment") : 1;
	else if (!resume || !read_file(j, title))
		rc = begin(j, title, err);
	if (rc) {
		journal_free(j);
		return rc < 0 ? rc : 0;
	}
	*ret = j;
	return 0;
}

bool admin_journal_has(const struct admin_journal *j, uint64_t id)
{
	return j->ids.n && bsearch(&id, j->ids.p, j->ids.n / sizeof id, sizeof id, order);
}

void admin_journal_add(struct admin_journal *j, uint64_t id)
{
	char line[LINE + 1];

	snprintf(line, sizeof line, "%016" PRIx64 "\n", id);
	put(j, line, LINE);
}

void admin_journal_close(struct admin_journal *j, bool done)
{
	if (!j)
		return;
	if (done)
		unlink(j->path);
	journal_free(j);
}
