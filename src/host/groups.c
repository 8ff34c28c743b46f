/* SPDX-License-Identifier: MIT */
#include "host/groups.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"

#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_MAX_LEN = 32 };

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.p[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '.' || c == '-')) {
            return false;
        }
    }
    return s.len > 0 && s.len <= NAME_MAX_LEN;
}

/* Returns the name of a group in the text of group(5), or an empty view. */
static struct str name_of(struct str text, uint64_t gid)
{
    while (text.len > 0) {
        struct str line = {0};
        struct str name = {0};
        struct str field = {0};
        uint64_t n = 0;

        (void)str_cut(&text, '\n', &line);
        (void)str_cut(&line, ':', &name);
        (void)str_cut(&line, ':', &field); /* the password */
        (void)str_cut(&line, ':', &field);
        if (str_u64(field, 10, UINT32_MAX, &n) && n == gid && is_name(name)) {
            return name;
        }
    }
    return str_n(NULL, 0);
}

void groups_find(uint64_t gid, struct strv *out, struct arena *a)
{
    struct err ignored = {0};
    struct buf text;
    int count = getgroups(0, NULL);
    gid_t *list = arena_array(a, count > 0 ? (size_t)count : 1, sizeof(*list));

    buf_init(&text, LIMIT_FILE_SMALL);
    count = count > 0 ? getgroups(count, list) : 0;
    if (count > 1 || (count == 1 && list[0] != gid)) {
        (void)file_read("/etc/group", &text, &ignored); /* the groups have no names then */
    }
    for (int i = 0; i < count && out->count < LIMIT_GROUPS; i++) {
        const struct str name = name_of(buf_str(&text), list[i]);

        if (list[i] != gid) {
            strv_add(out, a,
                     arena_printf(a, "%lu%s%.*s", (unsigned long)list[i],
                                  name.len > 0 ? ":" : "", (int)name.len,
                                  name.len > 0 ? name.p : ""));
        }
    }
    buf_release(&text);
}

const char *groups_of_dir(const struct strv *groups, uint64_t uid, uint64_t gid,
                          const char *dir)
{
    struct stat st;

    if (stat(dir, &st) < 0 || uid == 0 || st.st_uid == uid || st.st_gid == gid ||
        (st.st_mode & (S_IWGRP | S_IWOTH)) != S_IWGRP) {
        return NULL;
    }
    for (size_t i = 0; i < groups->count; i++) {
        struct str rest = str_c(groups->v[i]);
        struct str number = {0};
        uint64_t n = 0;

        (void)str_cut(&rest, ':', &number);
        if (str_u64(number, 10, UINT32_MAX, &n) && n == st.st_gid) {
            return groups->v[i];
        }
    }
    return NULL;
}
