/* SPDX-License-Identifier: MIT */
/* Ranges of ids: which are the user's, and who writes them. */
#include "native/subids.h"

#include "base/fd.h"
#include "tap.h"
#include "tmpdir.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct arena arena;
static struct facts f;

static void put(const char *name, const char *text, unsigned mode)
{
    (void)unlink(in_tmp(name));
    put_file(in_tmp(name), text);
    (void)chmod(in_tmp(name), mode);
}

static void find(void)
{
    f = (struct facts){.uid = 1000, .gid = 100, .user = "ann"};
    subids_find(tmpdir, &arena, &f);
}

static void which_are_the_users(void)
{
    const struct fact_native *n = &f.native;

    find();
    ok(n->newuidmap == NULL && n->newgidmap == NULL && n->subuid_count == 0 &&
           n->subgid_count == 0,
       "none on a machine without");
    (void)mkdir(in_tmp("etc"), 0755);
    (void)mkdir(in_tmp("usr"), 0755);
    (void)mkdir(in_tmp("usr/bin"), 0755);
    put("usr/bin/newuidmap", "#!/bin/sh\n", 0755);
    put("usr/bin/newgidmap", "#!/bin/sh\n", 0644);
    put("etc/subuid",
        "bob:1:2\nann:100000:65536\n\n# ann\nann\nann:x:1\nann:0:5\nann:5:0\nann:-1:5\n"
        "annie:3:3\n1000:300000:10\nann:900:200\nann:4294967290:10\nann:7:7:7\nann:400000:1",
        0644);
    put("etc/subgid", "ann:100000:65536\n", 0644);
    find();
    ok(n->newuidmap != NULL && n->newgidmap == NULL, "programs that can be run");
    is_int((long long)n->subuid_count, 3, "by name, by number, and without an end of line");
    ok(n->subuids[0].first == 100000 && n->subuids[0].count == 65536 &&
           n->subuids[1].first == 300000 && n->subuids[1].count == 10 &&
           n->subuids[2].first == 400000 && n->subuids[2].count == 1,
       "but for what is no range, or has the user's own number in it");
    is_int((long long)n->subgid_count, 1, "groups by the same name");
}

/* Who waits for the maps, in a child: 0 once they are said to be there. */
static pid_t waiting(int line[2])
{
    pid_t pid;

    (void)socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line);
    pid = fork();
    if (pid == 0) {
        char byte = 0;

        (void)close(line[1]);
        _exit(fd_write(line[0], &byte, 1) == 1 && fd_read(line[0], &byte, 1) == 1 ? 0 : 1);
    }
    fd_close(&line[0]);
    return pid;
}

static void written(const char *uid_tool, int want, const char *says)
{
    static const struct fact_range ranges[] = {{100000, 65536}, {300000, 10}};
    struct plan p = {
        .user.uid = 1000, .user.gid = 100, .kind = SANDBOX_NATIVE, .native.facts = &f.native};
    struct err e = {0};
    int line[2];
    int status = 0;
    int rc;
    pid_t pid;

    put("usr/bin/newuidmap", uid_tool, 0755);
    put("usr/bin/newgidmap", "#!/bin/sh\necho \"$@\" >${0%/*}/gids\n", 0755);
    f.native.newuidmap = in_tmp("usr/bin/newuidmap");
    f.native.newgidmap = arena_strdup(&arena, in_tmp("usr/bin/newgidmap"));
    f.native.newuidmap = arena_strdup(&arena, in_tmp("usr/bin/newuidmap"));
    f.native.subuids = f.native.subgids = ranges;
    f.native.subuid_count = 2;
    f.native.subgid_count = 1;
    pid = waiting(line);
    rc = subids_write(&p, pid, line[1], NULL, &e);
    fd_close(&line[1]);
    (void)waitpid(pid, &status, 0);
    ok(rc == want, "%s: %s", says, e.text);
    is_int(WEXITSTATUS(status), want == 0 ? 0 : 1, "and who waits knows");
    if (want < 0) {
        ok(e.kind == ERR_REFUSED && strstr(e.text, "not yours") != NULL && e.hint[0] != '\0',
           "with what the program says");
        return;
    }
    is_str(get_file(in_tmp("usr/bin/uids")),
           arena_printf(&arena, "%d 1000 1000 1 100000 100000 65536 300000 300000 10\n", pid),
           "every number keeps its name");
    is_str(get_file(in_tmp("usr/bin/gids")),
           arena_printf(&arena, "%d 100 100 1 100000 100000 65536\n", pid), "groups too");
}

/* It says itself why. */
static void who_has_ended(void)
{
    struct plan p = {.kind = SANDBOX_NATIVE, .native.facts = &f.native};
    struct err e = {0};
    int line[2];

    (void)socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line);
    fd_close(&line[0]);
    is_int(subids_write(&p, 1, line[1], NULL, &e), 0, "who has ended gets no maps");
    fd_close(&line[1]);
}

/* Also outside of a new namespace: what cannot be given up any more is an error. */
static void nobody_there(void)
{
    struct err e = {0};
    int line[2];
    pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        (void)socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line);
        fd_close(&line[1]);
        _exit(subids_await(line[0], &e) < 0 && e.text[0] != '\0' ? 0 : 1);
    }
    (void)waitpid(pid, &status, 0);
    is_int(WEXITSTATUS(status), 0, "without anybody to write them there are no maps");
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    which_are_the_users();
    written("#!/bin/sh\necho \"$@\" >${0%/*}/uids\n", 0, "maps are written");
    written("#!/bin/sh\necho not yours >&2\nexit 1\n", -1, "a map that is refused is an error");
    who_has_ended();
    nobody_there();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
