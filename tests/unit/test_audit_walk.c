/* SPDX-License-Identifier: MIT */
/* Tests the walk through a project in which an agent has planted files. */
#include "host/audit_walk.h"

#include "base/clock.h"
#include "base/fd.h"

#include "audit.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

static void planted_links_are_reported(void)
{
    start();
    put("elsewhere/hooks/pre-commit", "x");
    put("elsewhere/settings.json", "x");
    put("p/.git/config", "");
    put("p/.git/hooks/a", "");
    put("p/.git/hooks/b", "");
    put("p/.claude/settings.json", "");
    put("p/.claude/skills/s/SKILL.md", "");
    take(&before);
    (void)rename(in_tmp("p/.git/hooks"), in_tmp("p/.git/kept"));
    (void)symlink("../../elsewhere/hooks", in_tmp("p/.git/hooks"));
    now(".git/hooks is now a link to ../../elsewhere/hooks",
        "a directory of hooks that became a link is reported once and not followed");
    (void)rename(in_tmp("p/.git"), in_tmp("p/kept"));
    (void)symlink("../elsewhere", in_tmp("p/.git"));
    now(".git is now a link to ../elsewhere", ".git as a link is reported and not followed");
    (void)unlink(in_tmp("p/.git"));
    (void)symlink("/", in_tmp("p/.git"));
    now(".git is now a link to /", "a link with another target is reported");
    (void)rename(in_tmp("p/.claude"), in_tmp("p/kept2"));
    (void)symlink("../elsewhere", in_tmp("p/.claude"));
    now(".claude is now a link to ../elsewhere",
        ".claude as a link is reported and not followed");
    (void)unlink(in_tmp("p/.claude"));
    (void)rename(in_tmp("p/kept2"), in_tmp("p/.claude"));
    now(".claude is now a directory; .claude/settings.json added; "
        ".claude/skills/s/SKILL.md added",
        "a directory in the place of a link is reported with its files");
    (void)symlink("/etc", in_tmp("p/.claude/skills/t"));
    (void)symlink("evil\nline", in_tmp("p/.envrc"));
    (void)symlink("/", in_tmp("p/top"));
    now(".claude/skills/t is now a link to /etc; .envrc is now a link to evil\\x0aline",
        "links to files of the table are reported; other links of the project are not");
    (void)unlink(in_tmp("p/.envrc"));
    put("p/.envrc", "x");
    now(".envrc is now a file", "a file in the place of a link is reported");
    (void)unlink(in_tmp("p/.git"));
    put("p/.git", "gitdir: /tmp\n");
    now(".git is now a file", ".git as a file is reported");
}

/* A link into the project leads a program to a file that the agent can change. */
static void targets_of_links_count(void)
{
    start();
    put("p/tools/env", "a");
    put("p/tools/hooks/pre-commit", "a");
    put("p/tools/claude/settings.json", "a");
    put("p/tools/conf", "[user]\nname = a\n");
    put("elsewhere/x", "a");
    put("p/.git/info/x", "");
    (void)symlink("tools/env", in_tmp("p/.envrc"));
    (void)symlink("tools/env2", in_tmp("p/.envrc.local"));
    (void)symlink("../tools/hooks", in_tmp("p/.git/hooks"));
    (void)symlink("../tools/conf", in_tmp("p/.git/config"));
    (void)symlink(in_tmp("p/tools/claude"), in_tmp("p/.claude"));
    (void)symlink("..", in_tmp("p/tools/claude/skills"));
    (void)symlink("../elsewhere/x", in_tmp("p/.mcp.json"));
    take(&before);
    now("", "unchanged links and targets are not findings");
    put("p/tools/env", "b");
    put("elsewhere/x", "b");
    put("p/tools/hooks/pre-commit", "b");
    now(".git/hooks/pre-commit changed; .claude/skills/env changed; "
        ".claude/skills/hooks/pre-commit changed; .envrc changed: it leads to tools/env",
        "changed targets in the project are findings, others are not");
    put("p/tools/conf", "[user]\nname = b\n");
    put("p/tools/claude/settings.json", "b");
    put("p/tools/env2", "b");
    now(".claude/settings.json changed; .claude/skills/claude/settings.json changed; "
        ".claude/skills/conf changed; .claude/skills/env2 added; "
        ".envrc.local changed: it leads to tools/env2",
        "directories are followed, once each, and harmless changes of a configuration are not "
        "findings");
    (void)unlink(in_tmp("p/tools/env"));
    (void)symlink("/etc/passwd", in_tmp("p/tools/env"));
    now(".claude/skills/env is now a link to /etc/passwd; .envrc changed: it leads to "
        "tools/env",
        "a link on the way that leads elsewhere is a finding");
}

static void special_files_are_reported(void)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int64_t at = clock_ms();

    start();
    put("p/.git/config", "");
    take(&before);
    (void)mkfifo(in_tmp("p/.envrc"), 0600);
    (void)mkfifo(in_tmp("p/.claude"), 0600);
    (void)mkdir(in_tmp("p/.git/hooks"), 0755);
    (void)mkfifo(in_tmp("p/.git/hooks/pre-commit"), 0600);
    (void)mkdir(in_tmp("p/.git/hooks/dir"), 0755);
    (void)mkdir(in_tmp("p/.mcp.json"), 0755);
    (void)snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", in_tmp("p/.npmrc"));
    ok(bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0,
       "a unix socket can be made in the project");
    fd_close(&fd);
    now(".git/hooks/pre-commit is now a FIFO; .claude is now a FIFO; "
        ".mcp.json is now a directory; .envrc is now a FIFO; .npmrc is now a socket",
        "each path is reported with its kind");
    (void)unlink(in_tmp("p/.git/config"));
    (void)mkfifo(in_tmp("p/.git/config"), 0600);
    now(".git/config is now a FIFO", "a configuration that is a FIFO is reported and not read");
    ok(clock_ms() - at < 5000, "no FIFO blocked the walk");
    if (mknod(in_tmp("p/.exrc"), S_IFCHR | 0600, makedev(1, 5)) == 0) {
        now(".exrc is now a device", "a device is reported and not read");
    } else {
        ok(true, "a device is reported # SKIP only root can make one");
    }
}

static void unreadable_files_are_reported(void)
{
    bool root = geteuid() == 0; /* root can read them in spite of their modes */

    start();
    put("p/.envrc", "x");
    put("p/.husky/h", "x");
    put("p/src/deep/.mcp.json", "x");
    put("p/other/x", "x");
    take(&before);
    (void)chmod(in_tmp("p/.envrc"), 0);
    (void)chmod(in_tmp("p/.husky"), 0);
    (void)chmod(in_tmp("p/src"), 0100);
    (void)chmod(in_tmp("p/other"), 0600);
    now(root ? ""
             : ".husky cannot be read; other cannot be read; src cannot be read; "
               ".envrc cannot be read",
        "files and directories that cannot be read any more are reported");
    now("", "what could not be read before, and has not changed since, is not reported");
    (void)chmod(in_tmp("p/.husky"), 0755);
    (void)chmod(in_tmp("p/.envrc"), 0644);
    (void)chmod(in_tmp("p/src"), 0755);
    (void)chmod(in_tmp("p/other"), 0755);
    now(root ? "" : ".husky/h added; src/deep/.mcp.json added; .envrc is now a file",
        "files that can be read again are reported");
    (void)chmod(in_tmp("p"), 0100);
    now(root ? "" : ". cannot be read", "a project that cannot be read is one finding");
    (void)chmod(in_tmp("p"), 0755);
}

static void work_is_limited(void)
{
    const char *path = "p";
    size_t hashed = 0;
    int fd;
    int64_t at;

    start();
    take(&before);
    for (int i = 0; i < AUDIT_DEPTH_MAX + 10; i++) {
        path = arena_printf(&arena, "%s/d", path);
    }
    put(arena_printf(&arena, "%s/.envrc", path), "");
    take(&after);
    audit_diff(&before, &after, &arena, &report);
    ok(report.count == 1 && report.findings[0].what == AUDIT_OVERFLOW,
       "a tree that is too deep is a finding");
    start();
    put("p/.git/hooks/a", "");
    take(&before);
    for (int i = 0; i < AUDIT_MAX + 10; i++) {
        put_file(in_tmp(arena_printf(&arena, "p/.git/hooks/%d", i)), "");
    }
    put("p/.claude/settings.json", "2");
    take(&after);
    is_int((long long)after.count, AUDIT_MAX, "a snapshot has at most AUDIT_MAX entries");
    ok(after.overflow != NULL, "the exceeded limit is recorded");
    audit_diff(&before, &after, &arena, &report);
    is_int(report.findings[0].what, AUDIT_OVERFLOW, "the exceeded limit is the first finding");

    start();
    put("p/.yarn/releases/yarn.cjs", "x");
    ok(truncate(in_tmp("p/.yarn/releases/yarn.cjs"), 1 << 30) == 0,
       "a sparse file of 1 GiB can be made");
    at = clock_ms();
    take(&before);
    ok(clock_ms() - at < 2000, "only the beginning of a large file is read");
    fd = open(in_tmp("p/.yarn/releases/yarn.cjs"), O_WRONLY | O_CLOEXEC);
    ok(fd >= 0 && pwrite(fd, "y", 1, 1 << 29) == 1,
       "the file can be changed after the hashed part");
    fd_close(&fd);
    now(".yarn/releases/yarn.cjs changed",
        "a change after the hashed part is found by its time");
    now("", "an unchanged large file is not a finding");

    start();
    for (int i = 0; i < 40; i++) {
        const char *plugin = arena_printf(&arena, "p/.yarn/plugins/%02d", i);

        put(plugin, "");
        ok(truncate(in_tmp(plugin), 1 << 20) == 0, "plugin %d of 1 MiB can be made", i);
    }
    take(&before);
    for (size_t i = 0; i < before.count; i++) {
        hashed += before.entries[i].digest[0] != '\0' ? 1U : 0U;
    }
    is_int((long long)hashed, AUDIT_HASH_TOTAL / AUDIT_HASH_MAX,
           "files are hashed until the limit for all files is reached");
    now("", "exceeding the limit of hashed bytes is not a finding");
    for (int i = 0; i < 40; i++) {
        fd =
            open(in_tmp(arena_printf(&arena, "p/.yarn/plugins/%02d", i)), O_WRONLY | O_CLOEXEC);
        (void)pwrite(fd, "y", 1, 1 << 19);
        fd_close(&fd);
    }
    take(&after);
    audit_diff(&before, &after, &arena, &report);
    is_int((long long)report.count, 40, "each change is found, hashed or not");
}

static void every_depth_is_examined(void)
{
    start();
    put("p/a/b/c/x", "");
    put("p/.git/modules/objects/x", "");
    put("p/.git/modules/real/HEAD", "ref: refs/heads/main\n");
    put("p/.git/modules/real/config", "");
    put("p/.git/modules/real/refs/heads/x", "");
    put("p/.git/modules/real/objects/pack/x", "");
    put("p/bare/HEAD", "");
    put("p/bare/refs/x", "");
    take(&before);
    put("p/a/b/c/.git/hooks/pre-commit.d/x", "");
    put("p/a/b/c/.git/hooks/post-merge", "");
    put("p/a/b/c/.git/config", "[core]\nfsmonitor = ./zz\n");
    put("p/a/b/c/.envrc", "");
    put("p/a/b/c/.claude/settings.json", "");
    put("p/.git/modules/objects/config", "[core]\nfsmonitor = zz\n");
    put("p/.git/modules/logs/hooks/post-merge", "");
    put("p/.git/modules/real/refs/heads/config", "0123456789");
    put("p/.git/modules/real/objects/pack/hooks/y", "");
    put("p/bare/config", "[core]\nfsmonitor = zz\n");
    put("p/bare/hooks/post-receive", "");
    now("a/b/c/.git/config added; bare/config added; a/b/c/.git/hooks/post-merge added; "
        "a/b/c/.git/hooks/pre-commit.d/x added; bare/hooks/post-receive added; "
        ".git/modules/objects/config added; .git/modules/logs/hooks/post-merge added; "
        "a/b/c/.claude/settings.json added; a/b/c/.envrc added",
        "nested repositories, bare ones, and submodules of any name are examined");
}

static void large_directories_are_one_finding(void)
{
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {0}};
    struct stat st;

    start();
    put("p/node_modules/a/index.js", "a");
    put("p/node_modules/b/.envrc", "a");
    put("p/x/.venv/lib/a.py", "a");
    take(&before);
    now("", "unchanged directories are not findings");
    put("p/node_modules/a/index.js", "b");
    put("p/node_modules/b/.envrc", "b");
    put("p/x/.venv/lib/b.pth", "b");
    now("node_modules changed; x/.venv changed",
        "all changes in a large directory are one finding");
    (void)rename(in_tmp("p/node_modules/a"), in_tmp("p/node_modules/c"));
    now("node_modules changed", "so is another name");
    (void)stat(in_tmp("p/node_modules/c/index.js"), &st);
    put("p/node_modules/c/index.js", "c");
    times[1] = st.st_mtim;
    (void)utimensat(AT_FDCWD, in_tmp("p/node_modules/c/index.js"), times, 0);
    now("node_modules changed", "a file with the same size and an older time is not hidden");
    (void)rename(in_tmp("p/node_modules"), in_tmp("p/nm"));
    (void)symlink("nm", in_tmp("p/node_modules"));
    now("nm/b/.envrc added; node_modules is now a link to nm; node_modules/* added",
        "a link in the place of the directory is followed");
    put("p/nm/c/index.js", "c");
    now("node_modules/* changed", "and its target is compared");
}

static void hard_links_outside_are_counted(void)
{
    start();
    put("store/a", "a");
    put("store/b", "b");
    put("p/inside", "c");
    put("p/node_modules/x/y", "");
    (void)link(in_tmp("store/a"), in_tmp("p/node_modules/x/a"));
    (void)link(in_tmp("store/b"), in_tmp("p/node_modules/x/b"));
    take(&before);
    is_int((long long)before.linked_count, 2, "files with hard links outside are noted");
    (void)link(in_tmp("p/inside"), in_tmp("p/inside2"));
    now("", "hard links within the project are not findings");
    put_file(in_tmp("p/node_modules/x/a"), "changed");
    now("node_modules: 1 changed file has hard links outside of the project; "
        "node_modules changed",
        "a changed file that another directory shares is a finding");
}

static void any_name_is_reported(void)
{
    char name[256];
    const char *many = name;

    start();
    take(&before);
    put("p/.husky/\xff\xfe", "");
    put("p/.husky/a\ncco: all is well", "");
    put("p/.husky/\x1b[2J", "");
    memset(name, 'n', 255);
    name[255] = '\0';
    put(arena_printf(&arena, "p/.husky/%s", name), "");
    now(arena_printf(&arena,
                     ".husky/\\x1b[2J added; .husky/a\\x0acco: all is well added; "
                     "%.120s...%.120s added; .husky/\\xff\\xfe added",
                     arena_printf(&arena, ".husky/%s", many), many),
        "control bytes of names are escaped in the lines, and long names are cut");
}

int main(void)
{
    tmpdir_make();
    (void)umask(022);
    planted_links_are_reported();
    special_files_are_reported();
    unreadable_files_are_reported();
    work_is_limited();
    targets_of_links_count();
    every_depth_is_examined();
    large_directories_are_one_finding();
    hard_links_outside_are_counted();
    any_name_is_reported();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
