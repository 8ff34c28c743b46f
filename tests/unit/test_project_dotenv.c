/* SPDX-License-Identifier: MIT */
#include "host/project_dotenv.h"

#include "base/limits.h"
#include "tap.h"
#include "tmpdir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void only_a_regular_dotenv_is_read(const char *dir)
{
    struct buf b;
    struct err e = {0};
    char path[300];

    buf_init(&b, LIMIT_FILE_SMALL);
    ok(host_dotenv(dir, &b, &e) < 0 && e.kind == ERR_NOT_FOUND, "a missing .env is not found");
    put_file(in_tmp("real"), "A=1\n");
    (void)snprintf(path, sizeof(path), "%s/.env", dir);
    ok(symlink("real", path) == 0 && host_dotenv(dir, &b, &e) < 0 && e.kind == ERR_REFUSED,
       "a link as .env is refused: %s", e.text);
    (void)unlink(path);
    ok(mkfifo(path, 0600) == 0 && host_dotenv(dir, &b, &e) < 0 && e.kind == ERR_REFUSED,
       "a FIFO as .env is refused and does not block: %s", e.text);
    (void)unlink(path);
    put_file(path, "A=1\n");
    ok(host_dotenv(dir, &b, &e) == 0 && str_eq_c(buf_str(&b), "A=1\n"),
       "a file as .env is read");
    buf_release(&b);
}

/* A session can exchange a directory of the project for a link to another project. */
static void no_directory_is_a_link(void)
{
    struct buf b;
    struct err e = {0};

    buf_init(&b, LIMIT_FILE_SMALL);
    ok(mkdir(in_tmp("other"), 0700) == 0 && mkdir(in_tmp("other/b"), 0700) == 0, "prepare");
    put_file(in_tmp("other/b/.env"), "SECRET=1\n");
    ok(symlink("other", in_tmp("a")) == 0 && host_dotenv(in_tmp("a/b"), &b, &e) < 0 &&
           e.kind == ERR_REFUSED && b.len == 0,
       "a directory above that is a link is refused: %s", e.text);
    ok(symlink("other/b", in_tmp("b")) == 0 && host_dotenv(in_tmp("b"), &b, &e) < 0 &&
           e.kind == ERR_REFUSED && b.len == 0,
       "the directory itself, too");
    buf_release(&b);
}

static const char *missing_with(struct arena *a, const char *text)
{
    struct facts f = {.project = in_tmp("p"), .cwd_physical = in_tmp("p")};

    put_file(in_tmp("p/.env"), text);
    project_dotenv_probe(a, &f);
    ok(f.dotenv_count == 1 && f.missing.count <= 1, "there is one variable, and one item");
    return f.missing.count == 0 ? "" : f.missing.list[0].text;
}

/* A repository must not be able to keep cco busy with a huge .env. */
static void too_many_variables_are_not_used(void)
{
    struct arena a = {0};
    struct facts f = {.project = in_tmp("m"), .cwd_physical = in_tmp("m")};
    struct facts g = f;
    struct buf many;

    buf_init(&many, LIMIT_FILE_SMALL);
    (void)mkdir(in_tmp("m"), 0700);
    for (int i = 0; i < PROJECT_DOTENV_LINES; i++) {
        (void)buf_addf(&many, "A%d=1\n", i);
    }
    put_file(in_tmp("m/.env"), buf_c(&many));
    project_dotenv_probe(&a, &f);
    ok(f.dotenv_count == PROJECT_DOTENV_LINES && f.warnings.count == 0, "so many are used");
    (void)buf_addf(&many, "NODE_OPTIONS=1\n");
    put_file(in_tmp("m/.env"), buf_c(&many));
    project_dotenv_probe(&a, &g);
    ok(g.dotenv_count == 0 && g.dotenv_digest == NULL && g.trust_items.count == 0,
       "of more variables none is used");
    ok(g.warnings.count == 1, "and that is said");
    is_str(g.warnings.v[0], ".env: more than 1024 variables: its variables are ignored",
           "in one line");
    buf_release(&many);
    arena_release(&a);
}

static void bad_lines_are_one_item(void)
{
    struct arena a = {0};
    struct buf many;

    (void)mkdir(in_tmp("p"), 0700);
    is_str(missing_with(&a, "A=1\n"), "", "a good file has no item");
    is_str(missing_with(&a, "A=1\njunk\n"), ".env line 2 is not KEY=VALUE, and is ignored",
           "one line");
    is_str(missing_with(&a, "A=1\njunk\njunk\n\njunk\n"),
           ".env lines 2, 3 and 5 are not KEY=VALUE, and are ignored", "several lines");
    buf_init(&many, 4096);
    (void)buf_addf(&many, "A=1\n");
    for (int i = 0; i < 80; i++) {
        (void)buf_addf(&many, "junk\n");
    }
    is_str(missing_with(&a, buf_c(&many)),
           ".env lines 2, 3, 4, 5, 6 and 75 more are not KEY=VALUE, and are ignored",
           "a file full of them");
    buf_release(&many);
    arena_release(&a);
}

int main(void)
{
    tmpdir_make();
    only_a_regular_dotenv_is_read(tmpdir);
    no_directory_is_a_link();
    bad_lines_are_one_item();
    too_many_variables_are_not_used();
    tmpdir_remove();
    return done_testing();
}
