/* SPDX-License-Identifier: MIT */
/* Tests control groups: where they can be made, and with which limits. The tree of files in the
 * temporary directory looks like the kernel's. */
#include "native/cgroup.h"

#include "tap.h"
#include "tmpdir.h"

#include <unistd.h>

static struct arena arena;
static struct cgroup_place place;

/* Returns the path of a file or group in the tree. */
static const char *fs(const char *name)
{
    return arena_printf(&arena, "%s/sys/fs/cgroup%s", tmpdir, name);
}

static void make_group(const char *path, const char *controllers, const char *given,
                       const char *pids)
{
    struct err e = {0};

    (void)file_mkdirs(fs(path), 0755, &e);
    put_file(fs(arena_printf(&arena, "%s/cgroup.controllers", path)), controllers);
    put_file(fs(arena_printf(&arena, "%s/cgroup.subtree_control", path)), given);
    put_file(fs(arena_printf(&arena, "%s/cgroup.procs", path)), pids);
    put_file(fs(arena_printf(&arena, "%s/memory.max", path)), "max\n");
    put_file(fs(arena_printf(&arena, "%s/memory.swap.max", path)), "max\n");
    put_file(fs(arena_printf(&arena, "%s/cpu.max", path)), "max 100000\n");
    put_file(fs(arena_printf(&arena, "%s/pids.max", path)), "max\n");
    if (path[0] != '\0') {
        put_file(fs(arena_printf(&arena, "%s/cgroup.type", path)), "domain\n");
    }
}

static void we_are_in(const char *path)
{
    put_file(in_tmp("proc/self/cgroup"),
             arena_printf(&arena, "4:memory:/elsewhere\n0::%s\n", path));
}

static void find(void)
{
    cgroup_find(tmpdir, &arena, &place);
}

/* Returns true if the file begins with this text. The rest is the former content of a plain
 * file, which the kernel's files would not have. */
static bool holds(const char *path, const char *text)
{
    return strncmp(get_file(fs(path)), text, strlen(text)) == 0;
}

static const char *own_pid(void)
{
    return arena_printf(&arena, "%d\n", (int)getpid());
}

static void without_delegation_there_is_no_place(void)
{
    find();
    ok(place.dir == NULL && place.can == 0 && strstr(place.why, "version 2") != NULL,
       "without control groups of version 2 no group is found, with a reason");
    make_group("", "cpu memory pids\n", "", "1\n");
    make_group("/a.slice", "memory pids\n", "memory\n", "");
    make_group("/a.slice/b.scope", "memory\n", "", "77\n");
    we_are_in("/../above");
    find();
    ok(place.dir == NULL && strstr(place.why, "delegated") != NULL,
       "a group outside of the visible tree is not a place");
    if (geteuid() != 0) {
        (void)chmod(fs("/a.slice"), 0555);
        (void)chmod(fs("/a.slice/b.scope"), 0555);
        we_are_in("/a.slice/b.scope");
        find();
        ok(place.dir == NULL && strstr(place.why, "delegated") != NULL,
           "a group that this user cannot write to is not a place");
        (void)chmod(fs("/a.slice"), 0755);
        (void)chmod(fs("/a.slice/b.scope"), 0755);
    }
}

static void a_place_is_found(void)
{
    we_are_in("/a.slice/b.scope");
    find();
    is_str(place.dir, fs("/a.slice"),
           "if other processes are in this process's group, the place is the group above");
    ok(place.can == (CGROUP_MEMORY | CGROUP_PIDS) && place.own == NULL,
       "the place has the controllers that are enabled in it");
    ok(strstr(place.why, "cannot limit") != NULL,
       "the reason says that something cannot be limited");
    put_file(fs("/a.slice/b.scope/cgroup.controllers"), "cpuset cpu memory pids\n");
    put_file(fs("/a.slice/b.scope/cgroup.procs"), own_pid());
    find();
    is_str(place.dir, fs("/a.slice/b.scope"),
           "if this process is alone in its group, the place is this group");
    ok(place.can == (CGROUP_MEMORY | CGROUP_PIDS | CGROUP_CPU) && place.why == NULL &&
           place.own != NULL,
       "all its controllers can be used, after this process has moved into a group of its own");
    we_are_in("/");
    find();
    ok(strcmp(place.dir, fs("")) == 0 && place.own == NULL && place.why == NULL,
       "the root group can contain processes and limited groups, so nothing must be moved");
}

static void a_group_is_made(void)
{
    const struct cgroup_limits all = {1 << 20, 1500000000, 64};
    const struct cgroup_limits one = {0, 1, 0};
    struct err e = {0};
    const char *group;

    make_group("/cco-first", "", "", "");
    make_group("/cco-second", "", "", "");
    group = cgroup_make(&place, "first", &all, &arena, &e);
    is_str(group, fs("/cco-first"), "a group is made");
    ok(holds("/cco-first/memory.max", "1048576") && holds("/cco-first/memory.swap.max", "0"),
       "memory is limited, and swap is forbidden");
    ok(holds("/cco-first/cpu.max", "150000 100000"), "1.5 processors are 150 ms in 100 ms");
    ok(holds("/cco-first/pids.max", "64"), "the number of processes is limited");
    ok(holds("/cgroup.subtree_control", "+"), "the controllers are enabled for groups below");
    is_int(cgroup_enter(group, getpid(), &e), 0, "a process can be moved into the group");
    ok(holds("/cco-first/cgroup.procs", arena_printf(&arena, "%d", (int)getpid())),
       "it is this process");
    group = cgroup_make(&place, "second", &one, &arena, &e);
    ok(group != NULL && holds("/cco-second/cpu.max", "1000 100000") &&
           holds("/cco-second/pids.max", "max\n"),
       "the quota has a minimum, and other limits are not set");
    ok(cgroup_make(&place, "third", &all, &arena, &e) == NULL && e.kind != ERR_NONE &&
           strstr(e.text, "memory.max") != NULL,
       "a limit that cannot be set is an error");
    ok(access(fs("/cco-third"), F_OK) < 0, "after an error the group does not exist");
    (void)mkdir(fs("/cco-fourth"), 0755);
    cgroup_remove(fs("/cco-fourth"));
    ok(access(fs("/cco-fourth"), F_OK) < 0, "an empty group is removed");
    cgroup_remove(NULL);
}

static void this_process_makes_room(void)
{
    const struct cgroup_limits l = {0, 0, 64};
    struct err e = {0};
    const char *own;

    we_are_in("/a.slice/b.scope");
    find();
    own = place.own + strlen(fs(""));
    make_group(own, "", "", "");
    make_group("/a.slice/b.scope/cco-x", "", "", "");
    ok(cgroup_make(&place, "x", &l, &arena, &e) != NULL &&
           holds(arena_printf(&arena, "%s/cgroup.procs", own),
                 arena_printf(&arena, "%d", (int)getpid())),
       "this process moves into a group of its own first");
    ok(holds("/a.slice/b.scope/cgroup.subtree_control", "+pids"),
       "then the controllers are enabled");
}

int main(void)
{
    struct err e = {0};

    tmpdir_make();
    (void)file_mkdirs(in_tmp("proc/self"), 0755, &e);
    (void)file_mkdirs(in_tmp("sys/fs/cgroup"), 0755, &e);
    without_delegation_there_is_no_place();
    a_place_is_found();
    a_group_is_made();
    this_process_makes_room();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
