/* SPDX-License-Identifier: MIT */
/* For tests of native sandboxes: a plan with a project and no other files of the user, and the
 * boot file of its init. */
#ifndef TESTS_NATIVE_H
#define TESTS_NATIVE_H

#include <sched.h>

#include "base/limits.h"
#include "confine/seccomp.h"
#include "host/probe.h"
#include "line.h"
#include "native/layout.h"
#include "tmpdir.h"
#include "wire/boot.h"

#define NATIVE_SECRET "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct native_world {
    struct arena arena;
    struct facts facts;
    struct plan_mount mounts[2];
    struct plan plan;
};

/* Makes the plan and the directories. To be called after tmpdir_make(). */
__attribute__((unused)) static void native_world_make(struct native_world *w)
{
    char *env[] = {(char[]){"PATH=/usr/bin:/bin"}, NULL};
    struct err e = {0};

    *w = (struct native_world){.facts = {.uid = getuid(), .gid = getgid(), .user = "ann"}};
    w->facts.home = "/home/ann";
    w->facts.data_dir = "/home/ann/.local/share/cco";
    w->facts.project = w->facts.cwd_physical = w->facts.claude_root = w->facts.dotenv_dir =
        "/home/ann/project";
    host_native(env, &w->arena, &w->facts);
    w->mounts[0] = (struct plan_mount){.source = arena_strdup(&w->arena, in_tmp("run")),
                                       .target = PLAN_RUN_DIR,
                                       .read_only = true,
                                       .is_dir = true,
                                       .why = "the session"};
    w->mounts[1] = (struct plan_mount){.source = arena_strdup(&w->arena, in_tmp("project")),
                                       .target = arena_strdup(&w->arena, in_tmp("project")),
                                       .is_dir = true,
                                       .why = "the project"};
    w->plan = (struct plan){.name = "cco-test",
                            .user.uid = getuid(),
                            .user.gid = getgid(),
                            .user.name = "ann",
                            .user.home = "/home/ann",
                            .command.workdir = w->mounts[1].target,
                            .kind = SANDBOX_NATIVE,
                            .native.facts = &w->facts.native,
                            .run_dir = w->mounts[0].source,
                            .files.mounts = w->mounts,
                            .files.mount_count = 2};
    (void)file_mkdirs(w->mounts[0].source, 0700, &e);
    (void)file_mkdirs(w->mounts[1].source, 0755, &e);
}

__attribute__((unused)) static void native_world_release(struct native_world *w)
{
    arena_release(&w->arena);
}

/* Writes the boot file, with which init runs a shell script. */
__attribute__((unused)) static void native_world_boot(struct native_world *w,
                                                      const char *script)
{
    static const char letters[] = {[LANDLOCK_READ] = 'r',
                                   [LANDLOCK_WRITE] = 'w',
                                   [LANDLOCK_DEVICE] = 'd',
                                   [LANDLOCK_LIST] = 'l'};
    struct boot b = {
        .uid = w->plan.user.uid, .gid = w->plan.user.gid, .user = "ann", .home = "/home/ann"};
    struct layout l;
    struct buf text;
    struct err e = {0};

    b.workdir = w->plan.command.workdir;
    b.shell = "/bin/sh";
    b.secret = NATIVE_SECRET;
    b.key = NATIVE_SECRET;
    b.line = BOOT_STREAM;
    b.single = true;
    b.filter = 1;
    b.tty = w->plan.command.tty;
    strv_add(&b.argv, &w->arena, "sh");
    strv_add(&b.argv, &w->arena, "-c");
    strv_add(&b.argv, &w->arena, script);
    strv_add(&b.env, &w->arena, "PATH=/usr/bin:/bin");
    buf_init(&text, LIMIT_BOOT);
    if (layout_make(&w->plan, &w->arena, &l, &e) < 0) {
        abort();
    }
    for (size_t i = 0; i < l.grant_count; i++) {
        strv_add(&b.grants, &w->arena,
                 arena_printf(&w->arena, "%c%s", letters[l.grants[i].grant], l.grants[i].path));
    }
    if (boot_encode(&b, &text, &e) < 0 ||
        file_write_atomic(in_tmp("run/boot"), buf_str(&text), 0600, &e) < 0) {
        abort();
    }
    buf_release(&text);
}

#endif
