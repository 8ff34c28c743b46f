/* SPDX-License-Identifier: MIT */
#include "host/probe.h"

#include "base/limits.h"

#include "plan/untrusted.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>

/* An agent may have made a link in the project. A file that is reached through it may not be
 * the user's own. */
static void ways_through_the_project_are_noted(void)
{
    static char home[300];
    char *env[] = {home, NULL};
    struct arena a = {0};
    struct facts f = {0};
    struct err e = {0};

    (void)snprintf(home, sizeof(home), "HOME=%s", in_tmp("home"));
    ok(mkdir(in_tmp("home"), 0700) == 0 && mkdir(in_tmp("home/app"), 0700) == 0 &&
           mkdir(in_tmp("home/.ssh"), 0700) == 0,
       "a home with a project can be made");
    put_file(in_tmp("secret"), "");
    put_file(in_tmp("home/.ssh/known_hosts"), "");
    ok(symlink("../../secret", in_tmp("home/app/dots")) == 0 &&
           symlink("app/dots", in_tmp("home/.gitconfig")) == 0 &&
           symlink("app/dots", in_tmp("home/.claude.json")) == 0 &&
           chdir(in_tmp("home/app")) == 0,
       "links that lead through the project can be made");
    ok(host_probe(env, false, &a, &f, &e) == 0, "the facts are found: %s", e.text);
    ok(f.known_hosts.type == FACT_FILE && f.git_files[0].type == FACT_MISSING,
       "existing and missing files of the home are facts");
    is_str(f.gitconfig.physical, in_tmp("secret"), "the physical path of a link is a fact");
    ok(untrusted_why(&f, f.gitconfig.path) != NULL &&
           untrusted_why(&f, f.claude_json.path) != NULL,
       "paths to which the way leads through the project are noted");
    ok(untrusted_why(&f, f.known_hosts.path) == NULL &&
           untrusted_why(&f, f.ssh_dir.path) == NULL,
       "other paths are not noted");
    ok(chdir("/") == 0, "the test can leave the project");
    arena_release(&a);
}

/* Only files with known names become facts, and only public keys. */
static void files_of_git_and_ssh_are_found(void)
{
    static char home[300];
    static char config[300];
    char *env[] = {home, config, NULL};
    struct arena a = {0};
    struct facts f = {0};
    struct err e = {0};

    (void)snprintf(home, sizeof(home), "HOME=%s", in_tmp("user"));
    (void)snprintf(config, sizeof(config), "XDG_CONFIG_HOME=%s", in_tmp("user/settings"));
    ok(mkdir(in_tmp("user"), 0700) == 0 && mkdir(in_tmp("user/app"), 0700) == 0 &&
           mkdir(in_tmp("user/.ssh"), 0700) == 0 && mkdir(in_tmp("user/settings"), 0700) == 0 &&
           mkdir(in_tmp("user/settings/git"), 0700) == 0 && chdir(in_tmp("user/app")) == 0,
       "a home can be made");
    put_file(in_tmp("user/settings/git/config"), "");
    put_file(in_tmp("user/settings/git/credentials"), "https://u:p@example.org");
    put_file(in_tmp("user/.ssh/config"), "");
    put_file(in_tmp("user/.ssh/id_ed25519"), "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    put_file(in_tmp("user/.ssh/id_ed25519.pub"), "ssh-ed25519 AAAAC3 ann@host\n");
    put_file(in_tmp("user/.ssh/copied.pub"), "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    ok(host_probe(env, false, &a, &f, &e) == 0, "the facts are found: %s", e.text);
    is_str(f.git_files[0].physical, in_tmp("user/settings/git/config"),
           "git's settings are found below XDG_CONFIG_HOME");
    ok(f.git_files[1].type == FACT_MISSING && f.git_files[2].type == FACT_MISSING,
       "other files of git are missing");
    ok(f.ssh_config.type == FACT_FILE, "ssh's settings are found");
    ok(f.ssh_public_count == 1 &&
           strcmp(f.ssh_public[0].path, in_tmp("user/.ssh/id_ed25519.pub")) == 0,
       "a public key is found, and a private key with such a name is not");
    ok(chdir("/") == 0, "the test can leave the project");
    arena_release(&a);
}

int main(void)
{
    tmpdir_make();
    files_of_git_and_ssh_are_found();
    ways_through_the_project_are_noted();
    tmpdir_remove();
    return done_testing();
}
