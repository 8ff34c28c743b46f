/* SPDX-License-Identifier: MIT */
/* Runs `cco --engine native shell` again and again, and lets another of its system calls fail
 * each time: in cco, in init or in the process that becomes the command. Then either the
 * command has not run, the status is 125 and a message says why; or the failure has no
 * consequence for a reason that harmless.h lists, and the command finds exactly its usual
 * confinement. In both cases nothing may be left behind. */
#include "faults.h"
#include "harmless.h"
#include "shown_confinement.h"
#include "tmpdir.h"
#include "unit/tap.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"

#include <sys/mman.h>

int cco_main(int argc, char **argv, char **env);

enum {
    EXIT_CCO = 125,
    EXIT_CANNOT_RUN = 126,
    ORPHAN_MS = 10000,
    LINES_MAX = 2,
    PATH_SIZE = 256,
    STEP = 7, /* of FAULT_STEP, every seventh call is tried */
    /* Every fiftieth call is tried in variants other than FULL, except for FAULT_KEY. */
    VARIANT_STEP = 50,
    SLOW_STEP = 5, /* with sanitizers, only every fifth call is tried */
    ERRNUMS = 5
};

#ifdef __SANITIZE_ADDRESS__
static const bool is_slow = true;
#else
static const bool is_slow = false;
#endif

/* The variants of the sandbox and of the machine. */
enum variant {
    FULL,  /* --require full: a sandbox with namespaces, or none */
    USUAL, /* a sandbox with namespaces, or, with a warning, without them if they are refused */
    BARE,  /* a sandbox without namespaces, because the machine refuses them */
    OLD,   /* a sandbox with namespaces on a kernel before Linux 5.12 */
    VARIANTS
};

/* The result of a run. */
struct run {
    int status;
    bool clean; /* no process, session or mount is left */
    char out[256], err[2048], confinement[1 << 15];
};

static struct run healthy[VARIANTS];
static struct run now;

static void become_cco(enum variant v)
{
    char home[PATH_SIZE];
    char runtime[PATH_SIZE];
    char text[sizeof(script)];
    char *env[] = {home, runtime, (char[]){"PATH=/usr/bin:/bin"}, (char[]){"LANG=C"}, NULL};
    char *full[] = {(char[]){"cco"},
                    (char[]){"--engine"},
                    (char[]){"native"},
                    (char[]){"--network"},
                    (char[]){"none"},
                    (char[]){"--require"},
                    (char[]){"full"},
                    (char[]){"shell"},
                    (char[]){"sh"},
                    (char[]){"-c"},
                    text,
                    NULL};
    char *usual[] = {full[0], full[1], full[2], full[7], full[8], full[9], text, NULL};
    int in = open("/dev/null", O_RDONLY);
    int out = open(in_tmp("out"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int err = open(in_tmp("err"), O_WRONLY | O_CREAT | O_TRUNC, 0600);

    memcpy(text, script, sizeof(script));
    (void)snprintf(home, sizeof(home), "HOME=%s", in_tmp("home"));
    (void)snprintf(runtime, sizeof(runtime), "XDG_RUNTIME_DIR=%s", in_tmp("run"));
    if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0 ||
        chdir(in_tmp("project")) < 0) {
        _exit(99);
    }
    (void)close(in);
    (void)close(out);
    (void)close(err);
    _exit(v == USUAL || v == BARE ? cco_main(7, usual, env) : cco_main(11, full, env));
}

static void read_into(const char *path, char *out, size_t size)
{
    const char *text = get_file(path);
    size_t len = strcmp(text, "(none)") == 0 ? 0 : strlen(text);

    len = len < size ? len : size - 1;
    memcpy(out, text, len);
    out[len] = '\0';
}

/* Returns true if no descendant is left. Orphans become children of this process, which is a
 * subreaper. */
static bool all_gone(void)
{
    const int64_t deadline = clock_ms() + ORPHAN_MS;

    for (;;) {
        pid_t pid = waitpid(-1, NULL, WNOHANG);

        if (pid < 0) {
            return true;
        }
        if (pid == 0) {
            if (clock_ms() > deadline) {
                return false;
            }
            (void)poll(NULL, 0, 1);
        }
    }
}

/* Returns true if cco's directory contains no session. */
static bool no_session(void)
{
    DIR *d = opendir(in_tmp("run/cco"));
    const struct dirent *entry;
    bool none = true;

    while (d != NULL && (entry = readdir(d)) != NULL) {
        struct stat st;
        char path[PATH_SIZE * 2];

        (void)snprintf(path, sizeof(path), "%s/%s", in_tmp("run/cco"), entry->d_name);
        none =
            none && (entry->d_name[0] == '.' || lstat(path, &st) < 0 || !S_ISDIR(st.st_mode));
    }
    if (d != NULL) {
        (void)closedir(d);
    }
    return none;
}

static void run(enum variant v, enum fault_who who, int at, int errnum)
{
    int status = 0;
    pid_t pid;

    *fault = (struct fault){.who = who, .at = at, .errnum = errnum};
    fault->no_namespaces = v == BARE;
    fault->no_mount_api = v == OLD;
    (void)unlink(in_tmp("project/confinement"));
    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        become_cco(v);
    }
    (void)waitpid(pid, &status, 0);
    now.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    now.clean = all_gone() && no_session();
    read_into(in_tmp("out"), now.out, sizeof(now.out));
    read_into(in_tmp("err"), now.err, sizeof(now.err));
    read_into(in_tmp("project/confinement"), now.confinement, sizeof(now.confinement));
    /* Only mounts of this test count, because other processes mount and unmount meanwhile. */
    now.clean = now.clean && strstr(get_file("/proc/self/mountinfo"), tmpdir) == NULL;
}

static bool is_reported_well(void)
{
    size_t lines = 0;

    for (const char *p = now.err; *p != '\0'; p++) {
        lines += *p == '\n' ? 1 : 0;
    }
    return strncmp(now.err, "cco: ", 5) == 0 && lines > 0 && lines <= LINES_MAX;
}

/* Returns true if the errno is one with which a kernel or a container refuses a feature. */
static bool says_no(void)
{
    return fault->errnum == EPERM || fault->errnum == EINVAL || fault->errnum == ENOSYS;
}

/* Returns true if the line of the script's output is about something in one of the directories
 * `dirs`, which are separated by blanks. */
static bool is_about(const char *line, const char *dirs)
{
    for (const char *d = dirs; *d != '\0'; d += strcspn(d, " ")) {
        char dir[64];

        d += strspn(d, " ");
        (void)snprintf(dir, sizeof(dir), "%.*s", (int)strcspn(d, " "), d);
        if (dir[0] != '\0' && strstr(line, dir) != NULL) {
            return true;
        }
    }
    return false;
}

/* Compares two outputs of the script, without the lines about `dirs`, and without `word`. */
static bool same_but(const char *a, const char *b, const char *dirs, const char *word)
{
    static char texts[2][sizeof(now.confinement)];
    const char *from[2] = {a, b};

    for (int i = 0; i < 2; i++) {
        char *to = texts[i];

        for (const char *p = from[i]; *p != '\0';) {
            size_t len = strcspn(p, "\n") + 1;
            char line[1024];
            char *at;

            (void)snprintf(line, sizeof(line), "%.*s", (int)len, p);
            at = strstr(line, word);
            if (at != NULL) {
                memmove(at, at + strlen(word), strlen(at + strlen(word)) + 1);
            }
            if (!is_about(line, dirs)) {
                to += strlen(strcpy(to, line));
            }
            p += p[len - 1] == '\0' ? len - 1 : len;
        }
        *to = '\0';
    }
    return strcmp(texts[0], texts[1]) == 0;
}

/* Returns true if the confinement is what cco makes if an optional feature is refused.
 */
static bool is_second_best(enum variant v)
{
    const char *want = healthy[v].confinement;

    /* Without id-mapped mounts, files of these directories are hidden instead. */
    if (fault->who == FAULT_CCO && says_no()) {
        return same_but(now.confinement, want, "/etc/ /opt/ /usr/local/", ",idmapped");
    }
    if (fault->who == FAULT_COMMAND && strcmp(fault->what, "syscall 444 ") == 0 && v != BARE) {
        return says_no() && same_but(now.confinement, want, "/dev/x", ",idmapped");
    }
    return false;
}

/* Returns true if the sandbox is the one without namespaces, and a warning says so. */
static bool is_fallback(enum variant v)
{
    return v == USUAL && says_no() && strcmp(now.confinement, healthy[BARE].confinement) == 0 &&
           strstr(now.err, "no namespaces (") != NULL;
}

/* Returns true if the command had started with its full confinement before init failed to pass
 * its streams. */
static bool is_late(enum variant v)
{
    return fault->who == FAULT_INIT && strcmp(fault->what, "sendmsg") == 0 &&
           strncmp(now.confinement, healthy[v].confinement, strlen(now.confinement)) == 0;
}

/* Returns true if the call belongs to id-mapped mounts, which this variant does not use. They
 * need namespaces and the mount API. */
static bool is_unused(enum variant v)
{
    return (v == OLD || v == BARE) && fault->who == FAULT_CCO && says_no();
}

/* Returns what is wrong with the result of the run, and NULL if nothing is. */
static const char *verdict(enum variant v)
{
    if (!now.clean) {
        return "something is left behind";
    }
    if (now.out[0] != '\0') {
        return "it wrote to standard output";
    }
    if (now.status == EXIT_CCO ||
        (now.status == EXIT_CANNOT_RUN && strncmp(fault->what, "chdir ", 6) == 0)) {
        if (now.confinement[0] != '\0' && !is_late(v)) {
            return "the command ran";
        }
        return is_reported_well() ? NULL : "the error message is not right";
    }
    if (now.status != 0) {
        return "the status is wrong";
    }
    if (is_fallback(v)) {
        return NULL;
    }
    if (strcmp(now.confinement, healthy[v].confinement) != 0) {
        return is_second_best(v) ? NULL : "the confinement is another one";
    }
    return is_harmless() || is_unused(v)
               ? NULL
               : "the command ran with its full confinement, but the call is not in the list";
}

static void show_difference(const char *want)
{
    FILE *f = fopen(in_tmp("want"), "we");
    char command[PATH_SIZE * 3];

    if (f != NULL && fputs(want, f) >= 0 && fclose(f) == 0) {
        (void)snprintf(command, sizeof(command),
                       "diff %s/want %s/project/confinement | head -5 | sed 's/^/# /'", tmpdir,
                       tmpdir);
        (void)!system(command);
    }
}

static const char *const by[] = {"cco", "init", "the command"};

/* Makes one run and checks it. Returns false if there was no such call. */
static bool one_call(enum variant v, enum fault_who by_whom, int at, int errnum,
                     unsigned *wrong)
{
    const char *bad;

    run(v, by_whom, at, errnum);
    if (!fault->met) {
        return false;
    }
    bad = verdict(v);
    if (bad != NULL) {
        (*wrong)++;
        (void)printf("# call %d of %s: %s: %s: %s, status %d: %s\n", at, by[by_whom],
                     fault->what, strerror(errnum), bad, now.status, now.err);
        if (now.status == 0) {
            show_difference(healthy[v].confinement);
        }
    }
    return true;
}

/* Returns true if the call is tried in every test run. Calls of FAULT_STEP are similar, and so
 * are the variants. With sanitizers, a run takes longer and finds little more. */
static bool is_chosen(enum variant v, int at, enum fault_kind kind)
{
    if (is_slow && at % SLOW_STEP != 0) {
        return false;
    }
    if (v == FULL) {
        return kind != FAULT_STEP || at % STEP == 0;
    }
    return kind == FAULT_KEY || at % VARIANT_STEP == 0;
}

/* Lets each chosen call fail. With CCO_LONG these are all calls, and calls of FAULT_KEY fail
 * with each errno. */
static void each_call(enum variant v, const char *name, enum fault_who by_whom)
{
    static const int errnums[] = {EPERM, EIO, ENOMEM, EINVAL, ENOSYS};
    static enum fault_kind kinds[FAULT_CALLS_MAX];
    const bool all = getenv("CCO_LONG") != NULL && !is_slow;
    unsigned wrong = 0;
    int tried = 0;
    bool met = true;

    run(v, FAULT_CCO, 0, 0);
    memcpy(kinds, fault->kinds[by_whom], sizeof(kinds));
    for (int at = 1; met; at++) {
        const enum fault_kind kind = at < FAULT_CALLS_MAX ? kinds[at] : FAULT_OTHER;
        const int count = all && kind == FAULT_KEY ? ERRNUMS : 1;

        if (!all && !is_chosen(v, at, kind)) {
            continue;
        }
        for (int i = 0; met && i < count; i++) {
            met = one_call(v, by_whom, at, errnums[tried % ERRNUMS], &wrong);
            tried += met ? 1 : 0;
        }
    }
    ok(wrong == 0 && tried > 0,
       "%s: after each failed call of %s (%d of them), the sandbox is not weaker", name,
       by[by_whom], tried);
}

static bool begin(enum variant v, const char *name)
{
    run(v, FAULT_CCO, 0, 0);
    healthy[v] = now;
    if (now.status != 0 || strstr(now.confinement, "\nend\n") == NULL) {
        ok(false, "%s: without a failure the command runs: %d %s%s", name, now.status, now.err,
           now.confinement);
        return false;
    }
    ok(now.clean, "%s: without a failure nothing is left behind", name);
    run(v, FAULT_CCO, 0, 0);
    if (!ok(strcmp(now.confinement, healthy[v].confinement) == 0,
            "%s: two runs have the same confinement", name)) {
        show_difference(healthy[v].confinement);
    }
    return true;
}

static void all_variants(void)
{
    static const struct {
        enum variant v;
        const char *name;
    } variants[] = {{BARE, "without namespaces"},
                    {FULL, "with namespaces"},
                    {USUAL, "with namespaces, or without"},
                    {OLD, "without the mount API"}};

    for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
        enum variant v = variants[i].v;

        if ((!is_slow || v == BARE || v == FULL) && begin(v, variants[i].name)) {
            each_call(v, variants[i].name, FAULT_CCO);
            each_call(v, variants[i].name, FAULT_INIT);
            each_call(v, variants[i].name, FAULT_COMMAND);
        }
    }
}

int main(void)
{
    tmpdir_make();
    (void)chmod(tmpdir, 0755);
    (void)mkdir(in_tmp("project"), 0755);
    (void)mkdir(in_tmp("home"), 0755);
    (void)mkdir(in_tmp("run"), 0700);
    fault =
        mmap(NULL, sizeof(*fault), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (fault == MAP_FAILED) {
        abort();
    }
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0) { /* qemu does not support it */
        ok(true, "failing calls # SKIP processes that are left behind would not be seen");
        tmpdir_remove();
        return done_testing();
    }
    put_namespaces();
    run(FULL, FAULT_CCO, 0, 0);
    if (now.status == EXIT_CCO && strstr(now.err, "no namespaces (") != NULL) {
        ok(true, "failing calls # SKIP %.*s", (int)strcspn(now.err, "\n"), now.err);
    } else {
        all_variants();
    }
    tmpdir_remove();
    return done_testing();
}
