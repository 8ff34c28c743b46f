/* SPDX-License-Identifier: MIT */
#include "sync/apply.h"

#include "base/limits.h"
#include "sync.h"
#include "sync/place.h"
#include "tap.h"

static const struct sync_entry gone = {.type = SYNC_GONE};
static const struct sync_entry dir = {.type = SYNC_DIR, .mode = 0755, .mtime = 9};
static const struct sync_entry to_x = {.type = SYNC_LINK, .mtime = 9, .target = STR("x")};

static struct apply a;

static struct sync_entry file_of(uint64_t size)
{
    return (struct sync_entry){.type = SYNC_FILE, .mode = 0640, .size = size, .mtime = 9};
}

/* Writes a file with `text` at `path`. Returns the result of apply_end(). */
static int put_text(const char *path, const struct sync_entry *expected, const char *text)
{
    struct sync_entry entry = file_of(strlen(text));
    static struct err e;
    int rc = apply_begin(&a, str_c(path), &entry, &e);

    rc = rc != 0 ? rc : apply_data(&a, str_c(text), &e);
    rc = rc != 0 ? rc : apply_end(&a, expected, NULL, &e);
    apply_cancel(&a);
    return rc;
}

static bool is_clean(void)
{
    struct buf b;
    bool clean;

    tree_of("here", false, &b);
    clean = !str_contains(buf_str(&b), ".cco-sync.");
    buf_release(&b);
    return clean;
}

static void files(void)
{
    struct sync_entry five = file_of(5);
    struct sync_entry entry = file_of(100000);
    struct sync_entry now = {0};
    static struct err e;

    is_int(put_text("f", &gone, "12345"), 0, "a file is created");
    is_str(get_file(in_tmp("here/f")), "12345", "it has its bytes");
    is_int(mode_of(in_tmp("here/f")), 0640, "it has its mode");
    is_int(put_text("f", &five, "abc"), 0, "it is replaced");
    is_int(put_text("f", &five, "zzz"), 1, "a file that has changed is not replaced");
    is_int(put_text("f", &gone, "zzz"), 1, "an unexpected file is not replaced");
    is_str(get_file(in_tmp("here/f")), "abc", "the unexpected file is unchanged");
    is_int(put_text("no/such/f", &gone, "x"), 1, "a missing directory gives 1");
    is_int(put_text("out/f", &gone, "x"), 1, "a link in the path gives 1");
    ok(!file_exists(in_tmp("outside/f")), "no file is created behind the link");

    ok(apply_begin(&a, str_c("h"), &entry, &e) == 0 && apply_hole(&a, 50000, &e) == 0 &&
           apply_data(&a, str_c("x"), &e) == 0 && apply_hole(&a, 49999, &e) == 0 &&
           apply_end(&a, &gone, &now, &e) == 0,
       "a file with holes, also at the end, is written");
    ok(sync_same(&now, &entry), "it has the expected state");
    ok(apply_begin(&a, str_c("g"), &five, &e) == 0 && apply_data(&a, str_c("123"), &e) == 0 &&
           apply_end(&a, &gone, NULL, &e) < 0 && e.kind == ERR_FORMAT,
       "too few bytes are ERR_FORMAT");
    apply_cancel(&a);
    ok(apply_begin(&a, str_c("g"), &five, &e) == 0 && apply_data(&a, str_c("123456"), &e) < 0 &&
           apply_hole(&a, 6, &e) < 0,
       "too many bytes are an error");
    apply_cancel(&a);
    ok(!file_exists(in_tmp("here/g")) && is_clean(),
       "neither the files nor temporary files remain");
}

static void others(void)
{
    struct sync_entry three = file_of(3);
    static struct err e;

    three.mtime = 9;
    is_int(apply_make(&a, str_c("d"), &gone, &dir, &e), 0, "a directory is created");
    is_int(put_text("d/f", &gone, "abc"), 0, "a file is created in it");
    is_int(apply_drop(&a, str_c("d"), &dir, &e), 1,
           "a directory that is not empty is not removed");
    is_int(apply_make(&a, str_c("d"), &dir, &to_x, &e), 1,
           "a directory that is not empty is not replaced");
    ok(file_exists(in_tmp("here/d/f")), "the file in it remains");
    is_int(apply_drop(&a, str_c("d/f"), &gone, &e), 1, "an unexpected file is not removed");
    is_int(apply_drop(&a, str_c("d/f"), &three, &e), 0, "an expected file is removed");
    is_int(apply_make(&a, str_c("d"), &dir, &to_x, &e), 0,
           "a link replaces an empty directory");
    is_int(put_text("d", &to_x, "abc"), 0, "a file replaces a link");
    is_int(apply_make(&a, str_c("d"), &three, &dir, &e), 0, "a directory replaces a file");
    is_int(apply_drop(&a, str_c("out/keep"), &three, &e), 1,
           "no file is removed through a link");
    ok(file_exists(in_tmp("outside/keep")), "the file behind the link remains");
    is_int(apply_meta(&a, str_c("out"), &dir, &dir, NULL, &e), 1,
           "no mode is set through a link");
    apply_stamp(&a, str_c("out"), &dir);
    is_int(mode_of(in_tmp("outside")), 0700, "apply_stamp() sets no mode through a link");
    ok(is_clean(), "no temporary file remains");
}

static void beside(void)
{
    char name[DIRS_NAME];
    char longest[DIRS_NAME];
    struct sync_entry entry = file_of(3);
    struct str kept = {0};
    static struct err e;

    for (int i = 0; i < 2; i++) {
        ok(apply_begin(&a, str_c("d/c"), &entry, &e) == 0 &&
               apply_data(&a, str_c("one"), &e) == 0 && apply_end_beside(&a, &kept, &e) == 0 &&
               str_eq_c(kept, "d/c.cco-conflict"),
           "files with the same bytes are kept under one name");
    }
    ok(apply_begin(&a, str_c("d/c"), &entry, &e) == 0 &&
           apply_data(&a, str_c("two"), &e) == 0 && apply_end_beside(&a, &kept, &e) == 0 &&
           str_eq_c(kept, "d/c.cco-conflict-2"),
       "another file gets a number");
    ok(apply_make_beside(&a, str_c("d/c"), &to_x, &kept, &e) == 0 &&
           str_eq_c(kept, "d/c.cco-conflict-3"),
       "a link gets a number");
    ok(apply_make_beside(&a, str_c("d/c"), &dir, &kept, &e) == 0 &&
           str_eq_c(kept, "d/c.cco-conflict-4"),
       "a directory gets a number");
    ok(is_clean(), "no temporary file remains");
    memset(longest, 'n', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    memcpy(longest + 241, "\xc3\xa9", 2);
    place_conflict_name(longest, 1, name);
    ok(strlen(name) == 254 && strcmp(name + 241, ".cco-conflict") == 0,
       "a long name is cut between characters");
    place_conflict_name("a", 12, name);
    is_str(name, "a.cco-conflict-12", "the number is appended to the name");
}

/* Writes to a directory without write permission, as an ordinary user. */
static void shut(void)
{
    const struct sync_entry shut_dir = {.type = SYNC_DIR, .mode = 0555, .mtime = 77};
    struct stat st;
    static struct err e;

    is_int(apply_make(&a, str_c("s"), &gone, &shut_dir, &e), 0,
           "a directory without write permission is created");
    (void)chmod(in_tmp("here/s"), 0555);
    is_int(put_text("s/f", &gone, "x"), 0, "a file is created in it");
    apply_stamp(&a, str_c("s"), &shut_dir);
    is_int(mode_of(in_tmp("here/s")), 0555, "apply_stamp() sets its mode again");
    ok(stat(in_tmp("here/s"), &st) == 0 && st.st_mtime == 77, "and its time");
    (void)chmod(in_tmp("here/s"), 0755);
    is_int(apply_flush(&a, &e), 0, "apply_flush() succeeds");
}

int main(void)
{
    static struct err e;
    int root;

    if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0)) {
        return 1; /* root would not be refused anything */
    }
    sync_start();
    dir_at("here");
    dir_at("outside");
    put_file(in_tmp("outside/keep"), "abc");
    (void)chmod(in_tmp("outside"), 0700);
    (void)symlink(in_tmp("outside"), in_tmp("here/out"));
    root = open(in_tmp("here"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    is_int(apply_open(&a, root, &e), 0, "apply_open() succeeds");
    files();
    others();
    beside();
    shut();
    apply_release(&a);
    (void)close(root);
    sync_end();
    return done_testing();
}
