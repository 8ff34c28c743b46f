/* SPDX-License-Identifier: MIT */
#include "host/ssh_public.h"

#include "base/buf.h"
#include "base/file.h"

#include <dirent.h>
#include <string.h>

enum { KEY_FILE_MAX = 64 << 10 };

static bool is_public_name(struct str name)
{
    if (!str_ends(name, ".pub") || name.len == strlen(".pub")) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        char c = name.p[i];

        if (!str_is_alnum(c) && (c == '\0' || strchr("._@+-", c) == NULL)) {
            return false;
        }
    }
    return true;
}

void ssh_public_names(struct arena *a, const char *dir, struct strv *names)
{
    DIR *d = opendir(dir);
    const struct dirent *entry;

    while (d != NULL && names->count < SSH_PUBLIC_MAX && (entry = readdir(d)) != NULL) {
        if (is_public_name(str_c(entry->d_name))) {
            strv_add(names, a, arena_strdup(a, entry->d_name));
        }
    }
    if (d != NULL) {
        (void)closedir(d);
    }
    strv_sort(names);
}

/* Returns true if the line is "TYPE BASE64 ...", with one of the types of OpenSSH. */
static bool is_key(struct str line)
{
    static const char *const types[] = {"ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-sha2-"};
    struct str type = {0};
    bool known = false;

    (void)str_cut(&line, ' ', &type);
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        known = known || str_starts(type, types[i]);
    }
    return known && str_starts(str_trim(line), "AAAA");
}

bool ssh_public_is_key(const char *path)
{
    struct err ignored = {0};
    struct buf text;
    struct str rest;
    bool found = false;
    bool other = false;

    buf_init(&text, KEY_FILE_MAX);
    if (file_read(path, &text, &ignored) < 0) {
        buf_wipe(&text);
        return false;
    }
    rest = buf_str(&text);
    while (rest.len > 0) {
        struct str line = {0};

        (void)str_cut(&rest, '\n', &line);
        line = str_trim(line);
        if (is_key(line)) {
            found = true;
        } else if (line.len > 0 && !str_starts(line, "#")) {
            other = true;
        }
    }
    buf_wipe(&text);
    return found && !other;
}
