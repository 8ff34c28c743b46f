/* SPDX-License-Identifier: MIT */
/* Tests the steps of the new root. */
#include "native/layout.h"

#include "native/tree.h"
#include "tap.h"

static struct arena arena;
static struct layout l;

static struct fact_top tops[] = {
    {.name = "bin", .link = "usr/bin"}, {.name = "etc"}, {.name = "usr", .idmapped = true}};
static const struct fact_top run_links[] = {
    {.name = "current-system", .link = "/nix/store/x-system"}};
static const struct fact_hidden hidden[] = {{"/etc/shadow", false}, {"/etc/ssl/private", true}};
static const struct fact_program programs[] = {
    {.path = "/home/ann/.local/share/claude/versions/2.1",
     .link = "/home/ann/.local/bin/claude",
     .target = "/home/ann/.local/share/claude/versions/2.1"},
    {.path = "/usr/lib/node_modules/x",
     .is_dir = true,
     .shared = true,
     .link = "/srv/bin/node",
     .target = "/usr/bin/node"}};
static const struct fact_native native = {.tops = tops,
                                          .top_count = 3,
                                          .run_links = run_links,
                                          .run_link_count = 1,
                                          .adds_user = true,
                                          .hidden = hidden,
                                          .hidden_count = 2,
                                          .resolv_conf = "/run/resolve/stub.conf",
                                          .programs = programs,
                                          .program_count = 2};

static struct plan_mount mounts[] = {{.source = "/run/user/1/cco/s",
                                      .target = "/run/cco",
                                      .read_only = true,
                                      .is_dir = true,
                                      .why = "copies"},
                                     {.source = "/home/ann/src/app",
                                      .target = "/home/ann/src/app",
                                      .is_dir = true,
                                      .why = "the project"},
                                     {.source = "/home/ann/.gitconfig",
                                      .target = "/home/ann/.gitconfig",
                                      .read_only = true,
                                      .why = "git"},
                                     {.kind = MOUNT_TMPFS,
                                      .source = "",
                                      .target = "/home/ann/src/app/secret",
                                      .read_only = true,
                                      .why = "--deny"}};

static struct plan a_plan(void)
{
    return (struct plan){.user.home = "/home/ann",
                         .kind = SANDBOX_NATIVE,
                         .native.facts = &native,
                         .files.mounts = mounts,
                         .files.mount_count = 4};
}

static const struct step *step_at(const char *path)
{
    for (size_t i = l.count; i > 0; i--) {
        if (strcmp(l.steps[i - 1].path, path) == 0) {
            return &l.steps[i - 1];
        }
    }
    return NULL;
}

/* Returns the number of the step; 0 if there is none. */
static size_t place_of(const char *path)
{
    const struct step *s = step_at(path);

    return s == NULL ? 0 : (size_t)(s - l.steps);
}

static bool granted(const char *path, enum landlock_grant what)
{
    for (size_t i = 0; i < l.grant_count; i++) {
        if (strcmp(l.grants[i].path, path) == 0 && l.grants[i].grant == what) {
            return true;
        }
    }
    return false;
}

static void the_machine_is_shared(void)
{
    bool copied = false;
    bool devices = true;
    bool locked = true;

    ok((step_at("/usr")->flags & TREE_READ_ONLY) != 0 && step_at("/usr")->is_dir,
       "directories of programs are read-only");
    ok((step_at("/usr")->flags & TREE_IDMAPPED) != 0 &&
           (step_at("/etc")->flags & TREE_IDMAPPED) == 0,
       "only directories that can be id-mapped are");
    ok(step_at("/bin")->kind == STEP_LINK && strcmp(step_at("/bin")->source, "usr/bin") == 0,
       "a link at / stays a link");
    ok(step_at("/home") == NULL && step_at("/root") == NULL && step_at("/srv") == NULL,
       "homes and other directories of the host are left out");
    ok(step_at("/etc/shadow")->kind == STEP_HIDE && !step_at("/etc/shadow")->is_dir &&
           step_at("/etc/ssl/private")->is_dir,
       "hidden files and directories are covered");
    ok(place_of("/etc/shadow") > place_of("/etc"),
       "a file is covered after its directory was mounted");
    ok(step_at("/run/current-system")->kind == STEP_LINK &&
           place_of("/run/current-system") > place_of("/run"),
       "links in /run to the programs of NixOS or Guix are made");
    ok(step_at("/run/resolve/stub.conf")->flags == TREE_READ_ONLY &&
           place_of("/run/resolve/stub.conf") > place_of("/run"),
       "the file with the name servers is mounted in the new /run");
    for (size_t i = 0; i < l.count; i++) {
        const struct step *s = &l.steps[i];

        copied = copied || (s->kind == STEP_COPY && strcmp(s->path, "/etc/passwd") == 0 &&
                            i > place_of("/etc"));
        devices =
            devices && ((s->flags & TREE_DEVICES) == 0 || strncmp(s->path, "/dev", 4) == 0);
        locked = locked && (s->kind != STEP_TREE || strncmp(s->path, "/sys", 4) != 0 ||
                            (s->flags & TREE_READ_ONLY) != 0);
    }
    ok(copied, "/etc/passwd is a copy to which the user can be added");
    ok(devices, "only mounts in /dev have working devices");
    ok(locked, "directories in /sys are read-only");
    ok(step_at("/proc/sys")->kind == STEP_LOCK &&
           step_at("/proc/sysrq-trigger")->kind == STEP_LOCK &&
           !step_at("/proc/sysrq-trigger")->is_dir && step_at("/proc/kcore")->kind == STEP_HIDE,
       "parts of /proc are read-only or hidden");
}

static void the_plan_is_mounted(void)
{
    ok(step_at("/home/ann")->kind == STEP_MEMORY &&
           place_of("/home/ann") < place_of("/home/ann/src/app"),
       "the home is an empty tmpfs, and mounts in it come later");
    ok(step_at("/home/ann/src/app")->flags == 0 && granted("/home/ann/src/app", LANDLOCK_WRITE),
       "the project can be written");
    ok(step_at("/home/ann/.gitconfig")->flags == TREE_READ_ONLY &&
           !granted("/home/ann/.gitconfig", LANDLOCK_WRITE),
       "a read-only mount has no grant to write");
    ok(step_at("/home/ann/src/app/secret")->kind == STEP_MEMORY &&
           step_at("/home/ann/src/app/secret")->flags == TREE_READ_ONLY &&
           place_of("/home/ann/src/app/secret") > place_of("/home/ann/src/app"),
       "a path of --deny is an empty read-only tmpfs");
    ok(!granted("/home/ann/src/app/secret", LANDLOCK_WRITE),
       "a path of --deny has no grant to write");
    ok(granted("/", LANDLOCK_READ) && !granted("/", LANDLOCK_WRITE),
       "everything in the new root can be read");
    ok(step_at("/home/ann/.local/bin/claude")->kind == STEP_LINK &&
           step_at("/home/ann/.local/share/claude/versions/2.1")->flags == TREE_READ_ONLY,
       "claude and its link have the same paths as on the host");
    ok(step_at("/usr/lib/node_modules/x") == NULL &&
           step_at("/srv/bin/node")->kind == STEP_LINK,
       "a program in a shared directory needs only its link");
}

int main(void)
{
    struct plan p = a_plan();
    struct err e = {0};

    is_int(layout_make(&p, &arena, &l, &e), 0, "a layout is made");
    the_machine_is_shared();
    the_plan_is_mounted();
    mounts[1].kind = MOUNT_VOLUME;
    ok(layout_make(&p, &arena, &l, &e) < 0 && e.kind == ERR_USAGE, "a volume is an error: %s",
       e.text);
    mounts[1].kind = MOUNT_BIND;
    mounts[1].target = "/etc/passwd";
    err_reset(&e);
    ok(layout_make(&p, &arena, &l, &e) == 0 && step_at("/etc/passwd")->kind == STEP_TREE &&
           step_at("/etc/group")->kind == STEP_COPY,
       "a file over which the plan mounts something is not copied");
    p.privileges.allow_userns = true;
    p.user.uid = 1000;
    ok(layout_make(&p, &arena, &l, &e) == 0 && step_at("/proc")->kind == STEP_PROC &&
           step_at("/proc/sys") == NULL,
       "with --allow-userns, /proc is not covered");
    p.user.uid = 0;
    ok(layout_make(&p, &arena, &l, &e) == 0 && step_at("/proc/sys")->kind == STEP_LOCK,
       "with --allow-userns as root, /proc is covered");
    p.user.home = "/";
    err_reset(&e);
    ok(layout_make(&p, &arena, &l, &e) == 0 && step_at("/") == NULL,
       "a home of \"/\" is not mounted");
    arena_release(&arena);
    return done_testing();
}
