/* SPDX-License-Identifier: MIT */
#include "host/named_files.h"

#include "base/limits.h"
#include "brought.h"
#include "plan/untrusted.h"
#include "tap.h"

#include <sys/stat.h>
#include <unistd.h>

static const struct fact_brought *bring(struct named_files *n, const char *name,
                                        enum named_kind kind)
{
    const char *path = path_join(&arena, f.home, name);

    return named_files_bring(n, path, path, kind, "a test");
}

static void files_count_that_the_sandbox_may_have(void)
{
    static char large[LIMIT_FILE_SMALL + 2];
    struct named_files n = {.a = &arena, .f = &f};

    (void)memset(large, 'x', sizeof(large) - 1);
    put_below("home/dir/file", "");
    put_below("home/key", "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    put_below("home/key.pub", "ssh-ed25519 AAAAC3 ann@host\n");
    put_below("home/.netrc", "");
    put_below("home/large", large);
    put_below("home/code/app/file", "");
    put_below("home/tree/file", "");
    facts_begin("tree");
    ok(bring(&n, "dir/file", NAMED_FILE) != NULL && bring(&n, "dir", NAMED_DIR) != NULL &&
           bring(&n, "key.pub", NAMED_KEY) != NULL,
       "files, directories and public keys count");
    ok(bring(&n, "dir/file", NAMED_FILE) == NULL, "once");
    ok(bring(&n, "key", NAMED_FILE) == NULL && bring(&n, ".netrc", NAMED_FILE) == NULL &&
           bring(&n, "large", NAMED_FILE) == NULL,
       "secrets and large files do not");
    ok(bring(&n, "dir", NAMED_FILE) == NULL && bring(&n, "key.pub", NAMED_DIR) == NULL &&
           bring(&n, "missing", NAMED_FILE) == NULL,
       "nor does another kind of file, or none");
    ok(bring(&n, "code/app/file", NAMED_FILE) == NULL, "nor does a file of the project");
    ok(bring(&n, "tree/file", NAMED_FILE) != NULL &&
           untrusted_find(&f, path_join(&arena, f.home, "tree/file")) != NULL,
       "a file that an agent could have written is noted");
    is_int((long long)f.brought_count, 4, "the others are in the facts");
}

static void the_count_is_bounded(void)
{
    struct named_files n = {.a = &arena, .f = &f};
    int brought_now = 0;

    facts_begin("tree");
    for (int i = 0; i <= NAMED_FILES_MAX; i++) {
        const char *name = arena_printf(&arena, "many/%d", i);

        put_below(arena_printf(&arena, "home/%s", name), "");
        brought_now += bring(&n, name, NAMED_FILE) != NULL ? 1 : 0;
    }
    is_int(brought_now, NAMED_FILES_MAX, "further files do not count");
}

static void sources_are_read_once(void)
{
    struct named_files n = {.a = &arena, .f = &f, .max_depth = 1};
    struct named_source s;
    const char *path = arena_strdup(&arena, in_tmp("home/first"));
    const char *next = arena_strdup(&arena, in_tmp("home/second"));
    const char *deep = arena_strdup(&arena, in_tmp("home/key.pub"));
    struct buf text;
    int count = 0;

    put_below("home/first", "first");
    put_below("home/second", "second");
    facts_begin("tree");
    named_files_start(&n, &(struct fact_path){path, path, FACT_FILE}, path);
    named_files_start(&n, &(struct fact_path){next, NULL, FACT_MISSING}, next);
    buf_init(&text, LIMIT_FILE_SMALL);
    while (named_files_next(&n, &s, &text)) {
        count++;
        ok(str_eq_c(buf_str(&text), path_base(s.file.path)), "%s is read", s.file.path);
        named_files_include(&n, &s, path, path, "itself");
        named_files_include(&n, &s, next, next, "another");
        if (s.depth == 1) {
            named_files_include(&n, &s, deep, deep, "too deep");
        }
    }
    buf_release(&text);
    is_int(count, 2, "files are followed to the depth");
}

int main(void)
{
    tmpdir_make();
    files_count_that_the_sandbox_may_have();
    the_count_is_bounded();
    sources_are_read_once();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
