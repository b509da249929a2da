/* spawn.c - run a program once and tell what it took
 *
 *	spawn PROGRAM [ARGUMENT ...]    prints: wall time in µs, CPU time in µs, peak memory in KiB, exit code
 *
 * Output of the program goes to /dev/null. A small C program starts it because peak memory, as the kernel counts it,
 * includes what the starting process has. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static long long tv_us(struct timeval t)
{
	return t.tv_sec * 1000000LL + t.tv_usec;
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t quiet;
	struct rusage used;
	long long began;
	int status = 0;
	pid_t pid;

	if (argc < 2) {
		fputs("usage: spawn PROGRAM [ARGUMENT ...]\n", stderr);
		return 64;
	}
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	began = now_us();
	if (posix_spawnp(&pid, argv[1], &quiet, NULL, argv + 1, environ) != 0 || wait4(pid, &status, 0, &used) != pid) {
		fprintf(stderr, "spawn: cannot run %s\n", argv[1]);
		return 66;
	}
	printf("%lld %lld %ld %d\n", now_us() - began, tv_us(used.ru_utime) + tv_us(used.ru_stime), used.ru_maxrss,
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	posix_spawn_file_actions_destroy(&quiet);
	return 0;
}
