/* SPDX-License-Identifier: MIT */
/* Copies and mounts of git's and ssh's files. The sandbox gets only files with these names,
 * because others beside them contain passwords and private keys. */
#include "plan/build.h"

#include "base/path.h"
#include "plan/untrusted.h"

#include <string.h>

/* The maximum size of the directory of the agent's socket, which is in memory. */
static const uint64_t agent_dir_size = 64U << 10;

/* Put in front of the copy of ~/.ssh/config. ssh uses the first value of a setting. The sandbox
 * has no sockets of other agents and of shared connections, and its ssh may be another version
 * than the host's. */
static const char ssh_config_head[] =
    "# These lines are by cco: the sandbox has the agent of SSH_AUTH_SOCK only, and no shared\n"
    "# connections.\n"
    "IgnoreUnknown *\n"
    "IdentityAgent SSH_AUTH_SOCK\n"
    "ControlMaster no\n"
    "ControlPath none\n\n";

/* Returns true if the user shares a directory that contains `target`, and the file there is a
 * link. A copy cannot be mounted over a link: the sandbox then sees the user's directory as it
 * is. */
static bool is_link_in_shared(const struct builder *b, const struct fact_path *file,
                              const char *target)
{
    for (size_t i = 0; i < b->o->path_count && i < b->f->option_path_count; i++) {
        const struct fact_option_path *n = &b->f->option_paths[i];

        if (b->o->paths[i].access != ACCESS_HIDE && n->type == FACT_DIR &&
            path_is_inside(target, n->target)) {
            return strcmp(file->physical, arena_printf(b->a, "%s%s", n->physical,
                                                       target + strlen(n->target))) != 0;
        }
    }
    return false;
}

/* Shows a copy of a file of the user, which the sandbox can only read, at `name`, which is
 * absolute or relative to the home. `copy_name` is the copy's own name. `head` becomes the
 * beginning of the copy; NULL: none. */
static void add_copy(struct builder *b, const struct fact_path *file, const char *name,
                     const char *copy_name, const char *head, const char *why)
{
    const char *target = path_join(b->a, b->p->user.home, name); /* or an absolute `name` */
    struct plan_copy *copy;

    if (file->type != FACT_FILE || is_link_in_shared(b, file, target) ||
        unshared_note(b, file->physical, file->path)) {
        return;
    }
    copy = mounts_add_copy(b, COPY_FILE, file->physical, copy_name, why);
    copy->text = head;
    mounts_show_copy(b, copy, target)->read_only = true;
}

static void add_git(struct builder *b)
{
    static const char *const names[] = {"config", "ignore", "attributes"};
    const struct facts *f = b->f;

    add_copy(b, &f->gitconfig, ".gitconfig", "gitconfig", NULL, "git's settings");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        add_copy(b, &f->git_files[i], arena_printf(b->a, ".config/git/%s", names[i]),
                 arena_printf(b->a, "git-%s", names[i]), NULL, "git's settings");
    }
}

/* Returns true if the sandbox sees the file or directory at this path already. */
static bool is_shown(struct builder *b, const char *target)
{
    const char *ssh = path_join(b->a, b->p->user.home, ".ssh");

    for (size_t i = 0; i < b->p->files.mount_count; i++) {
        if (strcmp(b->p->files.mounts[i].target, target) == 0) {
            return true;
        }
    }
    return (b->o->ssh_keys && path_is_inside(target, ssh)) || native_shows(b, target);
}

/* Returns the path at which the sandbox finds a file or directory of facts.brought. Without
 * namespaces it has another home, and everything else at its own path: the file is then shown
 * there as well, if it is there without a link. Returns NULL if nothing is left to show. */
static const char *brought_target(struct builder *b, const struct fact_brought *own)
{
    const char *physical = own->file.physical;
    const char *home = b->f->home;

    if (b->p->kind != SANDBOX_LANDLOCK_ONLY) {
        return own->target;
    }
    if (strcmp(own->target, physical) == 0 && untrusted_pin(b->f, physical) == NULL &&
        !is_shown(b, physical) && untrusted_why(b->f, own->file.path) == NULL) {
        mounts_add(b, physical, physical, own->file.type == FACT_DIR, own->why)->read_only =
            true;
    }
    return path_is_inside(own->target, home)
               ? arena_printf(b->a, "%s%s", b->p->user.home, own->target + strlen(home))
               : NULL;
}

/* Shows the files and directories of facts.brought, unless the sandbox sees them already. */
static void add_brought(struct builder *b)
{
    for (size_t i = 0; i < b->f->brought_count; i++) {
        const struct fact_brought *own = &b->f->brought[i];
        const char *target = brought_target(b, own);

        if (target == NULL || is_shown(b, target)) {
            continue;
        }
        if (own->file.type == FACT_FILE) {
            add_copy(b, &own->file, target, arena_printf(b->a, "brought-%zu", i), NULL,
                     own->why);
        } else if (!unshared_note(b, own->file.physical, own->file.path)) {
            mounts_add(b, own->file.physical, target, true, own->why)->read_only = true;
        }
    }
}

/* Shows files .git of the repository's other worktrees, with the text that git writes. Without
 * namespaces git sees the files themselves. */
static void add_worktrees(struct builder *b)
{
    const struct strv *all = &b->f->git_worktrees;

    for (size_t i = 0; i + 1 < all->count; i += 2) {
        struct plan_copy *s;

        if (b->p->kind == SANDBOX_LANDLOCK_ONLY || paths_covering(b->p, all->v[i]) != NULL ||
            native_shows(b, all->v[i])) {
            continue;
        }
        s = mounts_add_copy(b, COPY_TEXT, NULL, arena_printf(b->a, "worktree-%zu", i / 2),
                            "git deletes what it knows of a worktree without this file");
        s->text = arena_printf(b->a, "gitdir: %s\n", all->v[i + 1]);
        if (b->p->kind == SANDBOX_REMOTE_CONTAINER) {
            s->by_init = true;
            s->target = all->v[i];
        } else {
            mounts_show_copy(b, s, all->v[i])->read_only = true;
        }
    }
}

static void add_ssh_files(struct builder *b)
{
    const struct facts *f = b->f;

    add_copy(b, &f->known_hosts, ".ssh/known_hosts", "ssh-known_hosts", NULL,
             "host keys that ssh knows");
    add_copy(b, &f->ssh_config, ".ssh/config", "ssh-config", ssh_config_head, "ssh's settings");
    for (size_t i = 0; i < f->ssh_public_count; i++) {
        const char *name = path_base(f->ssh_public[i].path);

        add_copy(b, &f->ssh_public[i], arena_printf(b->a, ".ssh/%s", name),
                 arena_printf(b->a, "ssh-public-%s", name), NULL, "a public key of the user's");
    }
}

/* Lets init serve the ssh agent, in a directory in memory. A line that the engine carries
 * cannot pass the connection to the host's agent to init. */
static void add_ssh_agent(struct builder *b)
{
    const struct facts *f = b->f;
    struct plan_mount *m;

    if (f->ssh_agent.type != FACT_OTHER || f->engine.desktop ||
        b->p->kind == SANDBOX_LANDLOCK_ONLY || b->p->kind == SANDBOX_REMOTE_CONTAINER ||
        unshared_note(b, f->ssh_agent.physical, f->ssh_agent.path)) {
        return;
    }
    m = mounts_add(b, "", PLAN_AGENT_DIR, true,
                   "the ssh agent: it lists keys and signs, and does nothing else");
    m->kind = MOUNT_TMPFS;
    m->size = agent_dir_size;
    strv_add(&b->p->user.dirs, b->a, PLAN_AGENT_DIR);
    b->p->ssh_agent = f->ssh_agent.physical;
    env_fixed(b, "SSH_AUTH_SOCK", PLAN_AGENT_SOCKET);
}

/* Says why a commit that the user's settings sign with a key of ssh fails in the sandbox. */
static void note_signing(struct builder *b)
{
    const struct fact_signing *s = &b->f->signing;
    const char *text = NULL;

    if (!s->commits || !s->ssh) { /* gnupg_build() says the rest */
        return;
    }
    if (!b->o->ssh_keys && b->p->ssh_agent == NULL) {
        text = "git signs commits with an ssh key here, and the sandbox has no ssh agent: git "
               "commit fails inside. Start ssh-agent and run ssh-add, or use --ssh-keys";
    } else if (!b->o->ssh_keys && s->agent_lacks_key) {
        text = arena_printf(b->a,
                            "git signs commits with the ssh key %s, which the ssh agent does "
                            "not have: git commit fails inside. Run ssh-add, or use --ssh-keys",
                            s->key);
    }
    if (text != NULL) {
        missing_add(&b->p->missing, b->a, "git-signing", text);
    }
}

/* Says that git cannot reach a remote over ssh. Public keys are a sign of private ones beside
 * them. */
static void note_keys(struct builder *b)
{
    const struct facts *f = b->f;
    const bool has_agent = f->ssh_agent.type == FACT_OTHER;

    if (!f->ssh_remote || b->o->ssh_keys || b->p->ssh_agent != NULL ||
        (!has_agent && f->ssh_public_count == 0)) {
        return;
    }
    missing_add(&b->p->missing, b->a, "ssh-keys",
                arena_printf(b->a,
                             "git reaches a remote of this project over ssh, and the sandbox "
                             "has no %s: git push fails inside. %s--ssh-keys",
                             has_agent ? "ssh agent" : "key",
                             has_agent ? "To give it your keys: "
                                       : "Start ssh-agent and run ssh-add, or use "));
}

void git_ssh_build(struct builder *b)
{
    const struct fact_path *dir = &b->f->ssh_dir;

    add_git(b);
    if (!b->o->ssh_keys) {
        add_ssh_files(b);
    } else if (dir->type == FACT_DIR && !unshared_note(b, dir->physical, dir->path)) {
        mounts_add(b, dir->physical, path_join(b->a, b->p->user.home, ".ssh"), true,
                   "--ssh-keys")
            ->read_only = true;
    }
    add_brought(b);
    add_worktrees(b);
    add_ssh_agent(b);
    note_signing(b);
    note_keys(b);
}
