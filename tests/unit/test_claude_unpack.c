/* SPDX-License-Identifier: MIT */
#include "session/claude_unpack.h"

#include "base/file.h"
#include "base/sig.h"
#include "npm_package.h"
#include "tap.h"
#include "tmpdir.h"

#include <signal.h>
#include <sys/stat.h>

static struct buf archive, package;
static struct tar_w tar;
static struct sig sig;

static void begin(void)
{
    buf_reset(&archive);
    buf_reset(&package);
    tar_w_init(&tar, &archive);
}

/* Unpacks the package, cut off to at most `max` bytes, to a new directory. */
static int unpack_some(size_t max, struct err *e)
{
    struct str bytes = buf_str(&package);
    struct err own = {0};

    err_reset(e);
    bytes.len = bytes.len < max ? bytes.len : max;
    if (file_remove_tree(in_tmp("to"), &own) < 0 || mkdir(in_tmp("to"), 0700) < 0 ||
        file_write_atomic(in_tmp("p.tgz"), bytes, 0600, &own) < 0) {
        abort();
    }
    return claude_unpack(in_tmp("p.tgz"), in_tmp("to"), &sig, e);
}

static int unpack(struct err *e)
{
    if (tar_w_end(&tar, e) < 0) {
        abort();
    }
    package_gzip(buf_str(&archive), &package);
    return unpack_some(SIZE_MAX, e);
}

static void known_files_are_written(void)
{
    static struct err e;

    begin();
    package_file(&tar, "package/claude", "the program");
    package_file(&tar, "package/README.md", "");
    package_file(&tar, "package/package.json", "{}");
    package_file(&tar, "package/other", "x");
    package_file(&tar, "other/LICENSE.md", "x");
    package_file(&tar, "claude", "x");
    is_int(unpack(&e), 0, "a package is unpacked");
    is_str(get_file(in_tmp("to/claude")), "the program", "the program is complete");
    is_int(mode_of(in_tmp("to/claude")), 0700, "the program can be run by the user");
    is_int(mode_of(in_tmp("to/package.json")), 0600, "a text cannot be run");
    ok(file_exists(in_tmp("to/README.md")) && !file_exists(in_tmp("to/other")) &&
           !file_exists(in_tmp("to/LICENSE.md")),
       "other files are skipped");
}

static void cut_off_packages_are_refused(void)
{
    static struct err e;
    bool all = true;

    for (size_t len = 0; len < package.len; len += 13) {
        all = all && unpack_some(len, &e) < 0 && e.kind == ERR_FORMAT;
    }
    ok(all, "a package that is cut off is refused: %s", e.text);
}

static void refused(enum err_kind kind, const char *word)
{
    static struct err e;

    ok(unpack(&e) < 0 && e.kind == kind && strstr(e.text, word) != NULL, "%s", e.text);
}

static void other_packages_are_refused(void)
{
    const struct tar_entry link = {.type = TAR_SYMLINK,
                                   .path = STR("package/claude"),
                                   .link = STR("/bin/sh"),
                                   .mode = 0777};
    const struct tar_entry large = {.type = TAR_FILE,
                                    .path = STR("package/other"),
                                    .size = (uint64_t)CLAUDE_UNPACKED_MAX + 1};
    static struct err e;

    begin();
    package_file(&tar, "package/package.json", "{}");
    refused(ERR_FORMAT, "no program");
    begin();
    package_file(&tar, "package/claude", "");
    refused(ERR_FORMAT, "no program");
    begin();
    (void)tar_w_entry(&tar, &link, &e);
    refused(ERR_FORMAT, "no program");
    begin();
    package_file(&tar, "package/claude", "1");
    package_file(&tar, "package/claude", "2");
    refused(ERR_SYS, "exists");
    begin();
    (void)tar_w_entry(&tar, &large, &e);
    package_gzip(buf_str(&archive), &package);
    ok(unpack_some(SIZE_MAX, &e) < 0 && e.kind == ERR_LIMIT, "%s", e.text);
    begin();
    (void)buf_add_c(&package, "not a package");
    ok(unpack_some(SIZE_MAX, &e) < 0 && e.kind == ERR_FORMAT, "%s", e.text);
    ok(claude_unpack(in_tmp("missing"), in_tmp("to"), &sig, &e) < 0, "%s", e.text);
}

static void signal_ends_the_work(void)
{
    static struct err e;

    begin();
    package_file(&tar, "package/claude", "the program");
    ok(raise(SIGTERM) == 0 && unpack(&e) < 0 && e.kind == ERR_CANCELED && e.code == SIGTERM,
       "a signal ends the work: %s", e.text);
}

int main(void)
{
    static struct err e;

    tmpdir_make();
    if (sig_open(&sig, &e) < 0) {
        abort();
    }
    buf_init(&archive, 1 << 20);
    buf_init(&package, 1 << 20);
    known_files_are_written();
    cut_off_packages_are_refused();
    other_packages_are_refused();
    signal_ends_the_work();
    sig_close(&sig);
    buf_release(&archive);
    buf_release(&package);
    tmpdir_remove();
    return done_testing();
}
