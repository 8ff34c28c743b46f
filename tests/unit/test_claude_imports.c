/* SPDX-License-Identifier: MIT */
#include "host/claude_imports.h"

#include "base/file.h"
#include "base/path.h"
#include "plan/claude_state.h"
#include "plan/untrusted.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"

#include <string.h>

static struct arena a;
static struct facts f;
static struct ledger trees;

/* Returns the imports of the text, separated by commas. */
static const char *imports(const char *text)
{
    struct strv out = {0};
    const char *line = "";

    claude_imports_in(str_c(text), &a, &out);
    for (size_t i = 0; i < out.count; i++) {
        line = arena_printf(&a, "%s%s%s", line, i > 0 ? "," : "", out.v[i]);
    }
    return line;
}

static void words_outside_of_code_are_imports(void)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"@a.md", "a.md"},
        {"see @a.md and @~/b.md\n- @./c.md\r\n", "a.md,~/b.md,./c.md"},
        {"mail ann@example.org", ""},
        {"@a\\ b.md", "a b.md"},
        {"@a.md#part", "a.md"},
        {"`@a.md` ``x ` @b`` @c", "c"},
        {"` @a", "a"},
        {"```\n@a\n```\n@b", "b"},
        {"~~~~ x\n@a\n~~~\n```\n~~~~\n@b", "b"},
        {"```x``` @a", "a"},
        {"  ```sh\n@a", ""},
        {"@", ""},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        is_str(imports(cases[i][0]), cases[i][1], cases[i][0]);
    }
}

static void any_text_is_read(void)
{
    static const char alphabet[] = "@a`~# \\\n/.";
    unsigned state = 7;
    size_t total = 0;

    for (int round = 0; round < 20000; round++) {
        char text[48];
        struct strv out = {0};
        size_t len = 0;

        state = state * 1103515245 + 12345;
        for (; len < (state >> 16) % sizeof(text); len++) {
            state = state * 1103515245 + 12345;
            text[len] = alphabet[(state >> 16) % (sizeof(alphabet) - 1)];
        }
        claude_imports_in(str_n(text, len), &a, &out);
        total += out.count <= len ? 0 : 1;
        arena_release(&a);
    }
    is_int((int)total, 0, "no text has more imports than bytes");
}

static const struct fact_claude_link *at(const char *path)
{
    for (size_t i = 0; i < f.claude_import_count; i++) {
        if (strcmp(f.claude_imports[i].at, path) == 0) {
            return &f.claude_imports[i];
        }
    }
    return NULL;
}

static void probe(void)
{
    f.claude_imports = NULL;
    f.claude_import_count = 0;
    f.claude_state = arena_array(&a, claude_state_count, sizeof(f.claude_state[0]));
    for (size_t i = 0; i < claude_state_count; i++) {
        const char *path = path_join(&a, f.claude_dir, claude_state[i].name);

        f.claude_state[i] = (struct fact_state){file_is_dir(path)       ? FACT_DIR
                                                : file_is_regular(path) ? FACT_FILE
                                                                        : FACT_MISSING,
                                                path};
    }
    claude_imports_probe(&a, &f);
}

static void files_are_found_in_five_steps(void)
{
    put_file(in_tmp(".claude/CLAUDE.md"),
             "@RULES.md @../notes.md @~/gone.md @~/dir @CLAUDE.md");
    put_file(in_tmp(".claude/RULES.md"), "@1.md");
    put_file(in_tmp(".claude/1.md"), "@2.md");
    put_file(in_tmp(".claude/2.md"), "@3.md");
    put_file(in_tmp(".claude/3.md"), "@4.md");
    put_file(in_tmp(".claude/4.md"), "@5.md");
    put_file(in_tmp(".claude/5.md"), "");
    put_file(in_tmp("notes.md"), "@.claude/CLAUDE.md @../etc/passwd");
    put_file(in_tmp(".claude/rules/deep/a.md"), "@b.md @~/app/agent.md");
    put_file(in_tmp(".claude/rules/deep/b.md"), "");
    put_file(in_tmp("app/agent.md"), "@~/secret.md");
    put_file(in_tmp("secret.md"), "");
    ledger_add(&trees, &a, in_tmp("app"));
    probe();
    ok(at(in_tmp(".claude/RULES.md")) != NULL && at(in_tmp("notes.md")) != NULL,
       "relative imports are found");
    ok(at(in_tmp(".claude/4.md")) != NULL && at(in_tmp(".claude/5.md")) == NULL,
       "imports are followed five times");
    ok(at(in_tmp(".claude/CLAUDE.md")) == NULL && at(in_tmp("dir")) == NULL &&
           at(in_tmp("gone.md")) == NULL,
       "a file that is read already, a directory and a missing file are no imports");
    ok(at(in_tmp("app/agent.md")) != NULL &&
           untrusted_why(&f, at(in_tmp("app/agent.md"))->found.path) != NULL,
       "a file that an agent could write is noted");
    ok(at(in_tmp("secret.md")) == NULL, "and its imports are not looked for");
}

int main(void)
{
    words_outside_of_code_are_imports();
    any_text_is_read();
    tmpdir_make();
    f.home = f.home_physical = tmpdir;
    f.claude_dir = arena_strdup(&a, in_tmp(".claude"));
    f.state_dir = arena_strdup(&a, in_tmp("state"));
    f.trees = &trees;
    (void)mkdir(in_tmp(".claude"), 0700);
    (void)mkdir(in_tmp(".claude/rules"), 0700);
    (void)mkdir(in_tmp(".claude/rules/deep"), 0700);
    (void)mkdir(in_tmp("dir"), 0700);
    (void)mkdir(in_tmp("app"), 0700);
    files_are_found_in_five_steps();
    tmpdir_remove();
    arena_release(&a);
    return done_testing();
}
