/* SPDX-License-Identifier: MIT */
/* What an agent may plant. */
#include "host/audit_walk.h"

#include "base/clock.h"
#include "base/fd.h"

#include "audit.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

static void planted_links(void)
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
        "the directory of hooks became a link: told once, not followed");
    (void)rename(in_tmp("p/.git"), in_tmp("p/kept"));
    (void)symlink("../elsewhere", in_tmp("p/.git"));
    now(".git is now a link to ../elsewhere", ".git itself became a link");
    (void)unlink(in_tmp("p/.git"));
    (void)symlink("/", in_tmp("p/.git"));
    now(".git is now a link to /", "a link that leads elsewhere now");
    (void)rename(in_tmp("p/.claude"), in_tmp("p/kept2"));
    (void)symlink("../elsewhere", in_tmp("p/.claude"));
    now(".claude is now a link to ../elsewhere", ".claude became a link");
    (void)unlink(in_tmp("p/.claude"));
    (void)rename(in_tmp("p/kept2"), in_tmp("p/.claude"));
    now(".claude is now a directory; .claude/settings.json added; "
        ".claude/skills/s/SKILL.md added",
        "and a directory again");
    (void)symlink("/etc", in_tmp("p/.claude/skills/t"));
    (void)symlink("evil\nline", in_tmp("p/.envrc"));
    (void)symlink("/", in_tmp("p/top"));
    now(".claude/skills/t is now a link to /etc; .envrc is now a link to evil\\x0aline",
        "links among files; one at the top is nobody's business");
    (void)unlink(in_tmp("p/.envrc"));
    put("p/.envrc", "x");
    now(".envrc is now a file", "a link became a file");
    (void)unlink(in_tmp("p/.git"));
    put("p/.git", "gitdir: /tmp\n");
    now(".git is now a file", ".git leads elsewhere by its text");
}

static void odd_kinds(void)
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
    ok(bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0, "a socket");
    fd_close(&fd);
    now(".git/hooks/pre-commit is now a FIFO; .claude is now a FIFO; "
        ".mcp.json is now a directory; .envrc is now a FIFO; .npmrc is now a socket",
        "each is told as what it is");
    (void)unlink(in_tmp("p/.git/config"));
    (void)mkfifo(in_tmp("p/.git/config"), 0600);
    now(".git/config is now a FIFO", "the configuration is a FIFO: nobody reads it");
    ok(clock_ms() - at < 5000, "nothing of it waited for a writer");
    if (mknod(in_tmp("p/.exrc"), S_IFCHR | 0600, makedev(1, 5)) == 0) {
        now(".exrc is now a device", "a device, not read");
    } else {
        ok(true, "a device # SKIP not root");
    }
}

static void closed_ones(void)
{
    start();
    put("p/.envrc", "x");
    put("p/.husky/h", "x");
    take(&before);
    (void)chmod(in_tmp("p/.envrc"), 0);
    (void)chmod(in_tmp("p/.husky"), 0);
    /* Root reads them all the same. */
    now(geteuid() == 0 ? "" : ".husky cannot be read; .envrc cannot be read",
        "what is closed to us");
    (void)chmod(in_tmp("p/.husky"), 0755);
    (void)chmod(in_tmp("p/.envrc"), 0644);
    now(geteuid() == 0 ? "" : ".husky/h added; .envrc is now a file", "and open again");
}

/* Entries of a directory, and what is missing is told. */
static void limits(void)
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
    is_int((long long)after.count, AUDIT_MAX, "10,000 files: no more entries than fit");
    is_str(after.overflow, ".husky", "the directory that holds more");
    audit_diff(&before, &after, &arena, &report);
    is_str(audit_line(&report.findings[0], &arena),
           ".husky contains more than the audit examines: check it yourself", "it is the first finding");
    for (size_t i = 0; i < report.count; i++) {
        told = told || (strcmp(report.findings[i].path, ".claude/settings.json") == 0 &&
                        report.findings[i].what == AUDIT_CHANGED);
    }
    ok(told, "what has a name of its own is still looked at");

    start();
    put("p/.claude/skills/1/2/3/4/5/6/7/8/deep", "");
    take(&before);
    is_str(before.overflow, NULL, "eight directories are not too deep");
    put("p/.claude/skills/1/2/3/4/5/6/7/8/9/deeper", "");
    take(&after);
    is_str(after.overflow, ".claude/skills/1/2/3/4/5/6/7/8/9", "nine are, and are told");

    start();
    put("p/.yarn/releases/yarn.cjs", "x");
    ok(truncate(in_tmp("p/.yarn/releases/yarn.cjs"), 1 << 30) == 0, "a sparse file of 1 GiB");
    at = clock_ms();
    take(&before);
    ok(clock_ms() - at < 2000, "is not read whole");
    fd = open(in_tmp("p/.yarn/releases/yarn.cjs"), O_WRONLY | O_CLOEXEC);
    ok(fd >= 0 && pwrite(fd, "y", 1, 1 << 29) == 1, "a change past what is hashed");
    fd_close(&fd);
    now(".yarn/releases/yarn.cjs changed", "tells by its times");
    now("", "which stay");

    start();
    for (int i = 0; i < 40; i++) {
        const char *name = arena_printf(&arena, "p/.yarn/plugins/%02d", i);

        put(name, "");
        ok(truncate(in_tmp(name), 1 << 20) == 0, "plugin %d of 1 MiB", i);
    }
    take(&before);
    for (size_t i = 0; i < before.count; i++) {
        hashed += before.entries[i].digest[0] != '\0' ? 1U : 0U;
    }
    is_int((long long)hashed, AUDIT_HASH_TOTAL / AUDIT_HASH_MAX,
           "as many as may be are hashed");
    now("", "more bytes than are hashed: no finding by itself");
    for (int i = 0; i < 40; i++) {
        fd =
            open(in_tmp(arena_printf(&arena, "p/.yarn/plugins/%02d", i)), O_WRONLY | O_CLOEXEC);
        (void)pwrite(fd, "y", 1, 1 << 19);
        fd_close(&fd);
    }
    take(&after);
    audit_diff(&before, &after, &arena, &report);
    is_int((long long)report.count, 40, "each change is one, hashed or not");
}

static void odd_names(void)
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
        "names are told without control bytes");
}

static void reading(void)
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
    ok(audit_walk_read(&w, "d/f", &text) == 0 && str_eq_c(buf_str(&text), "text"), "a file");
    buf_reset(&text);
    ok(audit_walk_read(&w, "l/f", &text) < 0, "not through a link to its directory");
    ok(audit_walk_read(&w, "d/l", &text) < 0, "nor through a link to itself");
    ok(audit_walk_read(&w, "d/fifo", &text) < 0, "no FIFO");
    ok(audit_walk_read(&w, "d", &text) < 0, "no directory");
    ok(audit_walk_read(&w, "no/such", &text) < 0, "no such file");
    ok(audit_walk_read(&w, "big", &text) < 0, "not more than was asked for");
    buf_release(&text);
    fd_close(&w.root);
}

int main(void)
{
    tmpdir_make();
    (void)umask(022);
    planted_links();
    odd_kinds();
    closed_ones();
    limits();
    odd_names();
    reading();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
