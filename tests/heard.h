/* SPDX-License-Identifier: MIT */
/* Hears what the code under test writes to standard error. The file is in the test's directory
 * (tmpdir.h). */
#ifndef TESTS_HEARD_H
#define TESTS_HEARD_H

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tmpdir.h"

static int hear_kept = -1;

/* Standard error is a new file from now on. */
static void hear(void)
{
    int fd = open(in_tmp("stderr"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    hear_kept = dup(STDERR_FILENO);
    if (fd < 0 || dup2(fd, STDERR_FILENO) < 0) {
        abort();
    }
    (void)close(fd);
}

/* Restores standard error. Returns what was written since hear(), as get_file() does. */
static const char *heard(void)
{
    (void)dup2(hear_kept, STDERR_FILENO);
    (void)close(hear_kept);
    return get_file(in_tmp("stderr"));
}

#endif
