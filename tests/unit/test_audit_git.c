/* SPDX-License-Identifier: MIT */
#include "host/audit_git.h"

#include "tap.h"

static struct arena arena;

static bool harmless(const char *text)
{
    struct audit_git_names names = {0};
    char digest[SHA256_HEX];

    audit_git_config(str_c(text), 3, &arena, digest, &names);
    return digest[0] == '\0';
}

static void ordinary_work_is_harmless(void)
{
    static const char *const cases[] = {
        "",
        "[core]\nrepositoryformatversion = 0\nfilemode = true\nbare = false\n",
        "[remote \"origin\"]\nurl = https://example.org/x\nfetch = +refs/heads/*:refs/x/*\n",
        "[remote \"origin\"]\nurl = git@example.org:x/y.git\n",
        "[remote \"origin\"]\nurl = ../other\npushurl = ssh://example.org/x\n",
        "[branch \"x\"]\nremote = origin\nmerge = refs/heads/x\nrebase = true\n",
        "[branch \"x\"]\nremote = https://example.org/x\n",
        "[user]\nname = A\nemail = a@example.org\n",
        "[submodule \"x\"]\nactive = true\nurl = https://example.org/x\n",
        "[core]\nworktree = ../../../sub/dir\n",
        "[lfs \"https://example.org/x\"]\naccess = basic\n",
        "[extensions]\nworktreeConfig = true\n",
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ok(harmless(cases[i]), "configuration %zu of ordinary work is harmless", i);
    }
}

static void what_can_execute_or_redirect_counts(void)
{
    static const char *const cases[] = {
        "[core]\nfsmonitor = ./x\n",
        "[core]\nhooksPath = x\n",
        "[core]\npager = x\n",
        "[core]\neditor = x\n",
        "[core]\nsshCommand = x\n",
        "[core]\ngitProxy = x\n",
        "[core]\naskPass = x\n",
        "[core]\nattributesFile = x\n",
        "[core]\nworktree = /home\n",
        "[core]\nworktree = ../../../../home\n",
        "[core]\nworktree = ../../../a/../../home\n",
        "[core]\nalternateRefsCommand = x\n",
        "[alias]\nst = !x\n",
        "[filter \"x\"]\nclean = x\n",
        "[diff \"x\"]\ntextconv = x\n",
        "[diff]\nexternal = x\n",
        "[merge \"x\"]\ndriver = x\n",
        "[credential]\nhelper = x\n",
        "[include]\npath = x\n",
        "[includeIf \"gitdir:/\"]\npath = x\n",
        "[gpg]\nprogram = x\n",
        "[gpg \"ssh\"]\nprogram = x\n",
        "[url \"ext::x\"]\ninsteadOf = https://\n",
        "[remote \"origin\"]\nurl = ext::sh -c x\n",
        "[remote \"origin\"]\nurl = --upload-pack=x\n",
        "[remote \"origin\"]\nurl = foo://x\n",
        "[remote \"origin\"]\nurl\n",
        "[branch \"x\"]\nremote = ext::sh -c x\n",
        "[remote \"origin\"]\nuploadpack = x\n",
        "[remote \"origin\"]\nvcs = x\n",
        "[remote \"origin\"]\nproxy = x\n",
        "[http]\nproxy = x\n",
        "[http]\nsslVerify = false\n",
        "[protocol \"ext\"]\nallow = always\n",
        "[submodule \"x\"]\nupdate = !x\n",
        "[submodule \"x\"]\nurl = ext::x\n",
        "[init]\ntemplateDir = x\n",
        "[uploadpack]\npackObjectsHook = x\n",
        "[pager]\nlog = x\n",
        "[sequence]\neditor = x\n",
        "[gc]\nrecentObjectsHook = x\n",
        "[safe]\ndirectory = *\n",
        "[no.such]\nvariable = x\n",
        "not valid",
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ok(!harmless(cases[i]), "configuration %zu (%s) counts", i, cases[i]);
    }
}

static void digest_is_of_what_counts(void)
{
    struct audit_git_names names = {0};
    char a[SHA256_HEX];
    char b[SHA256_HEX];

    audit_git_config(str_c("[core]\npager = x\n"), 3, &arena, a, &names);
    audit_git_config(str_c("[user]\nname = y\n[CORE] # c\n\tpager = \"x\"\n"), 3, &arena, b,
                     &names);
    is_str(a, b, "form and harmless variables make no difference");
    audit_git_config(str_c("[core]\npager = y\n"), 3, &arena, b, &names);
    ok(strcmp(a, b) != 0, "another value makes one");
}

/* Returns true if the names contain this one, with these properties. */
static bool has(const struct audit_git_names *names, const char *name, bool included,
                bool is_dir)
{
    for (size_t i = 0; i < names->count; i++) {
        const struct audit_git_named *n = &names->v[i];

        if (strcmp(n->name, name) == 0 && n->included == included && n->is_dir == is_dir) {
            return true;
        }
    }
    return false;
}

static void named_files_are_found(void)
{
    struct audit_git_names names = {0};
    char digest[SHA256_HEX];

    audit_git_config(str_c("[include]\npath = ../a b\n[includeIf \"x\"]\npath = ~/c\n"
                           "[core]\nhooksPath = tools/hooks\nfsmonitor = ./mon -x\n"
                           "[filter \"f\"]\nclean = sh -c 'bin/clean %f'\n"
                           "[alias]\ny = \"!f() { sub/run; }; f\"\n[user]\nname = no/such\n"),
                     0, &arena, digest, &names);
    ok(has(&names, "../a b", true, false), "an included file is named as a whole");
    ok(has(&names, "~/c", true, false), "a conditionally included file is named");
    ok(has(&names, "tools/hooks", false, true), "the directory of hooks is named");
    ok(has(&names, "./mon", false, false), "a program with arguments is named");
    ok(has(&names, "bin/clean", false, false), "a program in a command of the shell is named");
    ok(has(&names, "sub/run", false, false), "a program of an alias is named");
    ok(!has(&names, "no/such", false, false), "a harmless variable names nothing");
}

static void repositories_of_remotes_are_found(void)
{
    static const struct {
        const char *text, *path; /* NULL: none */
    } cases[] = {
        {"[remote \"o\"]\nurl = /srv/x.git\n", "/srv/x.git"},
        {"[remote \"o\"]\npushurl = ../x:y\n", "../x:y"},
        {"[remote \"o\"]\nurl = file:///srv/x\n", "/srv/x"},
        {"[remote]\npushDefault = x\n", "x"},
        {"[branch \"b\"]\npushRemote = x\n", "x"},
        {"[branch \"b\"]\nremote = .git/x\n", ".git/x"},
        {"[submodule \"s\"]\nurl = /srv/x\n", "/srv/x"},
        {"[remote \"o\"]\nurl = git@example.org:x/y\n", NULL},
        {"[remote \"o\"]\nurl = https://example.org/x\n", NULL},
        {"[user]\nname = /srv/x\n", NULL},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct audit_git_names names = {0};
        char digest[SHA256_HEX];

        audit_git_config(str_c(cases[i].text), 3, &arena, digest, &names);
        is_str(names.count == 1 && names.v[0].is_repo ? names.v[0].name : NULL, cases[i].path,
               cases[i].text);
    }
}

static void other_files_of_git(void)
{
    char digest[SHA256_HEX];

    audit_git_rebase(str_c("pick 1234 x\n# exec y\nreword 12 exec\n"), digest);
    is_str(digest, "", "a list of commits executes nothing");
    audit_git_rebase(str_c("pick 1234 x\n  x rm\n"), digest);
    ok(digest[0] != '\0', "a line that begins with x executes a command");
    audit_git_rebase(str_c("exec rm\n"), digest);
    ok(digest[0] != '\0', "a line that begins with exec executes a command");
    is_str(audit_git_file(str_c("gitdir: ../x y\r\n"), &arena), "../x y",
           "the path of a .git file is found");
    is_str(audit_git_file(str_c("gitdir:../x\n"), &arena), NULL, "the blank is necessary");
    is_str(audit_git_file(str_c("gitdir: \n"), &arena), NULL, "an empty path is none");
    is_str(audit_git_file(str_n("gitdir: a\0b", 11), &arena), NULL, "nor is one with a NUL");
}

int main(void)
{
    ordinary_work_is_harmless();
    what_can_execute_or_redirect_counts();
    digest_is_of_what_counts();
    named_files_are_found();
    repositories_of_remotes_are_found();
    other_files_of_git();
    arena_release(&arena);
    return done_testing();
}
