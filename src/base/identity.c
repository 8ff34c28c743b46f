/* SPDX-License-Identifier: MIT */
#include "base/identity.h"

#include <stdio.h>
#include <sys/stat.h>

bool identity_of(const char *path, char out[IDENTITY_SIZE])
{
    struct stat st;

    out[0] = '\0';
    if (lstat(path, &st) < 0) {
        return false;
    }
    (void)snprintf(out, IDENTITY_SIZE, "%llu:%llu", (unsigned long long)st.st_dev,
                   (unsigned long long)st.st_ino);
    return true;
}
