/* SPDX-License-Identifier: MIT */
#include "host/audit_scope.h"

#include "audit.h"

static struct audit_scope scope;

/* Returns the leads, joined by blanks. */
static const char *leads(const char *search)
{
    const char *all = "";

    scope = (struct audit_scope){0};
    audit_scope_add_tree(&scope, &arena, arena_strdup(&arena, in_tmp("p")), false);
    audit_scope_add_leads(&scope, &arena, arena_strdup(&arena, in_tmp("home")), search);
    for (size_t i = 0; i < scope.lead_count; i++) {
        all = arena_printf(&arena, "%s%s%s", all, i > 0 ? " " : "", scope.leads[i].shown);
    }
    return all;
}

static void trees_contain_each_other_once(void)
{
    audit_scope_add_tree(&scope, &arena, "/a/b", false);
    audit_scope_add_tree(&scope, &arena, "/a/b/c", false);
    audit_scope_add_tree(&scope, &arena, "/a/bc", true);
    ok(scope.tree_count == 2 && strcmp(scope.trees[1].path, "/a/bc") == 0 &&
           scope.trees[1].is_git,
       "a directory in another tree is not added");
}

static void start_up_files_are_found(void)
{
    start();
    put("home/.profile", "x");
    put("p/bashrc", "x");
    put("p/nvim/init.lua", "x");
    put("p/bin/tool", "x");
    put("elsewhere/zshrc", "x");
    is_str(leads(NULL), "", "files of the home that are not in the project are not leads");
    (void)symlink("../p/bashrc", in_tmp("home/.bashrc"));
    (void)symlink("../elsewhere/zshrc", in_tmp("home/.zshrc"));
    is_str(leads(NULL), "~/.bashrc", "a link into the project is a lead, another one is not");
    put("home/.config/x", "");
    put("home/.local/bin/x", "");
    put("home/.config/fish/functions/x", "");
    (void)symlink(in_tmp("p/nvim"), in_tmp("home/.config/nvim"));
    (void)symlink(in_tmp("p/bin/tool"), in_tmp("home/.local/bin/tool"));
    (void)symlink(in_tmp("p/bin/tool"), in_tmp("home/.config/fish/functions/tool"));
    is_str(leads(NULL),
           "~/.bashrc ~/.config/fish/functions/tool ~/.config/nvim ~/.local/bin/tool",
           "so are directories, and links in directories");
    is_str(leads(arena_printf(&arena, "/usr/bin:%s:%s", in_tmp("p/bin"), in_tmp("elsewhere"))),
           arena_printf(&arena,
                        "~/.bashrc ~/.config/fish/functions/tool ~/.config/nvim "
                        "~/.local/bin/tool %s",
                        in_tmp("p/bin")),
           "and directories of PATH");
}

/* Takes a snapshot of the scope and compares it with `before`. */
static void scoped(const char *want, const char *name)
{
    struct err e = {0};

    ok(audit_take(&scope, &arena, &after, &e) == 0, "a snapshot with leads is taken");
    audit_diff(&before, &after, &arena, &report);
    is_str(lines(), want, name);
    before = after;
}

static void changes_behind_leads_are_findings(void)
{
    struct err e = {0};

    (void)leads(in_tmp("p/bin"));
    ok(audit_take(&scope, &arena, &before, &e) == 0, "a first snapshot is taken");
    scoped("", "unchanged files are not findings");
    put("p/bashrc", "y");
    put("p/nvim/lua/x.lua", "y");
    scoped("~/.bashrc changed: it leads to bashrc; ~/.config/nvim/lua/x.lua added",
           "changed files are findings, also in directories");
    put("p/bin/tool", "y");
    (void)unlink(in_tmp("p/bashrc"));
    (void)symlink("/etc/passwd", in_tmp("p/bashrc"));
    scoped(arena_printf(&arena,
                        "%s changed; ~/.bashrc is now a link to /etc/passwd; "
                        "~/.config/fish/functions/tool changed: it leads to bin/tool; "
                        "~/.local/bin/tool changed: it leads to bin/tool",
                        in_tmp("p/bin/tool")),
           "so are links on the way, and commands of PATH");
}

int main(void)
{
    tmpdir_make();
    (void)umask(022);
    trees_contain_each_other_once();
    start_up_files_are_found();
    changes_behind_leads_are_findings();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
