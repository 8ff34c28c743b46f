/* SPDX-License-Identifier: MIT */
/* Runs one fuzz target (fuzz.h). With libFuzzer, the inputs are those that libFuzzer generates.
 * Otherwise this is a TAP program, and the inputs are the files of tests/fuzz/corpus/NAME,
 * where NAME comes from the program's own name: each file in every split, and of small files
 * also every truncation, bit flip and byte change. */
#include "fuzz.h"

#include "slow.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUT_MAX = 8 << 20, FILE_MAX = 1 << 20, MUTATE_MAX = 2048, SPLIT_MAX = 4096 };

/* Returns true if the input in pieces of `step` bytes has the same description as the whole
 * input. */
static bool same_in_steps(struct str in, size_t step, const struct buf *whole)
{
    struct buf out;
    bool same;

    buf_init(&out, OUT_MAX);
    fuzz_describe(in, step, &out);
    same = str_cmp(buf_str(&out), buf_str(whole)) == 0;
    buf_release(&out);
    return same;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf whole;
    struct str in = str_n((const char *)data, size);
    /* A heap block of the input's size, so that a sanitizer detects a read past its end. */
    char *copy = malloc(size > 0 ? size : 1);

    if (copy == NULL) {
        abort();
    }
    if (size > 0) {
        memcpy(copy, data, size);
    }
    in.p = copy;
    buf_init(&whole, OUT_MAX);
    fuzz_describe(in, size > 0 ? size : 1, &whole);
    if (!same_in_steps(in, 1, &whole) || !same_in_steps(in, size / 3 + 2, &whole)) {
        abort();
    }
    buf_release(&whole);
    free(copy);
    return 0;
}

#ifndef __clang__
static unsigned long tests_run;

static void tell(bool good, const char *name, const char *what)
{
    tests_run++;
    (void)printf("%sok %lu - %s: %s\n", good ? "" : "not ", tests_run, name, what);
    (void)fflush(stdout);
}

static void every_split(const char *name, struct str in)
{
    struct buf whole;
    bool same = true;
    size_t max = in.len < SPLIT_MAX ? in.len : SPLIT_MAX;

    buf_init(&whole, OUT_MAX);
    fuzz_describe(in, in.len > 0 ? in.len : 1, &whole);
    for (size_t step = 1; step <= max && same; step += step < 64 ? 1 : 61) {
        same = same_in_steps(in, step, &whole);
    }
    tell(same, name, "every split gives the same description");
    buf_release(&whole);
}

static void every_mutation(const char *name, char *p, size_t len)
{
    static const unsigned char bytes[] = {0x00, 0xff, '\n', '"', '0'};
    size_t stride = (size_t)test_slow();

    for (size_t i = 0; i < len; i += stride) {
        char old = p[i];

        (void)LLVMFuzzerTestOneInput((const uint8_t *)p, i);
        for (unsigned bit = 0; bit < 8; bit++) {
            p[i] = (char)((unsigned char)old ^ (1U << bit));
            (void)LLVMFuzzerTestOneInput((const uint8_t *)p, len);
        }
        for (size_t k = 0; k < sizeof(bytes); k++) {
            p[i] = (char)bytes[k];
            (void)LLVMFuzzerTestOneInput((const uint8_t *)p, len);
        }
        p[i] = old;
    }
    tell(true, name, "every truncation, bit flip and byte change does no harm");
}

static void run_file(const char *path, const char *name)
{
    char *p = malloc(FILE_MAX);
    FILE *f = fopen(path, "rbe");
    size_t len;

    if (p == NULL || f == NULL) {
        tell(false, name, "the file can be read");
        exit(1);
    }
    len = fread(p, 1, FILE_MAX, f);
    (void)fclose(f);
    every_split(name, str_n(p, len));
    if (len <= MUTATE_MAX) {
        every_mutation(name, p, len);
    }
    free(p);
}

int main(int argc, char **argv)
{
    const char *base = strrchr(argv[0], '/');
    char dir[512];
    struct dirent **entries = NULL;
    int n;

    (void)argc;
    base = base != NULL ? base + 1 : argv[0];
    (void)snprintf(dir, sizeof(dir), "tests/fuzz/corpus/%s", base + strlen("fuzz_"));
    n = scandir(dir, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char path[1024];

        if (entries[i]->d_name[0] != '.') {
            (void)snprintf(path, sizeof(path), "%s/%s", dir, entries[i]->d_name);
            run_file(path, entries[i]->d_name);
        }
        free(entries[i]);
    }
    free(entries);
    if (tests_run == 0) {
        tell(false, dir, "the corpus has files");
    }
    (void)printf("1..%lu\n", tests_run);
    return 0;
}
#endif
