/* SPDX-License-Identifier: MIT */
#include "host/parts.h"

#include "base/limits.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

static struct arena arena;

static void worktrees(void)
{
    (void)mkdir(in_tmp("main"), 0700);
    (void)mkdir(in_tmp("main/.git"), 0700);
    (void)mkdir(in_tmp("main/.git/worktrees"), 0700);
    (void)mkdir(in_tmp("main/.git/worktrees/w"), 0700);
    (void)mkdir(in_tmp("w"), 0700);
    put_file(in_tmp("w/.git"),
             arena_printf(&arena, "gitdir: %s/main/.git/worktrees/w\n", tmpdir));
    is_str(host_git_common_dir(&arena, in_tmp("w")), NULL,
           "a worktree that nothing points back to");
    put_file(in_tmp("main/.git/worktrees/w/gitdir"),
             arena_printf(&arena, "%s/w/.git\n", tmpdir));
    put_file(in_tmp("main/.git/worktrees/w/commondir"), "../..\n");
    put_file(in_tmp("main/.git/HEAD"), "ref: refs/heads/main\n");
    is_str(host_git_common_dir(&arena, in_tmp("w")), in_tmp("main/.git"),
           "the standard layout");
    is_str(host_git_common_dir(&arena, in_tmp("main")), NULL,
           "a plain repository needs nothing more");
    put_file(in_tmp("w/.git"), "gitdir: /etc\n");
    is_str(host_git_common_dir(&arena, in_tmp("w")), NULL, "a planted one leads nowhere");
    put_file(in_tmp("w/.git"), arena_printf(&arena, "gitdir: %s/main/.git\n", tmpdir));
    is_str(host_git_common_dir(&arena, in_tmp("w")), NULL, "nor does a submodule's shape");
    is_str(host_git_common_dir(&arena, "/nonexistent"), NULL, "no repository");
}

static void owners(void)
{
    const char *ann = host_owner_key(&arena, "ann", 1000);

    ok(strlen(ann) == 8 && strspn(ann, "0123456789abcdef") == 8, "an owner's key is hex");
    is_str(host_owner_key(&arena, "ann", 1000), ann, "the same owner, the same key");
    ok(strcmp(host_owner_key(&arena, "ann", 1001), ann) != 0 &&
           strcmp(host_owner_key(&arena, "bob", 1000), ann) != 0,
       "another name or number, another key");
}

/* A project "p" with links out of it, and ways that take them. */
static void ways(void)
{
    static const struct {
        const char *link, *to;
    } links[] = {
        {"p/out", "../main"}, {"by", "p/out"},  {"over", "by"}, {"past", "../../../../main"},
        {"beside", "px"},     {"loop", "loop"}, {"in", "p"},    {"p2", "p/../main"},
        {"p/deep", "/"},
    };
    static const struct {
        const char *path;
        bool through;
    } cases[] = {
        {"main", false},         {"by", true},
        {"over", true},          {"over/HEAD", true},
        {"beside/x", false},     {"loop", true},
        {"in/x", true},          {"p2", true},
        {"main/../by", true},    {"main//./x", false},
        {"gone/../main", false}, {"p", true},
        {"px/../p/x", true},     {"past", false},
    };
    const char *dir = arena_strdup(&arena, in_tmp("p"));

    (void)mkdir(in_tmp("p"), 0700);
    (void)mkdir(in_tmp("px"), 0700);
    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
        ok(symlink(links[i].to, in_tmp(links[i].link)) == 0, "%s", links[i].link);
    }
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ok(host_leads_through(&arena, in_tmp(cases[i].path), dir) == cases[i].through,
           "%s %s through the project", cases[i].path,
           cases[i].through ? "leads" : "does not lead");
    }
}

static void sockets(void)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    memcpy(addr.sun_path, in_tmp("s"), strlen(in_tmp("s")) + 1);
    ok(!host_socket_is_live(in_tmp("s")), "no socket");
    ok(fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0, "a socket");
    ok(!host_socket_is_live(in_tmp("s")), "that nobody listens on is dead");
    ok(listen(fd, 1) == 0 && host_socket_is_live(in_tmp("s")), "one with a listener lives");
    (void)close(fd);
    ok(!host_socket_is_live(in_tmp("main")), "a directory is none");
}

int main(void)
{
    struct host_user u = {0};
    char digest[65];
    struct err e = {0};

    tmpdir_make();
    worktrees();
    owners();
    ways();
    sockets();
    ok(host_user_find(0, &arena, &u) && strcmp(u.name, "root") == 0, "root has an entry");
    ok(!host_user_find(4000000000, &arena, &u), "this uid has none");
    is_str(host_time_zone(&arena, "Europe/Berlin"), "Europe/Berlin", "TZ as a zone");
    is_str(host_time_zone(&arena, ":Asia/Tokyo"), "Asia/Tokyo", "with its colon");
    put_file(in_tmp("abc"), "abc");
    is_int(host_digest(in_tmp("abc"), digest, &e), 0, "a file's digest");
    is_str(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
           "is SHA-256");
    ok(host_digest(in_tmp("gone"), digest, &e) < 0, "no file: %s", e.text);
    ok(symlink("abc", in_tmp("link")) == 0, "a link");
    is_str(host_physical(&arena, in_tmp("link")), in_tmp("abc"), "is followed");
    is_str(host_physical(&arena, in_tmp("gone")), NULL,
           "what is not there has no physical path");
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
