/* SPDX-License-Identifier: MIT */
#include "host/ssh_settings.h"

#include "brought.h"
#include "plan/untrusted.h"
#include "tap.h"

#include <stdio.h>
#include <unistd.h>

/* Reads ~/.ssh/config with this text. */
static void find(const char *text)
{
    const char *config = arena_strdup(&arena, in_tmp("home/.ssh/config"));

    put_below("home/.ssh/config", text);
    facts_begin("tree");
    f.ssh_config = (struct fact_path){config, config, FACT_FILE};
    ssh_settings_probe(&arena, &f);
}

static void included_files_are_found(void)
{
    put_below("home/.ssh/config.d/one", "Host a\n  Include inner \"two words\"\n");
    put_below("home/.ssh/config.d/.hidden", "");
    put_below("home/.ssh/config.d/two", "");
    put_below("home/.ssh/inner", "Include inner config\nINCLUDE = ~/elsewhere/ssh\n");
    put_below("home/.ssh/two words", "");
    put_below("home/elsewhere/ssh", "");
    put_below("home/.ssh/not", "");
    find("# Include not\nInclude config.d/* missing\nHost *\n  IdentitiesOnly yes\n");
    ok(brought(".ssh/config.d/one") && brought(".ssh/config.d/two"), "a pattern is followed");
    ok(!brought(".ssh/config.d/.hidden"), "it does not match hidden files");
    ok(brought(".ssh/inner") && brought(".ssh/two words"), "included files include others");
    ok(brought("elsewhere/ssh"), "files beside ~/.ssh are found");
    is_int((long long)f.brought_count, 5, "files that include each other are brought once");
}

static void named_files_are_found(void)
{
    put_below("home/keys/work", "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    put_below("home/keys/work.pub", "ssh-ed25519 AAAAC3 ann@host\n");
    put_below("home/keys/work-cert.pub", "ssh-ed25519-cert-v01@openssh.com AAAAIH ann@host\n");
    put_below("home/keys/only.pub", "ssh-ed25519 AAAAC3 ann@host\n");
    put_below("home/keys/odd.pub", "password\n");
    put_below("home/hosts", "box ssh-ed25519 AAAAC3\n");
    find("Host box\n\tIdentityFile ~/keys/work\n\tidentityfile ~/keys/only.pub\n"
         "\tIdentityFile ~/keys/odd.pub\n\tUserKnownHostsFile ~/hosts /dev/null %d/x ~\n"
         "\tIdentityFile relative\n\tProxyCommand ~/keys/work.pub\n");
    ok(brought("keys/work.pub") && brought("keys/work-cert.pub") && brought("keys/only.pub"),
       "public keys and certificates are brought");
    ok(!brought("keys/work"), "private keys are not");
    ok(!brought("keys/odd.pub"), "other files with such names are not");
    ok(brought("hosts"), "files of host keys are brought");
    is_int((long long)f.brought_count, 4, "nothing else is");
    put_below("home/.ssh/inner", "-----BEGIN RSA PRIVATE KEY-----\n");
    find("Include inner\nUserKnownHostsFile ~/keys/work\n");
    is_int((long long)f.brought_count, 0, "a private key is never brought under another name");
}

static void ways_through_a_tree_are_noted(void)
{
    put_below("home/tree/config", "Include ~/elsewhere/ssh\n");
    (void)symlink("../tree/config", in_tmp("home/.ssh/planted"));
    find("Include planted ~/tree/*\n");
    ok(untrusted_why(&f, in_tmp("home/.ssh/planted")) != NULL,
       "a file that an agent could have written is noted");
    ok(!brought("elsewhere/ssh"), "and is not read");
    ok(!brought("tree/config"), "a directory in which an agent could write is not listed");
}

int main(void)
{
    tmpdir_make();
    included_files_are_found();
    named_files_are_found();
    ways_through_a_tree_are_noted();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
