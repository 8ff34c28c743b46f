/* SPDX-License-Identifier: MIT */
#include "base/dir_names.h"

#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

const struct dirent *dir_names_next(struct dir_names *d)
{
    for (;;) {
        const struct dirent *entry;
        const char *name;

        if (d->at >= d->got) {
            d->got = syscall(SYS_getdents64, d->fd, d->chunk, (size_t)DIR_NAMES_CHUNK);
            d->at = 0;
            if (d->got <= 0) {
                d->error = d->got < 0 ? errno : 0;
                d->got = 0;
                return NULL;
            }
        }
        entry = (const struct dirent *)(const void *)(d->chunk + d->at);
        name = entry->d_name;
        d->at += entry->d_reclen;
        if (name[0] != '.' || (name[1] != '\0' && (name[1] != '.' || name[2] != '\0'))) {
            return entry;
        }
    }
}
