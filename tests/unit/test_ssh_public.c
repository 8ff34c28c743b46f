/* SPDX-License-Identifier: MIT */
#include "host/ssh_public.h"

#include "base/file.h"
#include "tap.h"
#include "tmpdir.h"

#include <sys/stat.h>

static void put(const char *name, const char *text)
{
    struct err e = {0};

    (void)unlink(in_tmp(name));
    if (file_write_new(in_tmp(name), str_c(text), 0600, &e) < 0) {
        abort();
    }
}

static void only_public_keys_are_keys(void)
{
    static const char *const good[] = {
        "ssh-ed25519 AAAAC3 ann@host\n",
        "ssh-rsa AAAAB3",
        "# my key\n\necdsa-sha2-nistp256 AAAAE2 x\r\n",
        "sk-ssh-ed25519@openssh.com AAAAGn x\n",
        "sk-ecdsa-sha2-nistp256@openssh.com AAAAIn x\n",
        "ssh-ed25519-cert-v01@openssh.com AAAAIH x\n",
    };
    static const char *const bad[] = {
        "",
        "\n",
        "# nothing\n",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n",
        "ssh-ed25519 AAAAC3 ann@host\n-----BEGIN OPENSSH PRIVATE KEY-----\n",
        "ssh-ed25519\n",
        "ssh-ed25519 b3BlbnNzaC1rZXk\n",
        "password\n",
    };

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        put("k.pub", good[i]);
        ok(ssh_public_is_key(in_tmp("k.pub")), "a public key: %s", good[i]);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        put("k.pub", bad[i]);
        ok(!ssh_public_is_key(in_tmp("k.pub")), "not a public key: %s", bad[i]);
    }
    ok(!ssh_public_is_key(in_tmp("missing.pub")), "a missing file is not a key");
    ok(mkfifo(in_tmp("fifo.pub"), 0600) == 0 && !ssh_public_is_key(in_tmp("fifo.pub")),
       "a fifo is not a key, and does not block");
    ok(truncate(in_tmp("k.pub"), 1 << 20) == 0 && !ssh_public_is_key(in_tmp("k.pub")),
       "a large file is not a key");
}

static void names(void)
{
    struct arena a = {0};
    struct strv all = {0};

    ssh_public_names(&a, in_tmp("ssh"), &all);
    is_int((long long)all.count, 0, "a missing directory has no keys");
    ok(mkdir(in_tmp("ssh"), 0700) == 0, "a directory can be made");
    put("ssh/b.pub", "");
    put("ssh/a-1_x@y+z.pub", "");
    put("ssh/id_ed25519", "");
    put("ssh/.pub", "");
    put("ssh/x y.pub", "");
    put("ssh/x\n.pub", "");
    put("ssh/c.pub.old", "");
    ssh_public_names(&a, in_tmp("ssh"), &all);
    ok(all.count == 2 && strcmp(all.v[0], "a-1_x@y+z.pub") == 0 &&
           strcmp(all.v[1], "b.pub") == 0,
       "entries with the names of public keys are found, sorted");
    for (int i = 0; i < 2 * SSH_PUBLIC_MAX; i++) {
        put(arena_printf(&a, "ssh/k%d.pub", i), "");
    }
    all = (struct strv){0};
    ssh_public_names(&a, in_tmp("ssh"), &all);
    is_int((long long)all.count, SSH_PUBLIC_MAX, "at most SSH_PUBLIC_MAX names are used");
    arena_release(&a);
}

int main(void)
{
    tmpdir_make();
    only_public_keys_are_keys();
    names();
    tmpdir_remove();
    return done_testing();
}
