/* SPDX-License-Identifier: MIT */
/* Tests the format of the boot file. */
#include "wire/boot.h"

#include "base/limits.h"
#include "tap.h"

static struct arena arena;

static void sample(struct boot *b)
{
    static struct boot_copy copies[] = {{"/run/cco/files/x", "/home/a/.x", 0600}};
    static struct boot_file files[] = {{"/run/cco/files/ca", 0640, {"a\0\xff\n", 4}},
                                       {"/run/cco/files/empty", 0600, {"", 0}}};
    static struct boot_link links[] = {{"/home/a/.gitconfig", "/run/cco/files/file-0"}};

    *b = (struct boot){.uid = 1000,
                       .gid = 4294967294U,
                       .user = "ann",
                       .home = "/home/ann",
                       .workdir = "/p q",
                       .shell = "/bin/bash",
                       .tz = "Europe/Berlin",
                       .login_shell = true,
                       .tty = true,
                       .line = "/run/cco/line",
                       .secret = "once",
                       .key = "again",
                       .copies = copies,
                       .copy_count = 1,
                       .files = files,
                       .file_count = 2,
                       .links = links,
                       .link_count = 1,
                       .login_file = "/home/a/.claude/.credentials.json",
                       .final_wait = true,
                       .landlock_only = true};
    strv_add(&b->argv, &arena, "claude");
    strv_add(&b->argv, &arena, "");
    strv_add(&b->env, &arena, "A=line\nbreak");
    strv_add(&b->env, &arena, "B=\xff");
    strv_add(&b->dirs, &arena, "/home/ann/.config");
    strv_add(&b->mount_ids, &arena, "1:2 /run/cco");
}

static void file_is_encoded_and_decoded(void)
{
    struct boot b;
    struct boot back;
    struct buf text;
    struct err e = {0};
    size_t refused = 0;

    sample(&b);
    buf_init(&text, LIMIT_BOOT);
    is_int(boot_encode(&b, &text, &e), 0, "a boot file is encoded");
    is_int(boot_decode(buf_str(&text), &arena, &back, &e), 0, "the boot file is decoded");
    ok(back.uid == b.uid && back.gid == b.gid && back.tty && back.login_shell &&
           !back.keep_root,
       "numbers and flags are decoded");
    is_str(back.user, b.user, "the user is decoded");
    is_str(back.workdir, b.workdir, "the working directory is decoded");
    is_str(back.tz, b.tz, "the time zone is decoded");
    ok(back.argv.count == 2 && strcmp(back.argv.v[1], "") == 0, "an empty argument is decoded");
    is_str(back.mount_ids.v[0], "1:2 /run/cco", "mount identities are decoded");
    is_str(back.env.v[0], "A=line\nbreak", "a variable may contain a line break");
    ok(back.copy_count == 1 && back.copies[0].mode == 0600 &&
           strcmp(back.copies[0].target, "/home/a/.x") == 0,
       "copies are decoded with their mode");
    ok(back.file_count == 2 && back.files[0].mode == 0640 && back.files[0].data.len == 4 &&
           memcmp(back.files[0].data.p, "a\0\xff\n", 4) == 0 && back.files[1].data.len == 0 &&
           strcmp(back.files[1].path, "/run/cco/files/empty") == 0,
       "files may contain any bytes, and may be empty");
    ok(back.link_count == 1 && strcmp(back.links[0].path, "/home/a/.gitconfig") == 0 &&
           strcmp(back.links[0].target, "/run/cco/files/file-0") == 0,
       "links are decoded");
    ok(back.landlock_only, "landlock_only is decoded");
    ok(back.final_wait && back.key_file == NULL &&
           strcmp(back.login_file, "/home/a/.claude/.credentials.json") == 0,
       "final_wait and the login file are decoded, and no key file");
    for (size_t len = 0; len < text.len; len++) {
        refused += boot_decode(str_n(buf_data(&text), len), &arena, &back, &e) < 0 ? 1U : 0U;
    }
    is_int((long long)refused, (long long)text.len, "every truncated file is refused");
    (void)buf_add_byte(&text, 0);
    is_int(boot_decode(buf_str(&text), &arena, &back, &e), -1,
           "bytes after the end are refused");
    is_int(boot_decode(str_n("ccoboot1\1\0\0\0\1"
                             "5\1\0\0\0\1"
                             "5\0\0\0\0\0",
                             25),
                       &arena, &back, &e),
           -1, "a second uid record is refused");
    is_int(boot_decode(str_n("ccoboot1\x63\0\0\0\0\0\0\0\0\0", 18), &arena, &back, &e), -1,
           "an unknown record is refused");
    is_int(boot_decode(str_n("ccoboot1\0\0\0\0\0", 13), &arena, &back, &e), -1,
           "a file without a command is refused");
    buf_reset(&text);
    text.max = 20;
    ok(boot_encode(&b, &text, &e) < 0 && e.kind == ERR_LIMIT,
       "encoding does not exceed the buffer's maximum");
    buf_release(&text);
}

/* Decoding and encoding again gives the same bytes for a struct with every member. */
static void every_member_is_encoded(void)
{
    struct boot b;
    struct boot back;
    struct buf first;
    struct buf second;
    struct err e = {0};

    sample(&b);
    b.key_file = "/run/cco/files/key";
    b.return_file = "/home/a/.claude.json";
    strv_add(&b.return_copies, &arena, "settings.json /home/a/.claude/settings.json");
    strv_add(&b.wanted, &arena, "docker no docker");
    b.keep_root = true;
    b.single = true;
    b.filter = 65535;
    b.umask = 077;
    b.nice = 19;
    strv_add(&b.ignored, &arena, "USR1");
    strv_add(&b.limits, &arena, "nofile 10 20");
    strv_add(&b.groups, &arena, "/dev/kvm");
    strv_add(&b.groups, &arena, "44");
    strv_add(&b.grants, &arena, "R/opt");
    buf_init(&first, LIMIT_BOOT);
    buf_init(&second, LIMIT_BOOT);
    is_int(boot_encode(&b, &first, &e), 0, "a boot file with every member is encoded");
    is_int(boot_decode(buf_str(&first), &arena, &back, &e), 0, "the boot file is decoded");
    is_int(boot_encode(&back, &second, &e), 0, "the decoded struct is encoded again");
    ok(str_eq(buf_str(&first), buf_str(&second)), "the second encoding has the same bytes");
    is_str(back.user, b.user, "the user is decoded");
    is_str(back.home, b.home, "the home is decoded");
    is_str(back.shell, b.shell, "the shell is decoded");
    is_str(back.key_file, b.key_file, "the key file is decoded");
    is_str(back.return_file, b.return_file, "the return file is decoded");
    is_str(back.return_copies.v[0], b.return_copies.v[0], "returned copies are decoded");
    is_str(back.wanted.v[0], b.wanted.v[0], "wanted programs are decoded");
    is_str(back.line, b.line, "the line is decoded");
    is_str(back.secret, b.secret, "the secret is decoded");
    is_str(back.key, b.key, "the key is decoded");
    is_str(back.dirs.v[0], b.dirs.v[0], "directories are decoded");
    is_str(back.grants.v[0], "R/opt", "grants are decoded");
    ok(back.groups.count == 2 && strcmp(back.groups.v[1], "44") == 0,
       "groups are decoded in order");
    ok(back.keep_root && back.single && back.filter == 65535,
       "keep_root, single and the filter are decoded");
    buf_release(&first);
    buf_release(&second);
}

/* Without one of these members init could not start a command, or would accept any cco. */
static void file_without_a_required_member_is_refused(void)
{
    static const char *const names[] = {"user",   "home", "workdir", "shell",
                                        "secret", "key",  "argv"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct boot b;
        struct boot back;
        const char **members[] = {&b.user, &b.home, &b.workdir, &b.shell, &b.secret, &b.key};
        struct buf text;
        struct err e = {0};

        sample(&b);
        if (i < sizeof(members) / sizeof(members[0])) {
            *members[i] = NULL;
        } else {
            b.argv = (struct strv){0};
        }
        buf_init(&text, LIMIT_BOOT);
        ok(boot_encode(&b, &text, &e) < 0 || boot_decode(buf_str(&text), &arena, &back, &e) < 0,
           "a file without %s is refused", names[i]);
        buf_release(&text);
    }
}

/* Returns true if a valid file with this record added in front of its end is accepted. */
static bool is_accepted_with(struct str record)
{
    enum { END_LEN = 5 };
    struct boot b;
    struct boot back;
    struct buf good;
    struct buf text;
    struct err e = {0};
    bool accepted;

    sample(&b);
    b.tz = NULL;
    b.env = (struct strv){0};
    buf_init(&good, LIMIT_BOOT);
    buf_init(&text, LIMIT_BOOT);
    (void)boot_encode(&b, &good, &e);
    (void)buf_add(&text, buf_data(&good), good.len - END_LEN);
    (void)buf_add_str(&text, record);
    (void)buf_add(&text, buf_data(&good) + good.len - END_LEN, END_LEN);
    accepted = boot_decode(buf_str(&text), &arena, &back, &e) == 0;
    buf_release(&good);
    buf_release(&text);
    return accepted;
}

static void strings_contain_no_nul(void)
{
    ok(is_accepted_with(str_n("\7\0\0\0\3abc", 8)), "a string record is accepted");
    ok(!is_accepted_with(str_n("\7\0\0\0\0", 5)), "an empty string record is refused");
    ok(!is_accepted_with(str_n("\7\0\0\0\3a\0c", 8)), "a string record with a NUL is refused");
    ok(is_accepted_with(str_n("\7\0\0\0\1a", 6)), "a string record of one byte is accepted");
    ok(is_accepted_with(str_n("\12\0\0\0\0", 5)), "an empty list record is accepted");
    ok(!is_accepted_with(str_n("\12\0\0\0\3a\0c", 8)), "a list record with a NUL is refused");
}

static void file_without_a_path_is_refused(void)
{
    struct boot b;
    struct boot back;
    struct boot_file nowhere = {.path = "", .data = str_c("text"), .mode = 0600};
    struct buf text;
    struct err e = {0};

    sample(&b);
    b.files = &nowhere;
    b.file_count = 1;
    buf_init(&text, LIMIT_BOOT);
    ok(boot_encode(&b, &text, &e) < 0 || boot_decode(buf_str(&text), &arena, &back, &e) < 0,
       "a file with an empty path is refused");
    buf_release(&text);
}

int main(void)
{
    file_is_encoded_and_decoded();
    file_without_a_required_member_is_refused();
    file_without_a_path_is_refused();
    strings_contain_no_nul();
    every_member_is_encoded();
    arena_release(&arena);
    return done_testing();
}
