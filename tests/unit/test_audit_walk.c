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
    start();
    put("p/.envrc", "x");
    put("p/.husky/h", "x");
    take(&before);
    (void)chmod(in_tmp("p/.envrc"), 0);
    (void)chmod(in_tmp("p/.husky"), 0);
    /* Root can read them in spite of their modes. */
    now(geteuid() == 0 ? "" : ".husky cannot be read; .envrc cannot be read",
        "a file and a directory that cannot be read are reported");
    (void)chmod(in_tmp("p/.husky"), 0755);
    (void)chmod(in_tmp("p/.envrc"), 0644);
    now(geteuid() == 0 ? "" : ".husky/h added; .envrc is now a file",
        "files that can be read again are reported");
}

/* The number of entries, the depth and the number of hashed bytes are limited. An exceeded
 * limit is a finding. */
static void work_is_limited(void)
{
    bool told = false;
    size_t hashed = 0;
    int fd;
    int64_t at;

    start();
    put("p/.git/hooks/a", "");
    put("p/.claude/settings.json", "1");
    take(&before);
    put("p/.husky/first", "");
    for (int i = 0; i < 10000; i++) {
        put_file(in_tmp(arena_printf(&arena, "p/.husky/%d", i)), "");
    }
    put("p/.claude/settings.json", "2");
    put("p/.claude/skills/x", "2");
    take(&after);
    is_int((long long)after.count, AUDIT_MAX,
           "a directory of 10,000 files gives AUDIT_MAX entries");
    is_str(after.overflow, ".husky", "the directory that exceeds the limit is recorded");
    audit_diff(&before, &after, &arena, &report);
    is_str(audit_line(&report.findings[0], &arena),
           ".husky contains more than the audit examines: check it yourself",
           "the exceeded limit is the first finding");
    for (size_t i = 0; i < report.count; i++) {
        told = told || (strcmp(report.findings[i].path, ".claude/settings.json") == 0 &&
                        report.findings[i].what == AUDIT_CHANGED);
    }
    ok(told, "a file that a rule names without a pattern is still examined");

    start();
    put("p/.claude/skills/1/2/3/4/5/6/7/8/deep", "");
    take(&before);
    is_str(before.overflow, NULL, "eight nested directories do not exceed the limit");
    put("p/.claude/skills/1/2/3/4/5/6/7/8/9/deeper", "");
    take(&after);
    is_str(after.overflow, ".claude/skills/1/2/3/4/5/6/7/8/9",
           "nine nested directories exceed it, which is recorded");

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
        const char *name = arena_printf(&arena, "p/.yarn/plugins/%02d", i);

        put(name, "");
        ok(truncate(in_tmp(name), 1 << 20) == 0, "plugin %d of 1 MiB can be made", i);
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

static void any_name_is_reported(void)
{
    char name[256];

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
                     ".husky/%s added; .husky/\xff\xfe added",
                     name),
        "control bytes of names are escaped in the lines");
}

static void only_regular_files_are_read(void)
{
    struct audit s = {0};
    struct audit_walk w = {.a = &arena, .out = &s, .prefix = ""};
    struct buf text;

    start();
    put("p/d/f", "text");
    put("p/big", "0123456789");
    (void)symlink("d", in_tmp("p/l"));
    (void)symlink("f", in_tmp("p/d/l"));
    (void)mkfifo(in_tmp("p/d/fifo"), 0600);
    w.root = open(in_tmp("p"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    buf_init(&text, 8);
    ok(audit_walk_read(&w, "d/f", &text) == 0 && str_eq_c(buf_str(&text), "text"),
       "a regular file is read");
    buf_reset(&text);
    ok(audit_walk_read(&w, "l/f", &text) < 0, "a file is not read through a link in its path");
    ok(audit_walk_read(&w, "d/l", &text) < 0, "a link to a file is not read");
    ok(audit_walk_read(&w, "d/fifo", &text) < 0, "a FIFO is not read");
    ok(audit_walk_read(&w, "d", &text) < 0, "a directory is not read");
    ok(audit_walk_read(&w, "no/such", &text) < 0, "a missing file is not read");
    ok(audit_walk_read(&w, "big", &text) < 0,
       "a file that is larger than the buffer's maximum is not read");
    buf_release(&text);
    fd_close(&w.root);
}

int main(void)
{
    tmpdir_make();
    (void)umask(022);
    planted_links_are_reported();
    special_files_are_reported();
    unreadable_files_are_reported();
    work_is_limited();
    any_name_is_reported();
    only_regular_files_are_read();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
