/* SPDX-License-Identifier: MIT */
#include "trust/trust_record.h"

#include "base/file.h"
#include "tap.h"
#include "tmpdir.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;

static int put(const char *key, const char *name, const char *value)
{
    const struct trust_field fields[] = {{name, value}, {"left_out", NULL}};
    struct err e = {0};

    return trust_record_write(tmpdir, "projects", &(struct trust_record){key, fields, 2}, &e);
}

/* Returns the path of the only file in the directory of the records. */
static const char *only_file(void)
{
    static char path[512];
    struct dirent **list = NULL;
    int n = scandir(in_tmp("trust/projects"), &list, NULL, NULL);

    path[0] = '\0';
    for (int i = 0; i < n; i++) {
        if (list[i]->d_name[0] != '.') {
            (void)snprintf(path, sizeof(path), "%s/trust/projects/%s", tmpdir, list[i]->d_name);
        }
        free(list[i]);
    }
    free(list);
    return path;
}

static bool has(const char *key)
{
    struct trust_record r;

    return trust_record_read(tmpdir, "projects", key, &arena, &r);
}

static void round_trip(void)
{
    static const char *const texts[] = {"/home/u/app", "a%41b", "line\nbreak\x1b[2J",
                                        "\xff\xfe%",   "",      "caf\xc3\xa9 \"q\" \\"};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct trust_record r = {0};
        struct err e = {0};

        ok(put(texts[i], "value", texts[i]) == 0, "a record is written");
        ok(trust_record_read(tmpdir, "projects", texts[i], &arena, &r), "and read");
        is_str(r.key, texts[i], "a key can have any bytes");
        is_str(trust_record_get(&r, "value"), texts[i], "a value can have any bytes");
        ok(trust_record_get(&r, "left_out") == NULL, "a field without a value is left out");
        is_int(trust_record_remove(tmpdir, "projects", texts[i], &e), 0, "it is removed");
        ok(!has(texts[i]), "a removed record is missing");
        is_int(trust_record_remove(tmpdir, "projects", texts[i], &e), 0,
               "removing a missing record succeeds");
    }
}

static void modes(void)
{
    ok(put("/a", "v", "1") == 0 && put("/a", "v", "2") == 0, "a record is replaced");
    is_int(mode_of(in_tmp("trust")), 0700, "the directory is private");
    is_int(mode_of(in_tmp("trust/projects")), 0700, "so is that of the kind");
    is_int(mode_of(only_file()), 0600, "and the file");
    is_int(chmod(in_tmp("trust"), 0755), 0, "(others may read the directory)");
    ok(put("/a", "v", "3") == 0, "a record is written");
    is_int(mode_of(in_tmp("trust")), 0700, "a directory that others may read becomes private");
}

static void listing(void)
{
    size_t count = 7;
    struct trust_record *list = trust_record_list(tmpdir, "nothing", &arena, &count);

    ok(list == NULL && count == 0, "a kind without a directory has no records");
    ok(put("/b", "v", "x") == 0 && put("/a", "v", "x") == 0, "two records are written");
    put_file(in_tmp("trust/projects/readme"), "{\"key\": \"/c\"}");
    put_file(in_tmp("trust/projects/"
                    "0000000000000000000000000000000000000000000000000000000000000000"),
             "{\"key\": \"/c\"}");
    list = trust_record_list(tmpdir, "projects", &arena, &count);
    is_int((long long)count, 2, "only files with the right name count");
    is_str(list[0].key, "/a", "they are sorted");
    is_str(list[1].key, "/b", "by key");
}

static void hostile(void)
{
    static const char *const bad[] = {
        "",
        "{",
        "[]",
        "{}",
        "{\"key\": 1}",
        "{\"key\": \"/other\"}",
        "{\"a\": 1}",
        "\"/a\"",
        "{\"key\": \"/a%\"}",
        "{\"key\": \"/a%4\"}",
        "{\"key\": \"/a%zz\"}",
        "{\"key\": \"/a%00\"}",
        "{\"key\": \"/a\", \"v\": 1}",
    };
    struct err e = {0};
    char path[512];
    FILE *f;

    ok(file_remove_tree(in_tmp("trust"), &e) == 0 && put("/a", "v", "1") == 0,
       "a record is written");
    (void)snprintf(path, sizeof(path), "%s", only_file());
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        put_file(path, bad[i]);
        ok(!has("/a"), "no record: %s", bad[i]);
    }
    put_file(path, "{\"key\": \"/a\", \"v\": \"1\"}");
    ok(has("/a"), "(the same file with a record)");
    f = fopen(path, "ae");
    for (int i = 0; i <= TRUST_RECORD_MAX / 64; i++) {
        (void)fprintf(f, "%64s", "");
    }
    (void)fclose(f);
    ok(!has("/a"), "a file that is too large is not read");
    ok(rename(path, in_tmp("moved")) == 0, "(moved)");
    put_file(in_tmp("moved"), "{\"key\": \"/a\"}");
    ok(symlink(in_tmp("moved"), path) == 0 && !has("/a"), "a link is not followed");
    ok(put("/a", "v", "2") == 0 && has("/a"), "but it is replaced");
    is_str(get_file(in_tmp("moved")), "{\"key\": \"/a\"}", "its target is not written");
    ok(unlink(path) == 0 && mkfifo(path, 0600) == 0 && !has("/a"),
       "a fifo does not block the reader");
    ok(unlink(path) == 0 && mkdir(path, 0700) == 0 && !has("/a"), "a directory is no record");
    ok(put("/a", "v", "2") < 0, "and it cannot be replaced");
}

static void limits(void)
{
    static char large[TRUST_RECORD_MAX + 1];
    struct err e = {0};

    (void)memset(large, 'x', sizeof(large) - 1);
    ok(file_remove_tree(in_tmp("trust"), &e) == 0 && put("/a", "v", "1") == 0,
       "a record is written");
    is_int(put("/a", "v", large), -1, "a record that is too large is refused");
    ok(has("/a"), "and the old one stays");
    ok(symlink("/tmp", in_tmp("trust/links")) == 0, "(a link)");
    is_int(trust_record_write(tmpdir, "links", &(struct trust_record){"/a", NULL, 0}, &e), -1,
           "a directory that is a link is refused");
    is_int(e.kind, ERR_REFUSED, "with that reason");
}

int main(void)
{
    tmpdir_make();
    round_trip();
    modes();
    listing();
    hostile();
    limits();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
