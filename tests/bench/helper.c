/* SPDX-License-Identifier: MIT */
/* The program that runs inside of the sandboxes:
 *
 *   helper echo               writes each byte of its raw terminal back until it reads 'q'
 *   helper out BYTES          writes that many bytes of text with 80 columns
 *   helper later BYTES        does that, and writes "END!", for each byte that is not 'q'
 *   helper now                prints the time at its start, in ns
 *   helper before COMMAND...  prints the time and executes the command
 *   helper took COMMAND...    runs the command, prints its duration and its CPU time, in ns */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(void)
{
    struct timespec t = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int tell(long long ns)
{
    return printf("%lld\n", ns) > 0 && fflush(stdout) == 0 ? 0 : 1;
}

static int before(char **command)
{
    if (tell(now_ns()) == 0) {
        (void)execvp(command[0], command);
    }
    return 127;
}

static long long ns_of(struct timeval t)
{
    return (long long)t.tv_sec * 1000000000 + (long long)t.tv_usec * 1000;
}

static int took(char **command)
{
    long long start = now_ns();
    pid_t pid = fork();
    struct rusage used = {0};
    int status = 0;

    if (pid == 0) {
        (void)execvp(command[0], command);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        return 1;
    }
    start = now_ns() - start;
    (void)getrusage(RUSAGE_CHILDREN, &used);
    return printf("%lld %lld\n", start, ns_of(used.ru_utime) + ns_of(used.ru_stime)) > 0 &&
                   fflush(stdout) == 0
               ? 0
               : 1;
}

static int echo_bytes(void)
{
    struct termios t;
    char c = 0;

    if (tcgetattr(0, &t) == 0) {
        t.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
        t.c_iflag &= ~(tcflag_t)ICRNL;
        (void)tcsetattr(0, TCSANOW, &t);
    }
    (void)!write(1, "R", 1);
    while (read(0, &c, 1) == 1 && c != 'q') {
        (void)!write(1, &c, 1);
    }
    return 0;
}

static int put_bytes(unsigned long long bytes)
{
    static char block[64 << 10];

    for (size_t i = 0; i < sizeof(block); i++) {
        block[i] = i % 80 == 79 ? '\n' : (char)('a' + i % 26);
    }
    while (bytes > 0) {
        size_t want = bytes < sizeof(block) ? (size_t)bytes : sizeof(block);
        ssize_t n = write(1, block, want);

        if (n <= 0) {
            return 1;
        }
        bytes -= (unsigned long long)n;
    }
    return 0;
}

static int put_later(unsigned long long bytes)
{
    char c = 0;

    (void)!write(1, "R", 1);
    while (read(0, &c, 1) == 1 && c != 'q') {
        if (c != '\n' && (put_bytes(bytes) != 0 || write(1, "END!", 4) != 4)) {
            return 1;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    long long first = now_ns();

    if (argc == 2 && strcmp(argv[1], "now") == 0) {
        return tell(first);
    }
    if (argc > 2 && strcmp(argv[1], "before") == 0) {
        return before(argv + 2);
    }
    if (argc > 2 && strcmp(argv[1], "took") == 0) {
        return took(argv + 2);
    }
    if (argc == 3 && strcmp(argv[1], "later") == 0) {
        return put_later(strtoull(argv[2], NULL, 10));
    }
    if (argc == 2 && strcmp(argv[1], "echo") == 0) {
        return echo_bytes();
    }
    return argc == 3 ? put_bytes(strtoull(argv[2], NULL, 10)) : 2;
}
