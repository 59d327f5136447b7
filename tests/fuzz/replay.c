/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a fuzzer's target on files, without the fuzzer: for the seeds, with any
 * compiler, and for a finding: FUZZ_TRACE=1 replay_raw crash-...
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define LONGEST 65536

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		uint8_t *longest, *bytes;
		size_t size;

		if (!file) {
			perror(argv[i]);
			return 2;
		}
		/* Exactly as long as the input, for the sanitizer's sake. */
		longest = malloc(LONGEST);
		size = longest ? fread(longest, 1, LONGEST, file) : 0;
		fclose(file);
		bytes = realloc(longest, size ? size : 1);
		if (!bytes) {
			free(longest);
			perror("replay");
			return 2;
		}
		fprintf(stderr, "%s\n", argv[i]);
		LLVMFuzzerTestOneInput(bytes, size);
		free(bytes);
	}
	return argc > 1 ? 0 : 2;
}
