/* SPDX-License-Identifier: MIT */
/* Writes the filter of system calls of cco's sandboxes to standard output, in the form that
 * `bwrap --seccomp` reads. */
#include "base/fd.h"
#include "confine/seccomp.h"

#include <stdio.h>
#include <unistd.h>

int main(void)
{
    struct sock_filter program[SECCOMP_MAX];
    struct err e = {0};
    size_t count = 0;

    if (seccomp_compile(0, program, &count, &e) < 0 ||
        fd_write_all(STDOUT_FILENO, program, count * sizeof(program[0]), &e) < 0) {
        (void)fprintf(stderr, "filter: %s\n", e.text);
        return 1;
    }
    return 0;
}
