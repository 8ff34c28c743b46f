/* SPDX-License-Identifier: MIT */
#include "base/file_id.h"

#include <stdio.h>
#include <sys/stat.h>

bool file_id_of(const char *path, char out[FILE_ID_SIZE])
{
    struct stat st;

    out[0] = '\0';
    if (lstat(path, &st) < 0) {
        return false;
    }
    (void)snprintf(out, FILE_ID_SIZE, "%llu:%llu", (unsigned long long)st.st_dev,
                   (unsigned long long)st.st_ino);
    return true;
}
