/* SPDX-License-Identifier: MIT */
/* What may be reached where nothing can be mounted. */
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

static void a_session(void)
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

    is_int(landlock_only_make(&p, &arena, &b, &e), 0, "made");
    ok(may("/home/ann/app", LANDLOCK_WRITE), "the project can be written");
    ok(may("/home/ann/.claude/projects", LANDLOCK_WRITE), "transcripts, where they are");
    is_str(link_at("/r/s/home/.claude/projects"), "/home/ann/.claude/projects",
           "and a link leads there");
    ok(may("/home/ann/.gitconfig", LANDLOCK_READ), "git's settings only read");
    ok(may("/r/s/files/settings.json", LANDLOCK_WRITE) && may("/r/s/files", LANDLOCK_READ),
       "of the copies those that the sandbox has for itself can be written");
    ok(may("/r/s/empty", LANDLOCK_READ) && link_at("/r/s/home/.claude/hooks") != NULL,
       "what must not be had is an empty place");
    ok(may("/r/s/home", LANDLOCK_WRITE) && may("/r/s/tmp", LANDLOCK_WRITE), "a home, and /tmp");
    ok(grant_of("/r/s") == NULL && grant_of("/home/ann") == NULL && grant_of("/") == NULL &&
           grant_of("/tmp") == NULL && grant_of("/run") == NULL && grant_of("/dev") == NULL,
       "nothing above, nor what others use");
    ok(may("/usr", LANDLOCK_READ) && grant_of("/bin") == NULL, "programs; a link is none");
    ok(may("/proc", LANDLOCK_READ), "/proc cannot be written");
    ok(may("/dev/null", LANDLOCK_DEVICE) && grant_of("/dev/pts") == NULL, "devices, few");
    ok(may("/home/ann/.local/share/claude/2.1", LANDLOCK_READ) &&
           grant_of("/usr/bin/node") == NULL,
       "claude, where it is not among the programs");
    ok(may("/run/resolve/stub.conf", LANDLOCK_READ), "name servers");
    mounts[4] = (struct plan_mount){.kind = MOUNT_VOLUME, .source = "v", .target = "/v"};
    ok(landlock_only_make(&p, &arena, &b, &e) < 0 && e.kind == ERR_USAGE,
       "a volume cannot be: %s", e.text);
}

/* A directory of the system as we can make one. */
static void hidden(void)
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
    is_int(symlink("shadow", arena_printf(&arena, "%s/link", etc)), 0, "a link");
    is_int(landlock_only_make(&p, &arena, &b, &e), 0, "made");
    ok(may(etc, LANDLOCK_LIST), "a directory with secrets can be listed only");
    ok(may(arena_printf(&arena, "%s/passwd", etc), LANDLOCK_READ), "what is none is read");
    ok(grant_of(list[0].path) == NULL, "what only root may read is not");
    ok(grant_of(arena_printf(&arena, "%s/token", etc)) == NULL, "nor what --deny names");
    ok(grant_of(arena_printf(&arena, "%s/link", etc)) == NULL, "not by a link either");
    ok(may(arena_printf(&arena, "%s/ssl", etc), LANDLOCK_LIST) &&
           may(arena_printf(&arena, "%s/ssl/certs", etc), LANDLOCK_READ) &&
           grant_of(list[1].path) == NULL,
       "deeper down as well");
}

int main(void)
{
    tmpdir_make();
    a_session();
    hidden();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
