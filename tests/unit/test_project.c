/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "plan.h"
#include "tap.h"

static void check(const char *dir, bool good)
{
    struct arena a = {0};
    struct opts o = {0};
    struct facts f;
    struct plan p = {0};
    struct err e = {0};
    struct builder b = {&o, &f, &a, &p};

    plan_facts(&f, &a);
    f.cwd = f.cwd_physical = dir;
    if (good) {
        ok(project_check(&b, &e) == 0, "%s can be a project %s", dir, e.text);
    } else {
        ok(project_check(&b, &e) < 0 && e.kind == ERR_REFUSED && e.hint[0] != '\0',
           "%s cannot: %s", dir, e.text);
    }
    arena_release(&a);
}

int main(void)
{
    static const char *const refused[] = {
        "/",
        "/home",
        "/home/ann",
        "/home/ann/.claude",
        "/home/ann/.claude/projects",
        "/home/ann/.local",
        "/home/ann/.local/share/cco",
        "/home/ann/.local/share/cco/claude",
        "/run/user/1000/cco",
        "/run/user",
        "/run",
        "/proc/1",
        "/sys",
        "/dev/shm",
        "/usr",
        "/usr/bin",
        "/etc",
        "/var",
        "/run/cco",
    };
    static const char *const good[] = {
        "/home/ann/src/app", "/home/annette", "/home/ann/.config/nvim", "/srv/app", "/tmp/x",
        "/usr/src/linux",    "/var/www/site", "/home/ann/.claude-x",    "/mnt",
    };

    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        check(refused[i], false);
    }
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        check(good[i], true);
    }
    return done_testing();
}
