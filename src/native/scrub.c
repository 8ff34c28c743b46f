/* SPDX-License-Identifier: MIT */
#include "native/scrub.h"

#include "base/file.h"
#include "base/num.h"
#include "base/secret.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

enum {
    STAT_MAX = 4096,
    /* The field after the process's name and its parenthesis is number 1 here, and 3 in
     * proc_pid_stat(5). */
    FIRST = 46,
    BOUNDS = 4 /* number of addresses */
};

/* Finds the addresses at which the arguments begin and end, and those of the environment. */
static int find(uint64_t bounds[BOUNDS], struct err *e)
{
    struct buf text;
    struct str rest;
    struct str field = {0};
    const char *end;
    int rc = -1;

    buf_init(&text, STAT_MAX);
    if (file_read("/proc/self/stat", &text, e) < 0) {
        goto out;
    }
    end = buf_c(&text) == NULL ? NULL : strrchr(buf_c(&text), ')');
    rest = str_trim(str_c(end == NULL ? "" : end + 1));
    for (int i = 1; i < FIRST; i++) {
        (void)str_cut(&rest, ' ', &field);
    }
    rc = 0;
    for (int i = 0; rc == 0 && i < BOUNDS; i++) {
        (void)str_cut(&rest, ' ', &field);
        rc = str_u64(field, 10, UINT64_MAX, &bounds[i]) ? 0 : -1;
    }
    if (rc < 0 || bounds[0] == 0 || bounds[1] < bounds[0] || bounds[2] < bounds[1] ||
        bounds[3] < bounds[2]) {
        rc = err_set(e, ERR_FORMAT,
                     "/proc/self/stat does not contain the addresses of the arguments");
    }
out:
    buf_release(&text);
    return rc;
}

int scrub(const char *name, struct err *e)
{
    uint64_t bounds[BOUNDS] = {0};
    char *args;
    size_t room;
    size_t most;

    if (find(bounds, e) < 0) {
        return err_wrap(e, "hide the arguments");
    }
    (void)clearenv();
    args = (char *)(uintptr_t)bounds[0];
    room = (size_t)(bounds[1] - bounds[0]);
    /* If the last byte of the arguments is not 0 and the environment follows them, the kernel
     * shows the text that goes on there as well. */
    most = bounds[2] == bounds[1] ? (size_t)(bounds[3] - bounds[0]) : room;
    secret_wipe((void *)(uintptr_t)bounds[2], (size_t)(bounds[3] - bounds[2]));
    secret_wipe(args, room);
    if (most > 0) {
        memcpy(args, name, strlen(name) < most - 1 ? strlen(name) : most - 1);
    }
    (void)prctl(PR_SET_NAME, name[0] == '/' ? name + 1 : name, 0, 0, 0);
    return 0;
}
