/* SPDX-License-Identifier: MIT */
#include "init/init.h"

#include "base/arena.h"
#include "base/exit_status.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/num.h"
#include "base/pty.h"
#include "base/sig.h"
#include "init/adopt_listener.h"
#include "init/agent_filter.h"
#include "init/drop.h"
#include "init/job.h"
#include "init/line.h"
#include "init/mount_identity.h"
#include "init/serve.h"
#include "init/setup.h"
#include "wire/boot.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

struct init {
    struct arena arena;
    struct boot boot;
    struct sig sig;
    struct line line;
    struct job job;
    struct adopt_listener adopt;
    struct agent_filter agent;
};

/* Reads exactly `len` bytes from standard input, because the bytes behind them belong to the
 * line. */
static int read_exactly(struct buf *out, size_t len, struct err *e)
{
    while (len > 0) {
        char *p = buf_reserve(out, len); /* fits: the callers choose the limit of `out` */
        ssize_t got = fd_read(STDIN_FILENO, p, len);

        if (got <= 0) {
            return got < 0 ? err_sys(e, "standard input")
                           : err_set(e, ERR_EOF,
                                     "cco closed standard input before it had sent all of the "
                                     "boot file");
        }
        buf_commit(out, (size_t)got);
        len -= (size_t)got;
    }
    return 0;
}

/* Reads the boot file from standard input, where its length comes first (wire/boot.h). */
static int read_stream(struct buf *text, struct err *e)
{
    size_t len;

    if (read_exactly(text, BOOT_STREAM_HEAD, e) < 0) {
        return -1;
    }
    len = be32_get(buf_data(text));
    buf_drop(text, text->len);
    if (len > LIMIT_BOOT_STREAM) {
        return err_set(e, ERR_LIMIT, "the boot file is past the limit of %d bytes",
                       LIMIT_BOOT_STREAM);
    }
    /* Reserved at once, because a buffer that grows leaves copies of secrets in memory. */
    (void)buf_reserve(text, len);
    return read_exactly(text, len, e);
}

/* Reads and decodes the boot file. */
static int read_boot(struct init *in, const char *path, struct err *e)
{
    bool stream = strcmp(path, BOOT_STREAM) == 0;
    struct buf text;
    int rc;

    buf_init(&text, stream ? LIMIT_BOOT_STREAM + BOOT_STREAM_HEAD : LIMIT_BOOT);
    rc = stream ? read_stream(&text, e) : file_read(path, &text, e);
    if (rc == 0) {
        rc = boot_decode(buf_str(&text), &in->arena, &in->boot, e);
    }
    buf_wipe(&text);
    return rc;
}

/* Sets this process's PATH to the command's, because execvpe(3) searches in this process's
 * PATH. */
static void take_path(const struct boot *b)
{
    for (size_t i = 0; i < b->env.count; i++) {
        if (strncmp(b->env.v[i], "PATH=", 5) == 0) {
            (void)setenv("PATH", b->env.v[i] + 5, 1);
        }
    }
}

/* Passes the command's descriptors to cco if the line can do that, so that its bytes do not go
 * through init. In either case cco learns that the command runs. */
static int pass_streams(struct init *in, struct err *e)
{
    struct job *j = &in->job;
    const int pipes[3] = {j->in, j->out, j->err};

    if (j->ended) {
        return 0;
    }
    if (!in->line.can_pass) {
        (void)frame_add(&in->line.tx, FRAME_STARTED, str_n(NULL, 0)); /* fits: tx is empty */
        return 0;
    }
    if (in->boot.tty) {
        return line_pass(&in->line, 't', &j->terminal, 1, e);
    }
    if (line_pass(&in->line, 'p', pipes, 3, e) < 0) {
        return -1;
    }
    fd_close(&j->in);
    fd_close(&j->out);
    fd_close(&j->err);
    return 0;
}

/* Does everything up to the start of the command. Opens the line first, because errors are
 * reported on it. */
static int prepare(struct init *in, struct err *e)
{
    int agent = -1;

    if (line_open(&in->line, &in->boot, e) < 0 || mount_identity_check(&in->boot, e) < 0 ||
        setup_user(&in->boot, e) < 0) {
        return -1;
    }
    agent = in->line.agent;
    in->line.agent = -1;
    if (agent_filter_open(&in->agent, &in->boot, agent, e) < 0 || job_open(&in->job, e) < 0) {
        return -1;
    }
    if (in->job.terminal >= 0 && (in->line.rows > 0 || in->line.cols > 0)) {
        pty_set_size(in->job.terminal, in->line.rows, in->line.cols);
    }
    take_path(&in->boot);
    job_start(&in->job, &in->arena, &in->sig);
    return pass_streams(in, e);
}

/* Starts and serves the command. Reports an error on the line, or prints it if there is no
 * line. */
static int run(struct init *in)
{
    struct job *j = &in->job;

    if (prepare(in, &j->why) < 0) {
        j->ended = true;
        j->exit = (struct frame_exit){EXIT_CCO, FRAME_NOT_STARTED, 0, str_c(j->why.text)};
        if (in->line.in < 0) {
            log_error("init: %s", j->why.text);
            return EXIT_CCO;
        }
    }
    return serve(j, &in->line, &in->adopt, &in->agent, &in->sig);
}

/* Runs init, from reading the boot file to the exit status. */
static int live(struct init *in, const char *boot)
{
    struct err e = {0};
    int status = EXIT_CCO;

    /* No process of the sandbox may trace init or read its memory, which contains the values of
     * all variables. */
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    line_init(&in->line);
    agent_filter_init(&in->agent);
    job_init(&in->job, &in->boot);
    if (sig_open(&in->sig, &e) < 0 || read_boot(in, boot, &e) < 0) {
        log_error("init: %s", e.text);
        return EXIT_CCO;
    }
    status = run(in);
    adopt_listener_close(&in->adopt);
    agent_filter_close(&in->agent);
    line_close(&in->line);
    job_close(&in->job);
    sig_close(&in->sig);
    arena_release(&in->arena);
    return status;
}

int init_main(int argc, char **argv)
{
    struct init in = {.sig = {.fd = -1}};

    if (argc != 2) {
        log_error("init: usage: init BOOTFILE");
        return EXIT_CCO;
    }
    adopt_listener_init(&in.adopt, ADOPT_LISTENER_DIR);
    return live(&in, argv[1]);
}

int init_run(const char *boot, int listener)
{
    struct init in = {.sig = {.fd = -1}};

    adopt_listener_given(&in.adopt, listener);
    return live(&in, boot);
}

int init_line_main(void)
{
    struct err e = {0};

    if (drop_all_but(0, &e) < 0) {
        log_error("line: %s", e.text);
        return EXIT_CCO;
    }
    return adopt_listener_main(ADOPT_LISTENER_DIR, 1);
}
