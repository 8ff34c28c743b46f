/* SPDX-License-Identifier: MIT */
/* gpg in the sandbox: copies of the public keys, and the socket of the user's agent, which
 * keeps the private ones. */
#include "plan/build.h"

#include "base/path.h"

#include <string.h>

/* The maximum size of gpg's directory, which is in memory. */
static const uint64_t gnupg_dir_size = 128U << 20;

const char *const fact_gpg_files[FACT_GPG_FILES] = {"pubring.kbx", "pubring.gpg",
                                                    "trustdb.gpg"};

/* Returns which sandbox cannot reach a socket of this machine, or NULL if this one can. */
static const char *unreachable(const struct builder *b)
{
    if (b->p->kind == SANDBOX_REMOTE_CONTAINER) {
        return "a sandbox of a remote engine";
    }
    if (b->p->kind == SANDBOX_LANDLOCK_ONLY) {
        return "a sandbox without namespaces";
    }
    return b->f->engine.desktop ? "a sandbox in a virtual machine" : NULL;
}

/* Returns true if one of the files with public keys was found. */
static bool has_keys(const struct fact_gpg *gpg)
{
    return gpg->files[0].type == FACT_FILE || gpg->files[1].type == FACT_FILE;
}

/* Returns why gpg cannot sign in the sandbox and what to do, or NULL. */
static const char *lacking(const struct builder *b, const char *kind)
{
    const struct fact_gpg *gpg = &b->f->gpg;

    if (kind != NULL) {
        return arena_printf(b->a, "%s does not reach this machine's gpg-agent", kind);
    }
    if (gpg->agent.type != FACT_OTHER) {
        return "no gpg-agent listens at its socket S.gpg-agent.extra. Run gpgconf --launch "
               "gpg-agent, and start cco again";
    }
    return has_keys(gpg) ? NULL
                         : arena_printf(b->a, "%s has no pubring.kbx with public keys",
                                        gpg->home != NULL ? gpg->home : "~/.gnupg");
}

/* Shows the agent's socket where gpg expects the agent, and copies the public keys beside it.
 * gpg makes locks there, so the directory is writable. */
static void share(struct builder *b)
{
    const struct fact_gpg *gpg = &b->f->gpg;
    const char *dir = path_join(b->a, b->p->user.home, ".gnupg");
    struct plan_mount *m;

    if (unshared_note(b, gpg->agent.physical, gpg->agent.path)) {
        return;
    }
    m = mounts_add(b, "", dir, true, "gpg's directory, in memory");
    m->kind = MOUNT_TMPFS;
    m->size = gnupg_dir_size;
    strv_add(&b->p->user.dirs, b->a, dir);
    mounts_add(b, gpg->agent.physical, path_join(b->a, dir, "S.gpg-agent"), false,
               "--gpg: gpg's agent for restricted clients, which signs and decrypts")
        ->read_only = true;
    for (size_t i = 0; i < FACT_GPG_FILES; i++) {
        const struct fact_path *file = &gpg->files[i];
        struct plan_copy *copy;

        if (file->type != FACT_FILE || unshared_note(b, file->physical, file->path)) {
            continue;
        }
        copy = mounts_add_copy(b, COPY_FILE, file->physical,
                               arena_printf(b->a, "gnupg-%s", fact_gpg_files[i]),
                               "--gpg: public keys of gpg, and the trust in them");
        copy->by_init = true;
        copy->target = path_join(b->a, dir, fact_gpg_files[i]);
    }
}

/* Says that git cannot sign commits with gpg, unless --gpg has said it. */
static void note_commits(struct builder *b, const char *kind)
{
    const struct fact_signing *s = &b->f->signing;
    const char *text = NULL;

    if (!s->commits || s->ssh) {
        return;
    }
    if (s->certificate) {
        text = "git signs commits with a certificate here, and the sandbox does not get its "
               "key: git commit fails inside, except with --no-gpg-sign, or with gpg.format = "
               "ssh and a key in the ssh agent";
    } else if (!b->o->gpg && kind == NULL) {
        text = "git signs commits with gpg here, and the sandbox does not reach its agent: git "
               "commit fails inside, except with --no-gpg-sign. To let it sign with your keys: "
               "--gpg";
    } else if (!b->o->gpg) {
        text = "git signs commits with gpg here, and the sandbox does not get its keys: git "
               "commit fails inside, except with --no-gpg-sign, or with gpg.format = ssh and a "
               "key in the ssh agent";
    }
    if (text != NULL) {
        missing_add(&b->p->missing, b->a, "git-signing", text);
    }
}

void gnupg_build(struct builder *b)
{
    const char *kind = unreachable(b);

    if (b->o->gpg) {
        const char *why = lacking(b, kind);

        if (why == NULL) {
            share(b);
        } else {
            missing_add(&b->p->missing, b->a, "gpg",
                        arena_printf(b->a, "--gpg: gpg cannot sign inside, because %s", why));
        }
    }
    note_commits(b, kind);
}
