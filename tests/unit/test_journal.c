/* SPDX-License-Identifier: MIT */
#include "creds/journal.h"

#include "base/limits.h"
#include "tap.h"
#include "tmpdir.h"

static struct arena arena;

static struct journal sample(void)
{
    return (struct journal){
        .project = "/p/with\nnewline and \xff",
        .claude_json = "/h/.claude.json",
        .data_dir = "/d",
        .has_store = true,
        .store = {.kind = STORE_FILE,
                  .dir = "/h/.claude",
                  .path = "/h/.claude/.credentials.json"},
        .with_refresh = true,
        .given = "abc",
    };
}

static void journal_is_read_back(void)
{
    struct journal j = sample();
    struct journal got;
    struct err e = {0};

    ok(journal_write(tmpdir, &j, &e) == 0, "a journal is written %s", e.text);
    is_int(mode_of(in_tmp(JOURNAL_FILE)), 0600, "the journal is private");
    ok(journal_read(tmpdir, &arena, &got, &e) == 0, "a journal is read %s", e.text);
    is_str(got.project, j.project, "a path may contain any byte");
    is_str(got.claude_json, j.claude_json, "the path of .claude.json is read back");
    is_str(got.data_dir, j.data_dir, "the data directory is read back");
    is_str(got.store.dir, j.store.dir, "the directory of the store is read back");
    is_str(got.store.path, j.store.path, "the path of the store is read back");
    is_str(got.given, "abc", "the mark of the login is read back");
    ok(got.with_refresh && got.has_store && got.store.program == NULL,
       "the flags are read back");
    j.store = (struct store){.kind = STORE_KEYCHAIN,
                             .dir = "/h/.claude",
                             .program = "/usr/bin/security",
                             .service = "s",
                             .account = "a"};
    j.claude_json = NULL;
    ok(journal_write(tmpdir, &j, &e) == 0 && journal_read(tmpdir, &arena, &got, &e) == 0 &&
           got.store.kind == STORE_KEYCHAIN && got.claude_json == NULL,
       "a journal with a Keychain item replaces the old one");
    is_str(got.store.program, j.store.program, "the program of the Keychain is read back");
    is_str(got.store.service, j.store.service, "the name of the item is read back");
    is_str(got.store.account, j.store.account, "the account of the item is read back");
    ok(got.store.path == NULL && strcmp(got.store.dir, j.store.dir) == 0,
       "a Keychain item has no path");
}

static void broken_journals_are_refused(void)
{
    static const char *const bad[] = {
        "",
        "{}",
        "[]",
        "{\"version\":2}",
        "{\"version\":1}",
        "{\"version\":1,\"project\":\"2f\",\"data_dir\":\"2f\",\"given\":1}",
        "{\"version\":1,\"project\":\"2f\",\"data_dir\":\"2f\",\"given\":\"\",\"has_store\":"
        "true}",
        "{\"version\":1,\"project\":\"2g\",\"data_dir\":\"2f\",\"given\":\"\"}",
        "{\"version\":1,\"project\":\"00\",\"data_dir\":\"2f\",\"given\":\"\"}",
        "{\"version\":1,\"project\":\"2f\",\"data_dir\":\"2f\",\"given\":\""
        "0123456789012345678901234567890123456789012345678901234567890123456789\"}",
    };
    struct journal j;
    struct err e = {0};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        e = (struct err){0};
        put_file(in_tmp(JOURNAL_FILE), bad[i]);
        ok(journal_read(tmpdir, &arena, &j, &e) < 0 && e.kind == ERR_FORMAT, "refused: %s",
           bad[i]);
    }
    (void)unlink(in_tmp(JOURNAL_FILE));
    ok(journal_read(tmpdir, &arena, &j, &e) < 0 && e.kind == ERR_NOT_FOUND,
       "a missing journal is not found");
}

static void flipped_bits_are_read_or_refused(void)
{
    struct journal j = sample();
    struct err e = {0};
    char text[4096];
    size_t len;
    int accepted = 0;

    (void)journal_write(tmpdir, &j, &e);
    len = strlen(get_file(in_tmp(JOURNAL_FILE)));
    memcpy(text, get_file(in_tmp(JOURNAL_FILE)), len);
    for (size_t i = 0; i < len * 8; i += 7) {
        FILE *f = fopen(in_tmp(JOURNAL_FILE), "we");
        struct journal got;

        text[i / 8] = (char)(text[i / 8] ^ (1 << i % 8));
        if (f == NULL || fwrite(text, 1, len, f) != len || fclose(f) != 0) {
            abort();
        }
        e = (struct err){0};
        accepted += journal_read(tmpdir, &arena, &got, &e) == 0 && got.project != NULL &&
                    got.store.path != NULL;
        text[i / 8] = (char)(text[i / 8] ^ (1 << i % 8));
    }
    ok(accepted > 0, "a journal with a flipped bit is read or refused");
}

static void notes_are_limited(void)
{
    journal_note(tmpdir, "one");
    journal_note(tmpdir, "two");
    is_str(get_file(in_tmp(JOURNAL_NOTES)), "one\ntwo\n", "each note is a line");
    (void)!truncate(in_tmp(JOURNAL_NOTES), LIMIT_FILE_SMALL - 3);
    journal_note(tmpdir, "three");
    struct stat st;

    (void)stat(in_tmp(JOURNAL_NOTES), &st);
    is_int(st.st_size, LIMIT_FILE_SMALL - 3, "a note that does not fit is lost");
}

int main(void)
{
    tmpdir_make();
    journal_is_read_back();
    broken_journals_are_refused();
    flipped_bits_are_read_or_refused();
    notes_are_limited();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
