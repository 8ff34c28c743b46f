/* SPDX-License-Identifier: MIT */
/* The format of init's argument file. */
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

static void format(void)
{
    struct boot b;
    struct boot back;
    struct buf text;
    struct err e = {0};
    size_t refused = 0;

    sample(&b);
    buf_init(&text, LIMIT_BOOT);
    is_int(boot_encode(&b, &text, &e), 0, "everything is encoded");
    is_int(boot_decode(buf_str(&text), &arena, &back, &e), 0, "and decoded");
    ok(back.uid == b.uid && back.gid == b.gid && back.tty && back.login_shell &&
           !back.keep_root,
       "numbers and flags are the same");
    is_str(back.user, b.user, "user");
    is_str(back.workdir, b.workdir, "working directory");
    is_str(back.tz, b.tz, "time zone");
    ok(back.argv.count == 2 && strcmp(back.argv.v[1], "") == 0, "empty arguments are kept");
    is_str(back.mount_ids.v[0], "1:2 /run/cco", "identities");
    is_str(back.env.v[0], "A=line\nbreak", "any byte in a variable");
    ok(back.copy_count == 1 && back.copies[0].mode == 0600 &&
           strcmp(back.copies[0].target, "/home/a/.x") == 0,
       "copies with their mode");
    ok(back.file_count == 2 && back.files[0].mode == 0640 && back.files[0].data.len == 4 &&
           memcmp(back.files[0].data.p, "a\0\xff\n", 4) == 0 && back.files[1].data.len == 0 &&
           strcmp(back.files[1].path, "/run/cco/files/empty") == 0,
       "files with any bytes, and without one");
    ok(back.link_count == 1 && strcmp(back.links[0].path, "/home/a/.gitconfig") == 0 &&
           strcmp(back.links[0].target, "/run/cco/files/file-0") == 0,
       "links");
    ok(back.landlock_only, "without namespaces");
    ok(back.final_wait && back.key_file == NULL &&
           strcmp(back.login_file, "/home/a/.claude/.credentials.json") == 0,
       "where a renewed login goes");
    for (size_t len = 0; len < text.len; len++) {
        refused += boot_decode(str_n(buf_data(&text), len), &arena, &back, &e) < 0 ? 1U : 0U;
    }
    is_int((long long)refused, (long long)text.len, "every truncation is refused");
    (void)buf_add_byte(&text, 0);
    is_int(boot_decode(buf_str(&text), &arena, &back, &e), -1,
           "bytes behind the end are refused");
    is_int(boot_decode(str_n("ccoboot1\1\0\0\0\1"
                             "5\1\0\0\0\1"
                             "5\0\0\0\0\0",
                             25),
                       &arena, &back, &e),
           -1, "a second uid is refused");
    is_int(boot_decode(str_n("ccoboot1\x63\0\0\0\0\0\0\0\0\0", 18), &arena, &back, &e), -1,
           "an unknown record is refused");
    is_int(boot_decode(str_n("ccoboot1\0\0\0\0\0", 13), &arena, &back, &e), -1,
           "a file without a command is refused");
    buf_reset(&text);
    text.max = 20;
    ok(boot_encode(&b, &text, &e) < 0 && e.kind == ERR_LIMIT, "the maximum is kept");
    buf_release(&text);
}

/* Every member of struct boot comes back, and is written in the same place again. */
static void all_members(void)
{
    struct boot b;
    struct boot back;
    struct buf first;
    struct buf second;
    struct err e = {0};

    sample(&b);
    b.key_file = "/run/cco/files/key";
    b.return_file = "/home/a/.claude.json";
    b.keep_root = true;
    b.single = true;
    b.filter = 65535;
    strv_add(&b.groups, &arena, "/dev/kvm");
    strv_add(&b.groups, &arena, "44");
    strv_add(&b.grants, &arena, "R/opt");
    buf_init(&first, LIMIT_BOOT);
    buf_init(&second, LIMIT_BOOT);
    is_int(boot_encode(&b, &first, &e), 0, "all members are encoded");
    is_int(boot_decode(buf_str(&first), &arena, &back, &e), 0, "and decoded");
    is_int(boot_encode(&back, &second, &e), 0, "and encoded again");
    ok(str_eq(buf_str(&first), buf_str(&second)), "as the same bytes");
    is_str(back.user, b.user, "user");
    is_str(back.home, b.home, "home");
    is_str(back.shell, b.shell, "shell");
    is_str(back.key_file, b.key_file, "key file");
    is_str(back.return_file, b.return_file, "the file to return");
    is_str(back.line, b.line, "line");
    is_str(back.secret, b.secret, "secret");
    is_str(back.key, b.key, "key");
    is_str(back.dirs.v[0], b.dirs.v[0], "directories");
    is_str(back.grants.v[0], "R/opt", "grants");
    ok(back.groups.count == 2 && strcmp(back.groups.v[1], "44") == 0, "groups, in order");
    ok(back.keep_root && back.single && back.filter == 65535, "flags and the filter");
    buf_release(&first);
    buf_release(&second);
}

/* A file without one of these could not start a command, or would accept anyone. */
static void each_required_member_is_missed(void)
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

/* A record of a whole text, put in front of the end of a good file. */
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

static void texts_are_c_strings(void)
{
    ok(is_accepted_with(str_n("\7\0\0\0\3abc", 8)), "a text");
    ok(!is_accepted_with(str_n("\7\0\0\0\0", 5)), "an empty one is refused");
    ok(!is_accepted_with(str_n("\7\0\0\0\3a\0c", 8)), "so is one with a NUL inside");
    ok(is_accepted_with(str_n("\7\0\0\0\1a", 6)), "one byte is enough");
    ok(is_accepted_with(str_n("\12\0\0\0\0", 5)), "an item of a list may be empty");
    ok(!is_accepted_with(str_n("\12\0\0\0\3a\0c", 8)), "but have no NUL");
}

static void a_file_without_a_path_is_refused(void)
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
       "a file whose path is empty");
    buf_release(&text);
}

int main(void)
{
    format();
    each_required_member_is_missed();
    a_file_without_a_path_is_refused();
    texts_are_c_strings();
    all_members();
    arena_release(&arena);
    return done_testing();
}
