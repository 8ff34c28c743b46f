/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include "base/fd.h"
#include "tap.h"
#include "tmpdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

static void reading(void)
{
    struct buf b;
    struct err e = {0};

    buf_init(&b, 5);
    put_file(in_tmp("five"), "12345");
    put_file(in_tmp("six"), "123456");
    ok(file_read(in_tmp("five"), &b, &e) == 0 && b.len == 5,
       "a file as long as the maximum is read");
    buf_reset(&b);
    ok(file_read(in_tmp("six"), &b, &e) < 0 && e.kind == ERR_LIMIT,
       "a longer file is refused: %s", e.text);
    ok(file_read(in_tmp("none"), &b, &e) < 0 && e.kind == ERR_NOT_FOUND,
       "a missing file is reported: %s", e.text);
    ok(file_read(tmpdir, &b, &e) < 0, "a directory is refused: %s", e.text);
    ok(mkfifo(in_tmp("fifo"), 0600) == 0 && file_read(in_tmp("fifo"), &b, &e) < 0 &&
           e.kind == ERR_REFUSED,
       "a fifo is refused without blocking: %s", e.text);
    buf_release(&b);
}

static void lines_and_digests(void)
{
    char digest[SHA256_HEX];
    struct arena a = {0};
    struct err e = {0};
    struct buf b;
    int fd;

    put_file(in_tmp("abc"), "abc");
    is_int(file_sha256(in_tmp("abc"), digest, &e), 0, "the digest of a file is computed");
    is_str(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
           "it is the SHA-256");
    ok(file_sha256(in_tmp("gone"), digest, &e) < 0, "a missing file has no digest: %s", e.text);
    put_file(in_tmp("lines"), " first \nsecond\n");
    is_str(file_first_line(&a, in_tmp("lines")), "first",
           "the first line is returned without blanks");
    put_file(in_tmp("empty"), "\nsecond\n");
    is_str(file_first_line(&a, in_tmp("empty")), NULL, "an empty line gives NULL");
    is_str(file_first_line(&a, in_tmp("gone")), NULL, "a missing file gives NULL");
    buf_init(&b, 3);
    err_reset(&e);
    fd = file_open(in_tmp("abc"), O_RDONLY, 0, &e);
    ok(file_read_fd(fd, "abc", 0, &b, &e) == 0 && b.len == 3,
       "all bytes of a descriptor are read");
    fd_close(&fd);
    buf_reset(&b);
    fd = file_open(in_tmp("lines"), O_RDONLY, 0, &e);
    ok(file_read_fd(fd, "lines", 0, &b, &e) < 0 && e.kind == ERR_LIMIT,
       "more bytes than the maximum are an error: %s", e.text);
    fd_close(&fd);
    buf_release(&b);
    arena_release(&a);
    (void)unlink(in_tmp("abc"));
    (void)unlink(in_tmp("lines"));
    (void)unlink(in_tmp("empty"));
}

static void texts(void)
{
    struct arena a = {0};
    struct str text;

    put_file(in_tmp("text"), "five!");
    text = file_text(in_tmp("text"), 5, &a);
    ok(text.len == 5 && text.p != NULL && strcmp(text.p, "five!") == 0,
       "a text is returned with a NUL behind it");
    ok(file_text(in_tmp("text"), 4, &a).p == NULL, "a text that is too long gives NULL");
    ok(file_text(in_tmp("none"), 5, &a).p == NULL, "a missing file gives no text");
    put_file(in_tmp("text"), "");
    text = file_text(in_tmp("text"), 5, &a);
    ok(text.len == 0 && text.p != NULL, "an empty file gives an empty text that is not NULL");
    (void)unlink(in_tmp("text"));
    arena_release(&a);
}

static void writing(void)
{
    struct err e = {0};
    int before = entries();

    ok(file_write_atomic(in_tmp("five"), str_c("new"), 0640, &e) == 0,
       "a file is replaced atomically");
    is_str(get_file(in_tmp("five")), "new", "it has the new bytes");
    is_int(mode_of(in_tmp("five")), 0640, "it has the given mode");
    ok(file_write_atomic(in_tmp("no/such"), str_c("x"), 0600, &e) < 0,
       "a missing directory is an error: %s", e.text);
    is_int(entries(), before, "no temporary file remains");
    ok(file_write_new(in_tmp("five"), str_c("x"), 0600, &e) < 0 && e.errnum == EEXIST,
       "file_write_new() refuses an existing file");
    ok(symlink(in_tmp("target"), in_tmp("link")) == 0 &&
           file_write_new(in_tmp("link"), str_c("x"), 0600, &e) < 0 &&
           !file_exists(in_tmp("target")),
       "file_write_new() does not follow a link");
    ok(file_write_new(in_tmp("new"), str_c("x"), 0600, &e) == 0 &&
           mode_of(in_tmp("new")) == 0600,
       "a new file has the given mode");
}

static void replacing(void)
{
    struct err e = {0};
    int before;

    put_file(in_tmp("old"), "old");
    put_file(in_tmp("target2"), "theirs");
    ok(symlink(in_tmp("target2"), in_tmp("old.t")) == 0 &&
           file_replace(in_tmp("old"), in_tmp("old.t"), str_c("new"), 0600, &e) == 0,
       "a temporary file that was left behind is removed: %s", e.text);
    is_str(get_file(in_tmp("old")), "new", "the file has the new text");
    is_int(mode_of(in_tmp("old")), 0600, "and the given mode");
    ok(!file_exists(in_tmp("old.t")), "the temporary file does not remain");
    is_str(get_file(in_tmp("target2")), "theirs",
           "a link with the temporary name is not followed");
    before = entries();
    ok(file_replace(in_tmp("a/none"), in_tmp("old.t"), str_c("x"), 0600, &e) < 0 &&
           entries() == before,
       "nothing remains after an error: %s", e.text);
    ok(mkdir(in_tmp("old.t"), 0700) == 0 &&
           file_replace(in_tmp("old"), in_tmp("old.t"), str_c("x"), 0600, &e) < 0,
       "a directory with the temporary name is an error: %s", e.text);
    is_str(get_file(in_tmp("old")), "new", "the old text remains after an error");
    (void)rmdir(in_tmp("old.t"));
}

static void directories(void)
{
    struct err e = {0};

    ok(file_mkdirs(in_tmp("a/b/c"), 0700, &e) == 0 && file_is_dir(in_tmp("a/b/c")),
       "all missing directories are created");
    ok(file_mkdirs(in_tmp("a/b"), 0700, &e) == 0, "existing directories are accepted");
    ok(file_mkdirs(in_tmp("five/x"), 0700, &e) < 0,
       "a component that is a file is an error: %s", e.text);
    (void)chmod(in_tmp("a"), 0777);
    ok(file_private_dir(in_tmp("a"), &e) == 0 && mode_of(in_tmp("a")) == 0700,
       "the permissions of others are removed from an own directory");
    ok(symlink(in_tmp("a"), in_tmp("alink")) == 0 &&
           file_private_dir(in_tmp("alink"), &e) < 0 && e.kind == ERR_REFUSED,
       "a link is refused: %s", e.text);
    ok(file_private_dir(in_tmp("five"), &e) < 0 && e.kind == ERR_REFUSED,
       "a file is refused as private directory: %s", e.text);
}

int main(void)
{
    tmpdir_make();
    reading();
    texts();
    lines_and_digests();
    writing();
    replacing();
    directories();
    ok(file_exists(in_tmp("link")) && !file_is_regular(in_tmp("link")),
       "a dangling link exists, but is not a regular file");
    tmpdir_remove();
    return done_testing();
}
