/* SPDX-License-Identifier: MIT */
/* A whole `cco --engine native shell` again and again, and each time another of its system
 * calls fails, in cco, in init or in what becomes the command. Then nothing has run, the status
 * is 125 and a message says why; or it made no difference, as the list here has it with the
 * reason: the command finds exactly the confinement that it has otherwise. Nothing is left
 * behind. */
#include "faults.h"
#include "harmless.h"
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
    STEP = 7,
    VARIANT_STEP = 50,
    SLOW_STEP = 5,
    ERRNUMS = 5
};

#ifdef __SANITIZE_ADDRESS__
static const bool is_slow = true;
#else
static const bool is_slow = false;
#endif

/* FULL must be a whole sandbox. USUAL may be one without namespaces where they are forbidden,
 * and says so; BARE is one; OLD is whole on a kernel from before Linux 5.12. */
enum variant { FULL, USUAL, BARE, OLD, VARIANTS };

/* What a run came to. */
struct run {
    int status;
    bool clean; /* nothing of it is left */
    char out[256], err[2048], confinement[1 << 15];
};

static struct run healthy[VARIANTS];
static struct run now;

/* What the command finds around it; paths that it can know are the same in every run. */
static const char script[] =
    "exec >confinement 2>&1; "
    "grep -E '^(Uid|Gid|Groups|Cap[A-Z][a-z]*|NoNewPrivs|Seccomp|Seccomp_filters):' "
    "/proc/self/status; "
    "[ \"$(readlink /proc/self/ns/pid)\" = \"$(sed -n s/^pid=//p ns)\" ] || sort /proc/mounts; "
    "ls -a / /home /root /dev /run; ls -l /proc/self/fd | wc -l; "
    "for d in / /usr /etc /proc/sys /home; do (echo x >$d/x); done; "
    "mkdir /dev/x; cat /etc/shadow; head -c 1 /proc/kcore; cat /proc/1/environ; "
    "for n in user mnt pid ipc uts cgroup net; do "
    "[ \"$(readlink /proc/self/ns/$n)\" = \"$(sed -n s/^$n=//p ns)\" ] && echo same $n; done; "
    "(: </dev/tty); kill -0 $(cat outside); echo end";

static void put_namespaces(void)
{
    static const char *const names[] = {"user", "mnt", "pid", "ipc", "uts", "cgroup", "net"};
    char text[1024] = "";

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[64];
        char link[64] = "";
        size_t len = strlen(text);

        (void)snprintf(path, sizeof(path), "/proc/self/ns/%s", names[i]);
        (void)!readlink(path, link, sizeof(link) - 1);
        (void)snprintf(text + len, sizeof(text) - len, "%s=%s\n", names[i], link);
    }
    put_file(in_tmp("project/ns"), text);
    (void)snprintf(text, sizeof(text), "%d\n", (int)getpid());
    put_file(in_tmp("project/outside"), text);
}

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

/* Whoever has lost its parent comes to us; none may stay. */
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

/* Sessions in cco's directory: none. */
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
    /* others mount things here meanwhile */
    now.clean = now.clean && strstr(get_file("/proc/self/mountinfo"), tmpdir) == NULL;
}

static bool is_told(void)
{
    size_t lines = 0;

    for (const char *p = now.err; *p != '\0'; p++) {
        lines += *p == '\n' ? 1 : 0;
    }
    return strncmp(now.err, "cco: ", 5) == 0 && lines > 0 && lines <= LINES_MAX;
}

/* By these the kernel, or what is around cco, says that something is not to be had. */
static bool says_no(void)
{
    return fault->errnum == EPERM || fault->errnum == EINVAL || fault->errnum == ENOSYS;
}

/* Two lists of confinements, without the lines that have `skip` in them, and without `word`. */
static bool same_but(const char *a, const char *b, const char *skip, const char *word)
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
            if (strstr(line, skip) == NULL) {
                to += strlen(strcpy(to, line));
            }
            p += p[len - 1] == '\0' ? len - 1 : len;
        }
        *to = '\0';
    }
    return strcmp(texts[0], texts[1]) == 0;
}

/* What is best effort, and is said to be not there: what cco then does instead. */
static bool is_second_best(enum variant v)
{
    const char *want = healthy[v].confinement;

    if (fault->who == FAULT_CCO &&
        says_no()) { /* owners that are away: the files in /etc are hidden */
        return same_but(now.confinement, want, " /etc/", ",idmapped");
    }
    if (fault->who == FAULT_COMMAND && strcmp(fault->what, "syscall 444 ") == 0 && v != BARE) {
        return says_no() && same_but(now.confinement, want, "/dev/x", ",idmapped");
    }
    return false;
}

/* Told, and as where no namespaces are to be had. */
static bool is_fallback(enum variant v)
{
    return v == USUAL && says_no() && strcmp(now.confinement, healthy[BARE].confinement) == 0 &&
           strstr(now.err, "no namespaces (") != NULL;
}

/* The command had been started, with its whole confinement, when its streams could not be
 * handed over. */
static bool is_late(enum variant v)
{
    return fault->who == FAULT_INIT && strcmp(fault->what, "sendmsg") == 0 &&
           strncmp(now.confinement, healthy[v].confinement, strlen(now.confinement)) == 0;
}

/* Owners that are away need the mount API. */
static bool is_unused(enum variant v)
{
    return (v == OLD || v == BARE) && fault->who == FAULT_CCO && says_no();
}

/* What is wrong with what came of it; NULL: nothing. */
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
        return is_told() ? NULL : "it is not told well";
    }
    if (now.status != 0) {
        return "another status";
    }
    if (is_fallback(v)) {
        return NULL;
    }
    if (strcmp(now.confinement, healthy[v].confinement) != 0) {
        return is_second_best(v) ? NULL : "another confinement";
    }
    return is_harmless() || is_unused(v) ? NULL : "the command ran, with its whole confinement";
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

/* One run; whether there was such a call. */
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

/* Whether it is tried in every test: steps are like one another, and variants differ little.
 * With sanitizers each run takes longer, and tells little more. */
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

/* With CCO_LONG all calls, and those that matter by each errno. */
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
    ok(wrong == 0 && tried > 0, "%s: calls of %s fail, %d of them, and nothing is weaker", name,
       by[by_whom], tried);
}

static bool begin(enum variant v, const char *name)
{
    run(v, FAULT_CCO, 0, 0);
    healthy[v] = now;
    if (now.status != 0 || strstr(now.confinement, "\nend\n") == NULL) {
        ok(false, "%s: without a fault: %d %s%s", name, now.status, now.err, now.confinement);
        return false;
    }
    ok(now.clean, "%s: without a fault nothing is left behind", name);
    run(v, FAULT_CCO, 0, 0);
    if (!ok(strcmp(now.confinement, healthy[v].confinement) == 0,
            "%s: confinements can be compared", name)) {
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
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0) { /* qemu has no such call */
        ok(true, "faults # SKIP nobody would tell of what is left behind");
        tmpdir_remove();
        return done_testing();
    }
    put_namespaces();
    run(FULL, FAULT_CCO, 0, 0);
    if (now.status == EXIT_CCO && strstr(now.err, "no namespaces (") != NULL) {
        ok(true, "faults # SKIP %.*s", (int)strcspn(now.err, "\n"), now.err);
    } else {
        all_variants();
    }
    tmpdir_remove();
    return done_testing();
}
