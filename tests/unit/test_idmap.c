/* SPDX-License-Identifier: MIT */
/* Tests id-mapped mounts, as root: a sandbox with root's uid cannot read files that only root
 * may read. */
#include "native/idmap.h"

#include "child.h"
#include "native/ns.h"
#include "native/root.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>

static struct step steps[1];
static const struct layout l = {.steps = steps, .count = 1};
static struct tree ready[1];

/* Runs in the new root with every capability of its namespace. Returns 0 if exactly the right
 * files can be read. */
static int look(void)
{
    if (open_error("/sys/all", O_RDONLY) != 0 || open_error("/sys/all", O_WRONLY) == 0) {
        return 2;
    }
    if (open_error("/sys/secret", O_RDONLY) != EACCES ||
        open_error("/sys/secrets/key", O_RDONLY) != EACCES) {
        return 3;
    }
    return 0;
}

/* Runs look() in a sandbox with these trees, and returns its result; 50 if a tree is missing.
 * If `replaced`, the host replaces a file before that. */
static int in_sandbox(const struct tree *of, bool replaced)
{
    struct err e = {0};
    int go[2];
    char byte = 0;
    pid_t pid;

    if (pipe(go) < 0) {
        return 98;
    }
    pid = ns_fork(false, &e);

    if (pid == 0) {
        (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
        if (ns_map_self(0, 0, &e) < 0 || root_build(&l, of, false, &e) < 0) {
            _exit(strstr(e.text, "no id-mapped mount was opened") != NULL ? 50 : 1);
        }
        (void)close(go[1]);
        (void)read(go[0], &byte, 1);
        _exit(look());
    }
    (void)close(go[0]);
    if (replaced) {
        put_file(in_tmp("new"), "for root");
        (void)chmod(in_tmp("new"), 0600);
        (void)rename(in_tmp("new"), in_tmp("src/secret"));
    }
    (void)close(go[1]);
    return status_of(pid);
}

static void only_public_files_are_readable(int idmap)
{
    static char source[512];
    struct err e = {0};

    (void)snprintf(source, sizeof(source), "%s", in_tmp("src"));
    (void)mkdir(source, 0755);
    (void)mkdir(in_tmp("src/secrets"), 0750);
    put_file(in_tmp("src/all"), "for all");
    (void)chmod(in_tmp("src/all"), 0644);
    put_file(in_tmp("src/secret"), "for root");
    (void)chmod(in_tmp("src/secret"), 0640);
    put_file(in_tmp("src/secrets/key"), "for root");
    steps[0] = (struct step){.kind = STEP_TREE,
                             .path = "/sys",
                             .source = source,
                             .is_dir = true,
                             .flags = TREE_READ_ONLY | TREE_IDMAPPED};
    is_int(in_sandbox(NULL, false), 50,
           "a step with TREE_IDMAPPED fails without an id-mapped tree");
    is_int(root_open_idmapped(&l, idmap, ready, &e), 0, "the tree can be opened");
    is_int(in_sandbox(ready, false), 0, "only files that everybody may read can be read");
    root_close(&l, ready);
    is_int(root_open_idmapped(&l, idmap, ready, &e), 0, "the tree can be opened again");
    is_int(in_sandbox(ready, true), 0, "a file that the host made later cannot be read either");
    root_close(&l, ready);
    is_int(ready[0].fd, -1, "root_close() closes the trees");
    steps[0].source = "/nowhere/at/all";
    ok(root_open_idmapped(&l, idmap, ready, &e) < 0 && e.kind == ERR_NOT_FOUND &&
           ready[0].fd == -1,
       "a missing source is an error");
}

int main(void)
{
    struct err e = {0};
    int idmap = geteuid() == 0 ? idmap_open(&e) : -1;

    ok(idmap_works(-1, "/", &e) == 0, "no mount works without a user namespace");
    if (idmap >= 0) {
        tmpdir_make();
        (void)chmod(tmpdir, 0755);
    }
    if (idmap < 0 || idmap_works(idmap, tmpdir, &e) != 1) {
        ok(true, "id-mapped mounts # SKIP not root, or not supported here");
    } else {
        ok(idmap_works(idmap, "/nowhere/at/all", &e) == 0, "a missing path cannot be mounted");
        only_public_files_are_readable(idmap);
        (void)close(idmap);
    }
    if (tmpdir[0] != '\0') {
        tmpdir_remove();
    }
    return done_testing();
}
