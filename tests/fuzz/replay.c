/* replay.c - run a fuzz target over its kept corpus, without a fuzzer
 *
 *	replay_NAME FILE|FOLDER...
 *
 * Links with one tests/fuzz/fuzz_NAME.c. Each file is run as it is, cut short at a few places, and with a
 * fixed number of bytes changed in a reproducible way, so that `make check` exercises every parser with broken
 * input on any compiler. The real search for new inputs is `make fuzz`. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CUTS 8
#define MUTANTS 24
#define FILE_MAX_BYTES (1u << 20)

static unsigned long runs;

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* A copy of exactly size bytes, so that a sanitizer sees every read past the end. */
static void run_copy(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	if (size)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	runs++;
	free(copy);
}

static void mutate(uint8_t *data, size_t size, uint64_t *state)
{
	static const uint8_t nasty[] = { 0, '\r', '\n', '"', '\\', '{', '}', '(', ')', '[', ']', '*', '%', 0xFF, 0x80, '=' };

	for (int i = 0; i < 3; i++) {
		uint64_t r = next_random(state);
		size_t at = (size_t)(r >> 16) % size;

		data[at] = r & 1 ? nasty[(r >> 1) % sizeof nasty] : (uint8_t)(r >> 8);
	}
}

static void run_input(uint8_t *data, size_t size)
{
	uint64_t state = 0x9E3779B97F4A7C15u ^ size;

	run_copy(data, size);
	for (size_t i = 1; i < CUTS && size >= CUTS; i++)
		run_copy(data, size * i / CUTS);
	for (int i = 0; i < MUTANTS && size; i++) {
		uint8_t *copy = malloc(size);

		if (!copy)
			abort();
		memcpy(copy, data, size);
		mutate(copy, size, &state);
		run_copy(copy, size);
		free(copy);
	}
}

static int run_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = malloc(FILE_MAX_BYTES);
	size_t size;

	if (!f || !data) {
		fprintf(stderr, "%s: cannot be read\n", path);
		if (f)
			fclose(f);
		free(data);
		return 1;
	}
	size = fread(data, 1, FILE_MAX_BYTES, f);
	fclose(f);
	run_input(data, size);
	free(data);
	return 0;
}

static int run_path(const char *path)
{
	struct stat st;
	struct dirent *e;
	DIR *dir;
	int failed = 0;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return run_file(path);
	dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		char name[4096];

		if (e->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s/%s", path, e->d_name);
		failed |= run_path(name);
	}
	if (dir)
		closedir(dir);
	return failed;
}

int main(int argc, char **argv)
{
	int failed = 0;

	run_copy((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++)
		failed |= run_path(argv[i]);
	printf("%lu inputs\n", runs);
	return failed;
}
