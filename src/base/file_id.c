/* SPDX-License-Identifier: MIT */
#include "base/file_id.h"

#include <stdio.h>

void file_id_text(const struct stat *st, char out[FILE_ID_SIZE])
{
    (void)snprintf(out, FILE_ID_SIZE, "%llu:%llu", (unsigned long long)st->st_dev,
                   (unsigned long long)st->st_ino);
}

bool file_id_of(const char *path, char out[FILE_ID_SIZE])
{
    struct stat st;

    out[0] = '\0';
    if (lstat(path, &st) < 0) {
        return false;
    }
    file_id_text(&st, out);
    return true;
}
