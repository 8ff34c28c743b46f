/* SPDX-License-Identifier: MIT */
/* Tests the ranges of ids of a user, and how their maps are written. */
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

static void ranges_of_the_user_are_found(void)
{
    const struct fact_native *n = &f.native;

    find();
    ok(n->newuidmap == NULL && n->newgidmap == NULL && n->subuid_count == 0 &&
           n->subgid_count == 0,
       "a machine without the programs and files has none");
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
    ok(n->newuidmap != NULL && n->newgidmap == NULL,
       "only programs that can be executed are found");
    is_int((long long)n->subuid_count, 3,
           "lines with the name, with the uid, and without a newline count");
    ok(n->subuids[0].first == 100000 && n->subuids[0].count == 65536 &&
           n->subuids[1].first == 300000 && n->subuids[1].count == 10 &&
           n->subuids[2].first == 400000 && n->subuids[2].count == 1,
       "invalid ranges, and ranges with the user's own id, do not count");
    is_int((long long)n->subgid_count, 1, "the ranges of groups are found");
}

/* Makes a child that waits for its maps as subids_await() does. It exits with 0 once it may
 * continue. */
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

/* Lets subids_write() run shell scripts in the place of the programs. */
static void maps_are_written(const char *uid_tool, int want, const char *says)
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
    is_int(WEXITSTATUS(status), want == 0 ? 0 : 1,
           want == 0 ? "the waiting child continues" : "the waiting child gets no answer");
    if (want < 0) {
        ok(e.kind == ERR_REFUSED && strstr(e.text, "not yours") != NULL && e.hint[0] != '\0',
           "the error has the message of the program, and a hint");
        return;
    }
    is_str(get_file(in_tmp("usr/bin/uids")),
           arena_printf(&arena, "%d 1000 1000 1 100000 100000 65536 300000 300000 10\n", pid),
           "every range of uids is mapped to itself");
    is_str(get_file(in_tmp("usr/bin/gids")),
           arena_printf(&arena, "%d 100 100 1 100000 100000 65536\n", pid),
           "every range of gids is mapped to itself");
}

/* A process that has ended reports its own error. */
static void an_ended_process_gets_no_maps(void)
{
    struct plan p = {.kind = SANDBOX_NATIVE, .native.facts = &f.native};
    struct err e = {0};
    int line[2];

    (void)socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line);
    fd_close(&line[0]);
    is_int(subids_write(&p, 1, line[1], NULL, &e), 0,
           "no maps are written for a process that has ended");
    fd_close(&line[1]);
}

/* subids_await() fails if the other end of the line is closed. Outside of a new user namespace
 * it can fail before that. */
static void waiting_without_the_other_process_fails(void)
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
    is_int(WEXITSTATUS(status), 0,
           "without the other process, waiting for the maps is an error");
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    ranges_of_the_user_are_found();
    maps_are_written("#!/bin/sh\necho \"$@\" >${0%/*}/uids\n", 0, "maps are written");
    maps_are_written("#!/bin/sh\necho not yours >&2\nexit 1\n", -1,
                     "a map that is refused is an error");
    an_ended_process_gets_no_maps();
    waiting_without_the_other_process_fails();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
