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
		uint8_t *bytes;
		size_t size;

		if (!file) {
			perror(argv[i]);
			return 2;
		}
		/* Exactly as long as the input, for the sanitizer's sake. */
		bytes = malloc(LONGEST);
		size = fread(bytes, 1, LONGEST, file);
		fclose(file);
		bytes = realloc(bytes, size ? size : 1);
		fprintf(stderr, "%s\n", argv[i]);
		LLVMFuzzerTestOneInput(bytes, size);
		free(bytes);
	}
	return argc > 1 ? 0 : 2;
}
