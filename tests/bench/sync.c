/* SPDX-License-Identifier: MIT */
/* Measures the synchronization of two trees over a socket pair. `sync files N` makes N small
 * files in directories of 100, `sync bytes MIB` makes files of 16 MiB with MIB in total, and
 * `sync holes GIB` makes one sparse file. Prints the milliseconds of the first run, its CPU
 * time on both sides, and the same two figures of the best of three runs without any change. */
#include "sync.h"

#include "base/clock.h"
#include "base/num.h"
#include <sys/resource.h>

enum { FILE_BYTES = 16 << 20, PER_DIR = 100 };

static void make_files(uint64_t count)
{
    char name[64];
    char text[512];

    for (uint64_t i = 0; i < count; i++) {
        if (i % PER_DIR == 0) {
            (void)snprintf(name, sizeof(name), "local/dir%05u", (unsigned)(i / PER_DIR));
            dir_at(name);
        }
        (void)snprintf(name, sizeof(name), "local/dir%05u/file-%06u.txt",
                       (unsigned)(i / PER_DIR), (unsigned)i);
        (void)snprintf(text, sizeof(text), "%0500u\n", (unsigned)i);
        put_file(in_tmp(name), text);
    }
}

static void make_bytes(uint64_t mib)
{
    char *bytes = malloc(FILE_BYTES);
    char name[64];

    for (size_t i = 0; i < FILE_BYTES; i++) {
        bytes[i] = (char)(i * 2654435761U >> 13);
    }
    for (uint64_t i = 0; i < mib / 16; i++) {
        int fd;

        (void)snprintf(name, sizeof(name), "local/file%04u", (unsigned)i);
        fd = open(in_tmp(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        if (fd < 0 || write(fd, bytes, FILE_BYTES) != FILE_BYTES) {
            abort();
        }
        (void)close(fd);
    }
    free(bytes);
}

static void make_hole(uint64_t gib)
{
    int fd = open(in_tmp("local/hole"), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

    if (fd < 0 || ftruncate(fd, (off_t)(gib << 30)) < 0 || pwrite(fd, "x", 1, 4096) != 1) {
        abort();
    }
    (void)close(fd);
}

static int64_t used(int who)
{
    struct rusage r;

    (void)getrusage(who, &r);
    return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000 +
           (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1000;
}

/* Runs a synchronization. Returns its duration in ms, and -1 if it failed. *cpu becomes the CPU
 * time of both sides in ms. */
static int64_t timed(int64_t *cpu)
{
    int64_t before = used(RUSAGE_SELF) + used(RUSAGE_CHILDREN);
    int64_t start = clock_us();
    bool good = sync_both();
    int64_t ms = (clock_us() - start) / 1000;

    *cpu = used(RUSAGE_SELF) + used(RUSAGE_CHILDREN) - before;
    return good ? ms : -1;
}

int main(int argc, char **argv)
{
    int64_t first;
    int64_t best = -1;
    int64_t cpu = -1;
    int64_t first_cpu;
    uint64_t n = 0;

    if (argc != 3 || !str_u64(str_c(argv[2]), 10, 10000000, &n)) {
        return 2;
    }
    sync_start();
    dir_at("local");
    if (strcmp(argv[1], "files") == 0) {
        make_files(n);
    } else if (strcmp(argv[1], "bytes") == 0) {
        make_bytes(n);
    } else {
        make_hole(n);
    }
    sync();
    first = timed(&first_cpu);
    for (int i = 0; i < 3; i++) {
        int64_t spent;
        int64_t ms = timed(&spent);

        cpu = cpu < 0 || spent < cpu ? spent : cpu;
        best = best < 0 || ms < best ? ms : best;
    }
    (void)printf("%lld %lld %lld %lld\n", (long long)first, (long long)first_cpu,
                 (long long)best, (long long)cpu);
    sync_end();
    return first < 0 ? 1 : 0;
}
