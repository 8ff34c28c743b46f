/* SPDX-License-Identifier: MIT */
#include "host/owner.h"

#include "tap.h"
#include "tmpdir.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;

static const char *keep(const char *name)
{
    return arena_strdup(&arena, in_tmp(name));
}

static const struct facts *probe(uint64_t uid, const char *project, const char *home)
{
    static struct facts f;

    f = (struct facts){.uid = uid, .gid = uid, .project = project, .home = home};
    owner_probe(&arena, &f);
    return &f;
}

static void root_meets_other_owners(void)
{
    const char *project = keep("project");
    struct stat st;

    ok(mkdir(project, 0700) == 0, "a project can be made");
    ok(probe(0, project, tmpdir)->project_owner == NULL || geteuid() != 0,
       "root's own project has no other owner");
    if (chown(project, 4242, 4242) < 0) {
        ok(true, "the project of another # SKIP needs root");
        return;
    }
    is_str(probe(0, project, tmpdir)->project_owner, "the user 4242",
           "root cannot write to another user's project");
    ok(probe(4242, project, tmpdir)->project_owner == NULL, "its owner can");
    ok(chown(project, 4242, 0) == 0 && chmod(project, 0770) == 0 &&
           probe(0, project, tmpdir)->project_owner == NULL,
       "root can if root's group may");
    ok(chown(tmpdir, 4242, 0) == 0 && probe(0, project, tmpdir)->home_owner == NULL,
       "a home that belongs to no user is accepted");
    if (stat("/var/cache/man", &st) == 0 && st.st_uid != 0) { /* an account of Debian */
        is_str(probe(0, project, "/var/cache/man")->home_owner, "man",
               "the home of another user is noticed");
        ok(probe(st.st_uid, project, "/var/cache/man")->home_owner == NULL,
           "it is that user's own");
    }
}

static void runtime_directory_is_the_users_own(void)
{
    const char *own = keep("run");
    struct facts f = {.uid = getuid()};
    const char *fallback = arena_printf(&arena, "/tmp/cco-%llu", (unsigned long long)f.uid);

    ok(mkdir(own, 0700) == 0, "a directory can be made");
    is_str(owner_runtime_dir(own, &arena, &f), in_tmp("run/cco"), "the user's own is used");
    is_str(owner_runtime_dir(NULL, &arena, &f), fallback, "without one, it is in /tmp");
    is_str(owner_runtime_dir(keep("none"), &arena, &f), fallback, "also if it does not exist");
    is_int((long long)f.missing.count, 0, "this needs no line");
    f.uid++;
    is_str(owner_runtime_dir(own, &arena, &f),
           arena_printf(&arena, "/tmp/cco-%llu", (unsigned long long)f.uid),
           "that of another user is not used");
    ok(f.missing.count == 1 && strstr(f.missing.list[0].text, "belongs to") != NULL,
       "which is reported: %s", f.missing.list[0].text);
}

int main(void)
{
    tmpdir_make();
    runtime_directory_is_the_users_own();
    root_meets_other_owners();
    (void)!chown(tmpdir, geteuid(), getegid());
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
