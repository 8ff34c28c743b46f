/* SPDX-License-Identifier: MIT */
#include "host/project_key.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/path.h"

#include <string.h>
#include <sys/utsname.h>

enum { KEY_NAME_MAX = 32 };

const char *project_key(struct arena *a, const char *project)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    char *name = arena_strdup(a, path_base(project));
    char digest[SHA256_HEX];
    struct sha256 h;

    sha256_init(&h);
    sha256_add(&h, project, strlen(project));
    sha256_hex(&h, digest);
    for (size_t i = 0; name[i] != '\0'; i++) {
        if (i == KEY_NAME_MAX) {
            name[i] = '\0';
            break;
        }
        name[i] = strchr(plain, name[i]) != NULL ? name[i] : '_';
    }
    return arena_printf(a, "%s-%.16s", name, digest);
}

const char *owner_key(struct arena *a, const char *user, uint64_t uid)
{
    struct utsname names = {0};
    struct err ignored = {0};
    char digest[SHA256_HEX];
    struct sha256 h;
    struct buf machine;
    const char *text;

    buf_init(&machine, LIMIT_FILE_SMALL);
    if (file_read("/etc/machine-id", &machine, &ignored) < 0 || machine.len == 0) {
        (void)uname(&names);
        (void)buf_add_c(&machine, names.nodename);
    }
    text = arena_printf(a, "%s\n%llu\n", user, (unsigned long long)uid);
    sha256_init(&h);
    sha256_add(&h, text, strlen(text));
    sha256_add(&h, buf_data(&machine), machine.len);
    sha256_hex(&h, digest);
    buf_release(&machine);
    return arena_printf(a, "%.8s", digest);
}
