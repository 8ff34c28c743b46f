/* SPDX-License-Identifier: MIT */
#include "trust/digest.h"

#include "tap.h"
#include "tmpdir.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static char before[SHA256_HEX];

static bool changed(void)
{
    char now[SHA256_HEX] = "";
    struct err e = {0};
    const bool differs = digest_dir(in_tmp("d"), now, &e) < 0 || strcmp(now, before) != 0;

    memcpy(before, now, sizeof(before));
    return differs;
}

static enum err_kind refused(void)
{
    char now[SHA256_HEX];
    struct err e = {0};

    return digest_dir(in_tmp("d"), now, &e) < 0 ? e.kind : ERR_NONE;
}

static void directories(void)
{
    static const struct {
        const char *target;
        bool inside;
    } links[] = {
        {"f", true},       {"./sub//f", true}, {"..", false},     {"/etc/passwd", false},
        {"sub/..", false}, {"../x", false},    {"../d/f", false},
    };
    static const char *const deep[] = {"../f", "../sub/f", "../../x", "../sub/../../x"};

    (void)mkdir(in_tmp("d"), 0700);
    (void)mkdir(in_tmp("d/sub"), 0700);
    put_file(in_tmp("d/f"), "1");
    ok(changed() && !changed(), "the digest of a directory is always the same");
    put_file(in_tmp("d/f"), "2");
    ok(changed(), "it depends on the content");
    put_file(in_tmp("d/sub/f"), "3");
    ok(changed(), "it depends on the files of deeper directories");
    (void)rename(in_tmp("d/sub/f"), in_tmp("d/sub/g"));
    ok(changed(), "it depends on names");
    (void)chmod(in_tmp("d/f"), 0755);
    ok(changed(), "it depends on permissions");
    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
        ok(symlink(links[i].target, in_tmp("d/l")) == 0 &&
               refused() == (links[i].inside ? ERR_NONE : ERR_REFUSED),
           "a link to %s %s", links[i].target, links[i].inside ? "is accepted" : "is refused");
        ok(!links[i].inside || changed(), "the digest depends on the text of a link");
        (void)unlink(in_tmp("d/l"));
    }
    for (size_t i = 0; i < sizeof(deep) / sizeof(deep[0]); i++) {
        ok(symlink(deep[i], in_tmp("d/sub/l")) == 0 &&
               refused() == (i < 2 ? ERR_NONE : ERR_REFUSED),
           "a link in a deeper directory to %s %s", deep[i],
           i < 2 ? "is accepted" : "is refused");
        (void)unlink(in_tmp("d/sub/l"));
    }
    ok(mkfifo(in_tmp("d/fifo"), 0600) == 0 && refused() != ERR_NONE, "a fifo is refused");
    (void)unlink(in_tmp("d/fifo"));
    put_file(in_tmp("d/huge"), "");
    ok(truncate(in_tmp("d/huge"), (off_t)DIGEST_BYTES + 1) == 0 && refused() == ERR_LIMIT,
       "too much content is refused");
    (void)unlink(in_tmp("d/huge"));
    for (int i = 0; i <= DIGEST_ENTRIES; i++) {
        char name[32];

        (void)snprintf(name, sizeof(name), "d/sub/%d", i);
        put_file(in_tmp(name), "");
    }
    is_int(refused(), ERR_LIMIT, "too many files are refused");
}

int main(void)
{
    static const char abc[] =
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    char hex[SHA256_HEX] = "";
    struct err e = {0};
    struct buf text;

    tmpdir_make();
    buf_init(&text, 16);
    put_file(in_tmp("f"), "abc");
    ok(digest_file(in_tmp("f"), &text, hex, &e) == 0, "a file has a digest: %s", e.text);
    is_str(hex, abc, "it is the SHA-256 of the content");
    ok(str_eq_c(buf_str(&text), "abc"), "the content is read at the same time");
    ok(symlink("f", in_tmp("l")) == 0 && digest_file(in_tmp("l"), NULL, hex, &e) < 0,
       "a link is not followed");
    ok(digest_file(tmpdir, NULL, hex, &e) < 0, "a directory is not a file");
    directories();
    buf_release(&text);
    tmpdir_remove();
    return done_testing();
}
