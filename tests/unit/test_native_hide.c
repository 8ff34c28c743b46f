/* SPDX-License-Identifier: MIT */
/* Finds what a native sandbox must not show. Root makes files in /usr/local for the test, and
 * removes them. */
#include "host/probe.h"

#include "base/list.h"
#include "child.h"
#include "tap.h"
#include "tmpdir.h"

#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { USER = 65531, GROUP = 65532 };

static struct arena arena;
static char base[128]; /* a new directory in /usr/local */

static const char *at(const char *name)
{
    return arena_printf(&arena, "%s/%s", base, name);
}

static void put(const char *name, mode_t mode, uid_t uid, gid_t gid)
{
    const char *path = at(name);

    if (name[strlen(name) - 1] == '/') {
        (void)mkdir(path, 0700);
    } else {
        put_file(path, "x");
    }
    if (chown(path, uid, gid) < 0 || chmod(path, mode) < 0) {
        abort();
    }
}

static bool hides(const struct facts *f, const char *name, bool is_dir)
{
    const char *path = at(name);
    size_t len = strlen(path);

    for (size_t i = 0; i < f->native.hidden_count; i++) {
        const struct fact_hidden *h = &f->native.hidden[i];

        if (strncmp(h->path, path, len) == 0 && h->path[len] == '\0') {
            return h->is_dir == is_dir;
        }
    }
    return false;
}

/* Looks as the user, who is in the group. Returns a bit for each expectation that does not
 * hold. */
static int look_as_user(void)
{
    const gid_t groups[] = {GROUP};
    const char *needed = at("tools/program");
    struct fact_option_path named = {.physical = at("named"), .type = FACT_DIR};
    struct facts f = {.project = at("work/project"),
                      .cwd_physical = at("work/project"),
                      .option_paths = &named,
                      .option_path_count = 1};
    int wrong = 0;

    if (setgroups(1, groups) < 0 || setgid(USER) < 0 || setuid(USER) < 0) {
        return 255;
    }
    strv_add(&f.native.needed, &arena, needed);
    host_native_hide(&arena, &f);
    wrong |= hides(&f, "of-group", false) && hides(&f, "deep/of-group", false) ? 0 : 1;
    wrong |= hides(&f, "of-user", false) && hides(&f, "dir-of-group", true) ? 0 : 2;
    wrong |= hides(&f, "for-all", false) || hides(&f, "deep", true) ? 4 : 0;
    wrong |= hides(&f, "of-root", false) || hides(&f, "dir-of-root", true) ? 8 : 0;
    wrong |= hides(&f, "tools", true) || hides(&f, "tools/program", false) ? 16 : 0;
    wrong |= hides(&f, "tools/key", false) ? 0 : 32;
    wrong |= hides(&f, "work", true) || hides(&f, "work/project", true) ||
                     hides(&f, "work/project/x", false) || hides(&f, "named/x", false)
                 ? 64
                 : 0;
    wrong |= hides(&f, "many", true) && !hides(&f, "many/0", false) ? 0 : 128;
    return wrong;
}

static void make_tree(void)
{
    put("of-group", 0640, 0, GROUP);
    put("of-user", 0600, USER, 0);
    put("of-root", 0600, 0, 0);
    put("for-all", 0644, 0, GROUP);
    put("deep/", 0755, 0, 0);
    put("deep/of-group", 0440, 0, GROUP);
    put("dir-of-group/", 0750, 0, GROUP);
    put("dir-of-root/", 0700, 0, 0);
    put("tools/", 0750, 0, GROUP);
    put("tools/program", 0750, 0, GROUP);
    put("tools/key", 0640, 0, GROUP);
    put("work/", 0750, 0, GROUP);
    put("work/project/", 0770, 0, GROUP);
    put("work/project/x", 0660, 0, GROUP);
    put("named/", 0755, 0, 0);
    put("named/x", 0640, 0, GROUP);
    put("many/", 0755, 0, 0);
    for (int i = 0; i < 65; i++) {
        put(arena_printf(&arena, "many/%d", i), 0640, 0, GROUP);
    }
}

int main(void)
{
    struct err e = {0};

    if (geteuid() != 0) {
        ok(true, "only root can make files of others in /usr/local: not tested");
        return done_testing();
    }
    (void)snprintf(base, sizeof(base), "/usr/local/cco-test-%ld", (long)getpid());
    ok(mkdir(base, 0755) == 0 && chmod(base, 0755) == 0, "a directory is made");
    make_tree();
    is_int(in_child(look_as_user), 0, "what a group or the user alone may read is hidden");
    ok(file_remove_tree(base, &e) == 0, "the directory is removed %s", e.text);
    arena_release(&arena);
    return done_testing();
}
