/* SPDX-License-Identifier: MIT */
/* Tests the grants and links of a sandbox in which nothing can be mounted. */
#include "native/landlock_only.h"

#include "base/file.h"
#include "tap.h"
#include "tmpdir.h"

#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static struct landlock_only b;

static const struct landlock_path *grant_of(const char *path)
{
    for (size_t i = 0; i < b.grant_count; i++) {
        if (strcmp(b.grants[i].path, path) == 0) {
            return &b.grants[i];
        }
    }
    return NULL;
}

static bool may(const char *path, enum landlock_grant what)
{
    const struct landlock_path *g = grant_of(path);

    return g != NULL && g->grant == what;
}

static const char *link_at(const char *path)
{
    for (size_t i = 0; i < b.link_count; i++) {
        if (strcmp(b.links[i].path, path) == 0) {
            return b.links[i].target;
        }
    }
    return NULL;
}

static const struct fact_program programs[] = {{.path = "/home/ann/.local/share/claude/2.1"},
                                               {.path = "/usr/bin/node", .shared = true}};

static void a_session_gets_its_paths(void)
{
    static struct fact_top tops[] = {{.name = "bin", .link = "usr/bin"}, {.name = "usr"}};
    static const struct fact_native native = {.tops = tops,
                                              .top_count = 2,
                                              .programs = programs,
                                              .program_count = 2,
                                              .resolv_conf = "/run/resolve/stub.conf"};
    struct plan_mount mounts[] = {
        {.source = "/home/ann/app", .target = "/home/ann/app", .is_dir = true},
        {.source = "/home/ann/.claude/projects",
         .target = "/r/s/home/.claude/projects",
         .is_dir = true},
        {.source = "/home/ann/.gitconfig", .target = "/r/s/home/.gitconfig", .read_only = true},
        {.source = "/r/s/files/settings.json", .target = "/r/s/home/.claude/settings.json"},
        {.source = "/r/s/empty",
         .target = "/r/s/home/.claude/hooks",
         .is_dir = true,
         .read_only = true}};
    struct plan p = {.user.home = "/r/s/home",
                     .run_dir = "/r/s",
                     .native.temp_dir = "/r/s/tmp",
                     .kind = SANDBOX_LANDLOCK_ONLY,
                     .native.facts = &native,
                     .files.mounts = mounts,
                     .files.mount_count = 5};
    struct err e = {0};

    is_int(landlock_only_make(&p, &arena, &b, &e), 0, "grants and links are made");
    ok(may("/home/ann/app", LANDLOCK_WRITE), "the project can be written");
    ok(may("/home/ann/.claude/projects", LANDLOCK_WRITE),
       "the transcripts can be written at their own path");
    is_str(link_at("/r/s/home/.claude/projects"), "/home/ann/.claude/projects",
           "a link in the home leads to the transcripts");
    ok(may("/home/ann/.gitconfig", LANDLOCK_READ), "git's settings can only be read");
    ok(may("/r/s/files/settings.json", LANDLOCK_WRITE) && may("/r/s/files", LANDLOCK_READ),
       "private copies can be written, and the directory of the copies can only be read");
    ok(may("/r/s/empty", LANDLOCK_READ) && link_at("/r/s/home/.claude/hooks") != NULL,
       "a hidden path of the home is a link to an empty directory");
    ok(may("/r/s/home", LANDLOCK_WRITE) && may("/r/s/tmp", LANDLOCK_WRITE),
       "the home and the temporary directory can be written");
    ok(grant_of("/r/s") == NULL && grant_of("/home/ann") == NULL && grant_of("/") == NULL &&
           grant_of("/tmp") == NULL && grant_of("/run") == NULL && grant_of("/dev") == NULL,
       "the directories above these paths, and shared directories of the host, are not "
       "granted");
    ok(may("/usr", LANDLOCK_READ) && grant_of("/bin") == NULL,
       "directories of programs can be read, and links at / need no grant");
    ok(may("/proc", LANDLOCK_READ), "/proc can only be read");
    ok(may("/dev/null", LANDLOCK_DEVICE) && grant_of("/dev/pts") == NULL,
       "the devices of the table are granted, and terminals are not");
    ok(may("/home/ann/.local/share/claude/2.1", LANDLOCK_READ) &&
           grant_of("/usr/bin/node") == NULL,
       "programs outside of the shared directories can be read");
    ok(may("/run/resolve/stub.conf", LANDLOCK_READ),
       "the file with the name servers can be read");
    mounts[4] = (struct plan_mount){.kind = MOUNT_VOLUME, .source = "v", .target = "/v"};
    ok(landlock_only_make(&p, &arena, &b, &e) < 0 && e.kind == ERR_USAGE,
       "a volume is an error: %s", e.text);
}

/* Hidden paths, with a directory in the temporary directory as a directory of the system. */
static void hidden_paths_are_not_granted(void)
{
    const char *etc = arena_printf(&arena, "%s/etc", tmpdir);
    struct fact_top tops[] = {{.name = etc + 1}};
    const struct fact_hidden list[] = {{arena_printf(&arena, "%s/shadow", etc), false},
                                       {arena_printf(&arena, "%s/ssl/private", etc), true}};
    const struct fact_native native = {
        .tops = tops, .top_count = 1, .hidden = list, .hidden_count = 2};
    const struct plan_mount mounts[] = {{.source = "/r/s/files/hidden",
                                         .target = arena_printf(&arena, "%s/token", etc),
                                         .read_only = true}};
    struct plan_mount copy[1] = {mounts[0]};
    struct plan p = {.user.home = "/r/s/home",
                     .run_dir = "/r/s",
                     .kind = SANDBOX_LANDLOCK_ONLY,
                     .native.facts = &native,
                     .files.mounts = copy,
                     .files.mount_count = 1};
    struct err e = {0};

    if (file_mkdirs(arena_printf(&arena, "%s/ssl/private", etc), 0755, &e) < 0 ||
        file_mkdirs(arena_printf(&arena, "%s/ssl/certs", etc), 0755, &e) < 0) {
        ok(false, "%s", e.text);
    }
    put_file(arena_printf(&arena, "%s/shadow", etc), "x");
    put_file(arena_printf(&arena, "%s/token", etc), "x");
    put_file(arena_printf(&arena, "%s/passwd", etc), "x");
    is_int(symlink("shadow", arena_printf(&arena, "%s/link", etc)), 0, "a link can be made");
    is_int(landlock_only_make(&p, &arena, &b, &e), 0, "grants are made");
    ok(may(etc, LANDLOCK_LIST), "a directory with hidden files can only be listed");
    ok(may(arena_printf(&arena, "%s/passwd", etc), LANDLOCK_READ),
       "the other files of the directory can be read");
    ok(grant_of(list[0].path) == NULL, "a file that only root may read is not granted");
    ok(grant_of(arena_printf(&arena, "%s/token", etc)) == NULL,
       "a file of --deny is not granted");
    ok(grant_of(arena_printf(&arena, "%s/link", etc)) == NULL,
       "a link to a hidden file is not granted");
    ok(may(arena_printf(&arena, "%s/ssl", etc), LANDLOCK_LIST) &&
           may(arena_printf(&arena, "%s/ssl/certs", etc), LANDLOCK_READ) &&
           grant_of(list[1].path) == NULL,
       "the same holds for a subdirectory");
}

int main(void)
{
    tmpdir_make();
    a_session_gets_its_paths();
    hidden_paths_are_not_granted();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
