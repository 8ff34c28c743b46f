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

/* Puts `text` at path: as apply_end(). */
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

    is_int(put_text("f", &gone, "12345"), 0, "a file is made");
    is_str(get_file(in_tmp("here/f")), "12345", "with its bytes");
    is_int(mode_of(in_tmp("here/f")), 0640, "and mode");
    is_int(put_text("f", &five, "abc"), 0, "and replaced");
    is_int(put_text("f", &five, "zzz"), 1, "not where it has changed");
    is_int(put_text("f", &gone, "zzz"), 1, "nor where there should be none");
    is_str(get_file(in_tmp("here/f")), "abc", "it stays");
    is_int(put_text("no/such/f", &gone, "x"), 1, "nor in a directory that is not there");
    is_int(put_text("out/f", &gone, "x"), 1, "nor through a link");
    ok(!file_exists(in_tmp("outside/f")), "whatever is behind it");

    ok(apply_begin(&a, str_c("h"), &entry, &e) == 0 && apply_hole(&a, 50000, &e) == 0 &&
           apply_data(&a, str_c("x"), &e) == 0 && apply_hole(&a, 49999, &e) == 0 &&
           apply_end(&a, &gone, &now, &e) == 0,
       "holes, also at the end");
    ok(sync_same(&now, &entry), "it is as was said");
    ok(apply_begin(&a, str_c("g"), &five, &e) == 0 && apply_data(&a, str_c("123"), &e) == 0 &&
           apply_end(&a, &gone, NULL, &e) < 0 && e.kind == ERR_FORMAT,
       "fewer bytes are an error");
    apply_cancel(&a);
    ok(apply_begin(&a, str_c("g"), &five, &e) == 0 && apply_data(&a, str_c("123456"), &e) < 0 &&
           apply_hole(&a, 6, &e) < 0,
       "more too");
    apply_cancel(&a);
    ok(!file_exists(in_tmp("here/g")) && is_clean(), "and nothing is left of them");
}

static void others(void)
{
    struct sync_entry three = file_of(3);
    static struct err e;

    three.mtime = 9;
    is_int(apply_make(&a, str_c("d"), &gone, &dir, &e), 0, "a directory");
    is_int(put_text("d/f", &gone, "abc"), 0, "a file in it");
    is_int(apply_drop(&a, str_c("d"), &dir, &e), 1, "it is not removed with what is in it");
    is_int(apply_make(&a, str_c("d"), &dir, &to_x, &e), 1, "nor replaced");
    ok(file_exists(in_tmp("here/d/f")), "it is all there");
    is_int(apply_drop(&a, str_c("d/f"), &gone, &e), 1,
           "a file that should not be is not removed");
    is_int(apply_drop(&a, str_c("d/f"), &three, &e), 0, "as expected it is");
    is_int(apply_make(&a, str_c("d"), &dir, &to_x, &e), 0, "a link for an empty directory");
    is_int(put_text("d", &to_x, "abc"), 0, "a file for a link");
    is_int(apply_make(&a, str_c("d"), &three, &dir, &e), 0, "a directory for a file");
    is_int(apply_drop(&a, str_c("out/keep"), &three, &e), 1,
           "nothing is removed through a link");
    ok(file_exists(in_tmp("outside/keep")), "it is there");
    is_int(apply_meta(&a, str_c("out"), &dir, &dir, NULL, &e), 1, "no mode is set through one");
    apply_stamp(&a, str_c("out"), &dir);
    is_int(mode_of(in_tmp("outside")), 0700, "nor by a stamp");
    ok(is_clean(), "nothing temporary is left");
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
           "the same is kept under one name");
    }
    ok(apply_begin(&a, str_c("d/c"), &entry, &e) == 0 &&
           apply_data(&a, str_c("two"), &e) == 0 && apply_end_beside(&a, &kept, &e) == 0 &&
           str_eq_c(kept, "d/c.cco-conflict-2"),
       "another one gets a number");
    ok(apply_make_beside(&a, str_c("d/c"), &to_x, &kept, &e) == 0 &&
           str_eq_c(kept, "d/c.cco-conflict-3"),
       "a link too");
    ok(apply_make_beside(&a, str_c("d/c"), &dir, &kept, &e) == 0 &&
           str_eq_c(kept, "d/c.cco-conflict-4"),
       "and a directory");
    ok(is_clean(), "nothing temporary is left");
    memset(longest, 'n', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    memcpy(longest + 241, "\xc3\xa9", 2);
    place_conflict_name(longest, 1, name);
    ok(strlen(name) == 254 && strcmp(name + 241, ".cco-conflict") == 0,
       "a long name is cut, between characters");
    place_conflict_name("a", 12, name);
    is_str(name, "a.cco-conflict-12", "a number");
}

/* An ordinary user: a directory that nobody may write to. */
static void shut(void)
{
    const struct sync_entry shut_dir = {.type = SYNC_DIR, .mode = 0555, .mtime = 77};
    struct stat st;
    static struct err e;

    is_int(apply_make(&a, str_c("s"), &gone, &shut_dir, &e), 0, "a directory for reading only");
    (void)chmod(in_tmp("here/s"), 0555);
    is_int(put_text("s/f", &gone, "x"), 0, "a file gets into it");
    apply_stamp(&a, str_c("s"), &shut_dir);
    is_int(mode_of(in_tmp("here/s")), 0555, "which then is as it was");
    ok(stat(in_tmp("here/s"), &st) == 0 && st.st_mtime == 77, "with its time");
    (void)chmod(in_tmp("here/s"), 0755);
    is_int(apply_flush(&a, &e), 0, "everything reaches the disk");
}

int main(void)
{
    static struct err e;
    int root;

    if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0)) {
        return 1; /* what root may do shows nothing */
    }
    sync_start();
    dir_at("here");
    dir_at("outside");
    put_file(in_tmp("outside/keep"), "abc");
    (void)chmod(in_tmp("outside"), 0700);
    (void)symlink(in_tmp("outside"), in_tmp("here/out"));
    root = open(in_tmp("here"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    is_int(apply_open(&a, root, &e), 0, "a tree to change");
    files();
    others();
    beside();
    shut();
    apply_release(&a);
    (void)close(root);
    sync_end();
    return done_testing();
}
